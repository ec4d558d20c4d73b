import { expect, test } from 'vitest'
import { parseArms } from '../../harness/asked/arms.ts'
import { partNames } from '../../harness/trial/attribution.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { sampledIn, sampledServices, servicesAddUp } from '../architectures/sampled-parts.ts'
import { TIMED_SERVICES, timedStages } from './timed-stages.ts'
import { createPool } from '../architectures/staged/pool-bench.ts'

const GAPS = 200
const TURN_NS = 50
const STAGES = ['decode', 'route', 'apply', 'note', 'encode']
const PARTS = partNames(parseArms('staged,sharded')[0], STAGES)

function playedPool(
  options: string,
  play: (pool: ReturnType<typeof createPool>) => void = () => {},
) {
  let clock = new ManualClock()
  const pool = createPool({
    options,
    stages: timedStages(() => clock),
    bench: { permits: 16, waits: STAGES.length },
  })
  clock = pool.bench.clock
  pool.bench.startSteady(GAPS)
  play(pool)
  expect(pool.finish(GAPS)).toBe(true)
  return pool
}

test.each([
  ':inline=off',
  ':inline=off:batch=1',
  ':inline=on',
  ':layout=fused',
  ':layout=fused:inline=off',
])('each stage has its own share of a request’s service in staged%s', (options) => {
  const { bench } = playedPool(options)
  const services = sampledServices(bench, PARTS.length, STAGES.length)
  expect(services.length).toBeGreaterThan(0)
  for (const ofStages of services)
    for (const [stage, ns] of TIMED_SERVICES.entries()) expect(ofStages[stage]).toBeCloseTo(ns, 2)
  expect(servicesAddUp(bench, PARTS, STAGES.length)).toBe(true)
})

/** Longest waits by queue, where time passes between two threads' turns. */
function longestWaits(options: string): { readonly waits: number[]; readonly taken: number[] } {
  const pool = playedPool(options, (played) => {
    for (let round = 0; round < GAPS; round++) {
      for (const port of played.bench.ports.keys()) played.turnNetwork(port)
      for (const { thread } of played.pool) {
        played.bench.clock.advance(TURN_NS)
        if (thread.hasWork()) played.turnPool(thread)
      }
    }
  })
  return {
    waits: STAGES.map((stage) => Math.max(...sampledIn(pool.bench, PARTS, `queue wait: ${stage}`))),
    taken: pool.queues.map((queue) => queue.taken()),
  }
}

test('requests that a thread brings along wait in the first queue only', () => {
  const { waits, taken } = longestWaits(':layout=fused')
  expect(waits[0]).toBeGreaterThanOrEqual(TURN_NS)
  expect([waits.slice(1), taken]).toEqual([
    [0, 0, 0, 0],
    [GAPS, 0, 0, 0, 0],
  ])
})

test('where they do not, they wait in every queue', () => {
  const { waits, taken } = longestWaits(':inline=off')
  for (const ns of waits) expect(ns).toBeGreaterThanOrEqual(TURN_NS)
  expect(taken).toEqual(STAGES.map(() => GAPS))
})

test('what a stage waited for a lock is not taken off the service of those that its thread runs after it', () => {
  const LOCK_WAIT_NS = 700
  let clock = new ManualClock()
  const timed = timedStages(() => clock)
  const locked = { name: 'locked', wait: { micros: 1, blocking: true }, run: () => {} } as const
  const pool = createPool({
    options: ':layout=fused:batch=1',
    stages: [...timed.slice(0, 2), locked, ...timed.slice(2)],
    contextOf: ({ locks }) => ({
      blockingWait: {
        wait: () => {
          locks.beginWait(clock)
          clock.advance(LOCK_WAIT_NS)
          locks.endWait(clock)
        },
        sleep: () => {},
      },
    }),
    bench: { permits: 16, waits: STAGES.length + 1 },
  })
  clock = pool.bench.clock
  pool.bench.startSteady(GAPS)
  expect(pool.finish(GAPS)).toBe(true)
  const names = [...STAGES.slice(0, 2), 'locked', ...STAGES.slice(2)]
  const parts = partNames(parseArms('staged,sharded')[0], names)
  const lockWaits = sampledIn(pool.bench, parts, 'lock wait')
  expect(lockWaits.length).toBeGreaterThan(0)
  expect(new Set(lockWaits)).toEqual(new Set([LOCK_WAIT_NS]))
  const wanted = [...TIMED_SERVICES.slice(0, 2), 0, ...TIMED_SERVICES.slice(2)]
  for (const services of sampledServices(pool.bench, parts.length, names.length))
    expect(services).toEqual(wanted)
  // Brought along behind the lock: one thread's stamps of several stages.
  expect(pool.queues.at(-1)!.taken()).toBe(0)
})
