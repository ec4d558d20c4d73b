import { expect, test } from 'vitest'
import { createPhaseLog, PhaseLog } from '../../harness/measure/phase-log.ts'
import { createPhaseMemory } from '../../harness/shared-memory/phase-layout.ts'
import { PhaseStamps } from '../../harness/shared-memory/phase-stamps.ts'
import { createRequestSlab } from '../../harness/shared-memory/request-slab-layout.ts'
import { ManualClock } from '../base/manual-clock.ts'

test('a log keeps what fits, latency first, and counts the rest', () => {
  const clock = new ManualClock()
  const stamps = new PhaseStamps(createPhaseMemory(1, 0, 0), createRequestSlab(1, 16, 16), clock)
  // Of two requests, the second.
  const dueNs = Float64Array.of(-1, 0)
  const memory = createPhaseLog(5, 2)
  const log = new PhaseLog(memory)
  for (let request = 1; request <= 3; request++) {
    clock.advance(1)
    clock.read()
    stamps.begin(0, dueNs, 1)
    const replied = Float64Array.of(10 * request)
    stamps.end(0, replied)
    log.add(stamps, 0, dueNs, 1, replied)
  }
  expect([...memory.counts]).toEqual([2, 1])
  expect([...memory.records]).toEqual([10, 1, 0, 0, 0, 9, 20, 2, 0, 0, 0, 18])
})
