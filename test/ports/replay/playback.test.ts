import { expect, test } from 'vitest'
import { WINDOW_NS } from '../../../harness/measure/recorder-layout.ts'
import { PHASE_STEADY_STATE } from '../../../harness/ports/replay/control.ts'
import { Playback } from '../../../harness/ports/replay/playback.ts'
import { createBench } from './bench.ts'

test('a start sets schedule, windows and end together', () => {
  const { memories, records } = createBench()
  const memory = memories[0]!.playbacks[PHASE_STEADY_STATE]
  const playback = new Playback(memory, records, 0, 1)
  playback.start(WINDOW_NS, 5 * WINDOW_NS, 1_000)
  expect([playback.schedule.nextDueNs, playback.endNs]).toEqual([WINDOW_NS, 5 * WINDOW_NS])
  const dueNs = Float64Array.of(2.5 * WINDOW_NS)
  playback.recorder.record(dueNs, Int32Array.of(0), 0, 1, Float64Array.of(2.5 * WINDOW_NS + 7))
  expect([...memory.recorder.maxima]).toEqual([0, 7])
})
