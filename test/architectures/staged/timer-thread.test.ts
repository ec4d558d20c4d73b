import { afterEach, expect, test, vi } from 'vitest'
import { parseArms } from '../../../harness/asked/arms.ts'
import { DRAWN, type Stage } from '../../../harness/contract/stage.ts'
import { acknowledge } from '../../../harness/index.ts'
import { partNames } from '../../../harness/trial/attribution.ts'
import { ManualClock } from '../../base/manual-clock.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { COUNTER_STAGES } from '../counter-stages.ts'
import { sampledIn } from '../sampled-parts.ts'
import { createPool, type PoolSettings } from './pool-bench.ts'

const GAPS = 200
const PERMITS = 16

afterEach(() => vi.restoreAllMocks())

/** A counter with a stage that waits, for which threads set timers. */
function timedPool(options: string, settings: Partial<PoolSettings> = {}) {
  const [decode, route, apply, encode] = COUNTER_STAGES
  const slept: number[] = []
  const pool = createPool({
    options: `:waits=async${options}`,
    stages: [
      decode!,
      route!,
      { name: 'device', wait: { micros: 9 }, run: () => {} },
      apply!,
      encode!,
    ],
    context: { blockingWait: { wait: () => {}, sleep: (ns) => void slept.push(ns) } },
    bench: { permits: PERMITS, waits: 5 },
    ...settings,
  })
  pool.bench.startSteady(GAPS)
  return { pool, slept }
}

test.each(['', ':layout=fused', ':layout=fused:inline=off', ':inline=on', ':batch=0'])(
  'threads that set timers sleep for nothing, and answer every request right: staged:waits=async%s',
  (options) => {
    const { pool, slept } = timedPool(options)
    expect(pool.finish(GAPS)).toBe(true)
    expect(pool.verdict()).toBeUndefined()
    expect(slept).toEqual([])
    const arm = parseArms(`staged:waits=async${options},sharded`)[0]
    const parts = partNames(arm, ['a', 'b', 'c', 'd', 'e'])
    const waits = sampledIn(pool.bench, parts, 'declared wait')
    expect(waits.length).toBeGreaterThan(0)
    // Nothing is late by more than a step of the test’s clock.
    for (const ns of waits) {
      expect(ns).toBeGreaterThanOrEqual(9_000)
      expect(ns).toBeLessThan(9_000 + 2 * GAP_NS)
    }
  },
)

test('a stage whose requests wait for timers has as many threads as others, and takes as large batches', () => {
  const { pool } = timedPool(':inline=off:blockingThreads=7')
  expect([0, 1, 2, 3, 4].map((stage) => pool.threadsOf(stage).length)).toEqual([2, 2, 2, 2, 2])
  const turn = (stage: number) => pool.turnPool(pool.threadsOf(stage)[0]!.thread)
  pool.bench.clock.advance(GAPS * GAP_NS)
  pool.turnNetwork(0)
  for (const stage of [0, 1, 2]) turn(stage)
  // All wait, and are nobody’s.
  expect(pool.lengths()).toEqual([0, 0, 0, 0, 0])
  expect(pool.timer!.serveOnce()).toBe(true)
  expect(pool.timer!.serveOnce()).toBe(false)
  pool.bench.clock.advance(9_000 - 1)
  expect(pool.timer!.serveOnce()).toBe(false)
  pool.bench.clock.advance(1)
  expect(pool.timer!.serveOnce()).toBe(true)
  expect(pool.lengths()).toEqual([0, 0, 0, 0, 0])
  expect(pool.returned(2)).toBe(PERMITS)
  // Behind their wait they do not wait again.
  turn(2)
  expect(pool.lengths()).toEqual([0, 0, 0, PERMITS, 0])
})

test('requests whose wait is over need no room, and are served as many at once as the next queue takes', () => {
  const capacity = 2
  const { pool } = timedPool(`:inline=off:queueCapacity=${capacity}:threads=1`)
  const park = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
  const turn = (stage: number) => pool.turnPool(pool.threadsOf(stage)[0]!.thread)
  pool.bench.clock.advance(GAPS * GAP_NS)
  for (let turns = 0; turns < PERMITS / capacity; turns++) {
    pool.turnNetwork(0)
    for (const stage of [0, 1, 2]) turn(stage)
  }
  pool.turnNetwork(0)
  turn(0)
  turn(1)
  expect(pool.lengths()).toEqual([0, 0, 0, 0, 0])
  pool.timer!.serveOnce()
  pool.bench.clock.advance(9_000)
  expect(pool.timer!.serveOnce()).toBe(true)
  expect(pool.returned(2)).toBe(PERMITS)
  turn(2)
  expect([pool.returned(2), pool.lengths()[3]]).toEqual([PERMITS - capacity, capacity])
  turn(3)
  turn(2)
  expect([pool.returned(2), pool.lengths()[3]]).toEqual([PERMITS - 2 * capacity, capacity])
  expect(park).not.toHaveBeenCalled()
})

test('the thread that keeps waits sleeps until the first is over, and goes on then whatever has come', () => {
  const { pool } = timedPool(':inline=off')
  const timer = pool.timer!
  const begin = () => {
    pool.turnNetwork(0)
    for (const stage of [0, 1, 2]) pool.turnPool(pool.threadsOf(stage)[0]!.thread)
  }
  pool.bench.clock.advance(4 * GAP_NS)
  begin()
  pool.bench.clock.advance(1_000)
  const sleeps: number[] = []
  vi.spyOn(Atomics, 'wait').mockImplementation(((
    _: Int32Array,
    __: number,
    ___: number,
    ms: number,
  ) => {
    sleeps.push(ms)
    pool.bench.clock.advance(8_000)
    // More waits begin meanwhile.
    if (sleeps.length === 1) begin()
    return 'timed-out'
  }) as typeof Atomics.wait)
  // Takes waits in, sleeps, sends them on.
  pool.turnPool(timer, 2)
  expect(sleeps).toEqual([0.008])
  expect(timer.hasWork()).toBe(true)
  expect(timer.serveOnce()).toBe(true)
  expect(pool.returned(2)).toBeGreaterThan(0)
})

test('requests that need not wait go on at once', () => {
  const drawn = Array.from({ length: 2 }, (_, index) => index * 9)
  const { pool } = timedPool(':inline=off', {
    stages: [
      { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
      { name: 'device', wait: { micros: DRAWN }, run: acknowledge },
      { name: 'encode', codec: 'encode' },
    ],
    bench: {
      permits: PERMITS,
      waits: 3,
      serviceTimes: {
        kind: 'mixture',
        parts: drawn.map((micros) => ({ weight: 1, micros })),
      },
    },
  })
  pool.bench.clock.advance(GAPS * GAP_NS)
  pool.turnNetwork(0)
  const turn = (stage: number) => pool.turnPool(pool.threadsOf(stage)[0]!.thread, 20)
  turn(0)
  turn(1)
  const through = pool.lengths()[2]!
  expect(through).toBeGreaterThan(0)
  expect(through).toBeLessThan(PERMITS)
  pool.timer!.serveOnce()
  pool.bench.clock.advance(9_000)
  pool.timer!.serveOnce()
  expect([...pool.lengths(), pool.returned(1)]).toEqual([0, 0, through, PERMITS - through])
})

test('what was done for requests before they wait is service, not declared wait', () => {
  let clock = new ManualClock()
  const [decode, , apply, encode] = COUNTER_STAGES
  const route: Stage = {
    name: 'route',
    run: (request) => {
      request.hashKey()
      clock.advance(GAP_NS)
    },
  }
  const device: Stage = { name: 'device', wait: { micros: 9 }, run: () => {} }
  const { pool } = timedPool(':layout=fused', { stages: [decode!, route, device, apply!, encode!] })
  clock = pool.bench.clock
  expect(pool.finish(GAPS)).toBe(true)
  const parts = partNames(parseArms('staged,sharded')[0], ['a', 'b', 'c', 'd', 'e'])
  const of = (part: string) => sampledIn(pool.bench, parts, part)
  expect(of('service').length).toBeGreaterThan(0)
  // Its own step; and of those in its batch.
  for (const ns of of('service')) expect(ns).toBeCloseTo(GAP_NS)
  expect(Math.max(...of('batch wait'))).toBeGreaterThan(GAP_NS)
})
