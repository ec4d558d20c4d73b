import { expect, test, vi } from 'vitest'
import {
  poolConditionAt,
  StageSettings,
} from '../../../harness/architectures/staged/staged-memory.ts'
import { ISOLATION_WORDS } from '../../../harness/base/units.ts'
import type { Stage } from '../../../harness/contract/stage.ts'
import {
  QUEUE_NOT_EMPTY_WORD,
  QUEUE_NOT_FULL_WORD,
} from '../../../harness/shared-memory/bounded-queue.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { COUNTER_STAGES } from '../counter-stages.ts'
import { createPool, type PoolSettings } from './pool-bench.ts'

const GAPS = 200
const PERMITS = 16
const ALL = 2 * PERMITS
// Words of the drawing in condition.ts.
const SEQUENCE = 0
const SLEEPERS = ISOLATION_WORDS

/** A pool whose first queue holds the requests of both ports. */
function filled(settings: Partial<PoolSettings>) {
  const pool = createPool({ bench: { permits: PERMITS }, ...settings })
  pool.bench.startSteady(GAPS)
  pool.bench.clock.advance(GAPS * GAP_NS)
  pool.turnNetwork(0)
  pool.turnNetwork(1)
  return pool
}

type Pool = ReturnType<typeof filled>

/** As if a thread slept on a condition: tells how often it would have been woken since. */
function sleeperAt(buffer: SharedArrayBuffer, at: number): () => number {
  const words = new Int32Array(buffer)
  words[at + SLEEPERS] = 1
  const before = words[at + SEQUENCE]!
  return () => words[at + SEQUENCE]! - before
}

const poolSleeper = ({ deployment: { memory } }: Pool) =>
  sleeperAt(memory.buffer, poolConditionAt(memory))

/** The counter’s stages, one of which calls back for each request. */
function watchedStages(name: string, look: () => void): readonly Stage[] {
  return COUNTER_STAGES.map((stage) => {
    if (stage.name !== name) return stage
    if (!('run' in stage)) return { ...stage, run: look }
    return {
      ...stage,
      run: (...call) => {
        look()
        stage.run(...call)
      },
    }
  })
}

test('who takes from one of several queues wakes another thread for what is in the others, before it goes to work', () => {
  let look = (): void => {}
  const pool = filled({
    options: ':layout=fused:inline=off:batch=16',
    stages: watchedStages('route', () => look()),
  })
  const { thread } = pool.pool[0]!
  pool.turnPool(thread)
  expect(pool.lengths()).toEqual([16, 16, 0, 0])
  const woken = poolSleeper(pool)
  const wokenAtWork: number[] = []
  look = () => wokenAtWork.push(woken())
  pool.turnPool(thread)
  // It took all of the second queue, and nobody else knows of the first.
  expect(pool.lengths()).toEqual([16, 0, 16, 0])
  expect(wokenAtWork).toHaveLength(16)
  expect(wokenAtWork[0]).toBe(1)
})

test('who takes requests that have waited wakes another thread for those that have not', () => {
  const [decode, ...rest] = COUNTER_STAGES
  const pool = createPool({
    options: ':waits=async:inline=off',
    bench: { permits: PERMITS, waits: 5 },
    stages: [decode!, { name: 'device', wait: { micros: 9 }, run: () => {} }, ...rest],
  })
  pool.bench.startSteady(GAPS)
  pool.bench.clock.advance(GAPS * GAP_NS)
  const turn = (stage: number) => pool.turnPool(pool.threadsOf(stage)[0]!.thread)
  pool.turnNetwork(0)
  turn(0)
  turn(1)
  pool.timer!.serveOnce()
  pool.bench.clock.advance(9_000)
  const { buffer } = pool.deployment.memory.queues[1]!
  const wokenByTimer = sleeperAt(buffer, QUEUE_NOT_EMPTY_WORD)
  pool.timer!.serveOnce()
  expect(wokenByTimer()).toBe(1)
  pool.turnNetwork(1)
  turn(0)
  const woken = sleeperAt(buffer, QUEUE_NOT_EMPTY_WORD)
  turn(1)
  expect([pool.returned(1), pool.lengths()[1]]).toEqual([0, PERMITS])
  expect(woken()).toBe(1)
})

test('a thread that is put aside passes a wake-up on, and sleeps apart', () => {
  const pool = filled({ options: ':inline=off' })
  new StageSettings(pool.deployment.memory).setActiveThreads(0, 1)
  const woken = sleeperAt(pool.deployment.memory.queues[0]!.buffer, QUEUE_NOT_EMPTY_WORD)
  const sleep = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
  const [, second] = pool.threadsOf(0)
  pool.turnPool(second!.thread)
  expect(woken()).toBe(1)
  expect(sleep).toHaveBeenCalledOnce()
  expect(pool.lengths()[0]).toBe(ALL)
  sleep.mockRestore()
})

test('a thread that is put aside without work wakes nobody', () => {
  const pool = createPool({ bench: { permits: PERMITS } })
  new StageSettings(pool.deployment.memory).setActiveThreads(0, 1)
  const woken = sleeperAt(pool.deployment.memory.queues[0]!.buffer, QUEUE_NOT_EMPTY_WORD)
  const sleep = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
  pool.turnPool(pool.threadsOf(0)[1]!.thread)
  expect([woken(), sleep.mock.calls.length]).toEqual([0, 1])
  sleep.mockRestore()
})

test('a thread that is called up again does not sleep over it', () => {
  const { deployment } = createPool()
  const settings = new StageSettings(deployment.memory)
  settings.setActiveThreads(0, 1)
  const calls = settings.calls()
  settings.setActiveThreads(0, 2)
  const beganMs = performance.now()
  settings.sleepInactive(calls)
  expect(performance.now() - beganMs).toBeLessThan(50)
  // Fewer threads are no reason to wake any.
  const before = settings.calls()
  settings.setActiveThreads(0, 1)
  expect(settings.calls()).toBe(before)
})

test('before a thread sleeps in a stage that it runs inline it wakes another for those that had found no permit', () => {
  let wokenAtDecode = Number.NaN
  let wokenAtSleep = Number.NaN
  let woken = (): number => Number.NaN
  const [decode, route, apply, encode] = watchedStages('decode', () => (wokenAtDecode = woken()))
  const pool = filled({
    options: ':layout=fused:batch=1:threads=1:blockingThreads=3',
    stages: [
      decode!,
      route!,
      { name: 'device', wait: { micros: 9 }, run: () => {} },
      apply!,
      encode!,
    ],
    context: { blockingWait: { wait: () => {}, sleep: () => (wokenAtSleep = woken()) } },
  })
  woken = poolSleeper(pool)
  pool.turnPool(pool.pool[0]!.thread)
  expect(pool.lengths()[0]).toBeGreaterThan(0)
  // While it held the only permit of the first stage a wake-up was for nothing.
  expect(wokenAtSleep).toBeGreaterThan(wokenAtDecode)
})

test('before a thread sleeps for room it wakes another for what it leaves', () => {
  let woken = (): number => 0
  const seen: number[] = []
  const pool = filled({
    options: ':inline=off:queueCapacity=64:batch=8',
    onStopped: () => {
      seen.push(woken())
      // Nobody is to wait for long.
      if (seen.length > 1) pool.queues[1]!.tryPopBatch(new Int32Array(64), 64)
    },
  })
  pool.queues[1]!.tryPushBatch(new Int32Array(64), 0, 64)
  woken = sleeperAt(pool.deployment.memory.queues[0]!.buffer, QUEUE_NOT_EMPTY_WORD)
  pool.turnPool(pool.threadsOf(0)[0]!.thread, 2)
  // Once for the rest of the queue, when it took its batch, and once more now.
  expect(seen.slice(0, 2)).toEqual([0, 2])
})

test('a producer that waited for room leaves the rest of it to another one', () => {
  let looks = 0
  const pool = filled({
    options: ':inline=off:queueCapacity=64:batch=8',
    onStopped: () => {
      // At its second look it waits.
      if (++looks === 2) pool.queues[1]!.tryPopBatch(new Int32Array(64), 64)
    },
  })
  pool.queues[1]!.tryPushBatch(new Int32Array(64), 0, 64)
  const woken = sleeperAt(pool.deployment.memory.queues[1]!.buffer, QUEUE_NOT_FULL_WORD)
  pool.turnPool(pool.threadsOf(0)[0]!.thread, 2)
  expect([looks, pool.lengths()[1]]).toEqual([3, 8])
  // By whoever made room, and by the one that left some.
  expect(woken()).toBe(2)
})

test('who takes from the first queue rings for a port’s owner that sleeps for room', () => {
  const pool = filled({ options: ':inline=off:queueCapacity=2:batch=4' })
  // Port 0 filled the queue and keeps two; port 1 found it full and keeps all.
  expect([pool.lengths()[0], pool.bench.ports.map((port) => port.inFlight())]).toEqual([2, [4, 4]])
  expect(pool.turnNetwork(0)).toBe(false)
  const bells = pool.doorbells.map((doorbell) => vi.spyOn(doorbell, 'ring'))
  expect(bells).toHaveLength(2)
  for (const doorbell of pool.doorbells) doorbell.prepareToSleep()
  // The second look.
  expect([pool.turnNetwork(0), pool.turnNetwork(1)]).toEqual([false, false])
  const { thread, counters } = pool.threadsOf(0)[0]!
  pool.turnPool(thread)
  expect(pool.asleep()).toEqual([false, false])
  expect(counters.read().wakeUps).toBe(2)
  expect(pool.turnNetwork(1)).toBe(true)
})

test('who takes from the first queue rings for nobody who does not wait for room', () => {
  const pool = filled({ options: ':inline=off' })
  for (const doorbell of pool.doorbells) doorbell.prepareToSleep()
  pool.turnPool(pool.threadsOf(0)[0]!.thread)
  expect(pool.asleep()).toEqual([true, true])
})
