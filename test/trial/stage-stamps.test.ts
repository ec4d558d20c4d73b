import { expect, test } from 'vitest'
import { partNames } from '../../harness/trial/attribution.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { COUNTER_STAGES } from '../architectures/counter-stages.ts'
import { sampledIn } from '../architectures/sampled-parts.ts'
import { createPool } from '../architectures/staged/pool-bench.ts'

const GAPS = 200
const PERMITS = 16

test('what threads slept in their stages is declared wait, not service', () => {
  const stages = 5
  let clock = new ManualClock()
  const [decode, route, apply, encode] = COUNTER_STAGES
  const pool = createPool({
    stages: [
      decode!,
      route!,
      { name: 'device', wait: { micros: 9 }, run: () => {} },
      apply!,
      encode!,
    ],
    contextOf: (counters) => ({
      blockingWait: {
        wait: () => {},
        sleep: (ns) => {
          const beganNs = clock.nowNs()
          clock.advance(ns)
          clock.read()
          counters.waits.blocked(ns, beganNs, clock)
        },
      },
    }),
    bench: { permits: PERMITS, waits: stages },
  })
  clock = pool.bench.clock
  pool.bench.startSteady(GAPS)
  expect(pool.finish(GAPS)).toBe(true)
  const parts = partNames(parseArms('staged,sharded')[0], ['a', 'b', 'c', 'd', 'e'])
  const { bench } = pool
  const samples = sampledIn(bench, parts, 'ingress wait').length
  expect(samples).toBeGreaterThan(0)
  expect(sampledIn(bench, parts, 'declared wait')).toEqual(Array(samples).fill(9_000))
  expect(sampledIn(bench, parts, 'service')).toEqual(Array(samples).fill(0))
})

test('what threads waited for locks in their stages is lock wait, not service, and each batch has its own', () => {
  const LOCK_WAIT_NS = 700
  const WORK_NS = 300
  let calls = 0
  let clock = new ManualClock()
  const [decode, route, apply, encode] = COUNTER_STAGES
  const pool = createPool({
    options: ':batch=1:inline=off:threads=1',
    stages: [
      decode!,
      route!,
      { name: 'locked', wait: { micros: 1, blocking: true }, run: () => {} },
      apply!,
      encode!,
    ],
    // In place of a wait: every other time the thread meets a lock that is taken, else it works.
    contextOf: ({ locks }) => ({
      blockingWait: {
        wait: () => {
          if (calls++ % 2 === 0) return clock.advance(WORK_NS)
          locks.beginWait(clock)
          clock.advance(LOCK_WAIT_NS)
          locks.endWait(clock)
        },
        sleep: () => {},
      },
    }),
    bench: { permits: PERMITS, waits: 5 },
  })
  clock = pool.bench.clock
  pool.bench.startSteady(GAPS)
  expect(pool.finish(GAPS)).toBe(true)
  const parts = partNames(parseArms('staged,sharded')[0], ['a', 'b', 'c', 'd', 'e'])
  const lockWaits = sampledIn(pool.bench, parts, 'lock wait')
  const services = sampledIn(pool.bench, parts, 'service')
  const each = lockWaits.map((lockWaitNs, request) => `${lockWaitNs} + ${services[request]}`)
  expect(new Set(each)).toEqual(new Set([`${LOCK_WAIT_NS} + 0`, `0 + ${WORK_NS}`]))
})
