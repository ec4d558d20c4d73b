import { expect, test } from 'vitest'
import { ISOLATION_BYTES } from '../../harness/base/units.ts'
import {
  BEACON_BEGUN,
  BEACON_STAGE,
  COUNTER_NAMES,
  createThreadCounters,
  type LockCounters,
  stageOf,
  ThreadCounters,
  type WaitCounters,
} from '../../harness/shared-memory/thread-counters.ts'
import { ManualClock } from '../base/manual-clock.ts'

const ZEROS = Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0]))

const START_NS = 1_000

function waitForLock(locks: LockCounters, ns: number): void {
  const clock = new ManualClock(START_NS)
  locks.beginWait(clock)
  clock.advance(ns)
  locks.endWait(clock)
}

/** Slices of one wait that run out, while the lock was free or not. */
function runOut(locks: LockCounters, free: readonly boolean[]): void {
  locks.beginWait(new ManualClock(START_NS))
  expect(free.map((isFree) => locks.sliceRanOut(isFree))).toEqual(free.map((_, index) => index + 1))
}

/** A read without a lock that was tried again. */
function retry(locks: LockCounters, tries: number, ns: number): void {
  const clock = new ManualClock(START_NS)
  locks.beginWait(clock)
  clock.advance(ns)
  locks.endRetries(tries, clock)
}

function block(waits: WaitCounters, askedNs: number, tookNs: number): void {
  const clock = new ManualClock(START_NS + tookNs)
  clock.read()
  waits.blocked(askedNs, START_NS, clock)
}

/** As a reactor counts waits that it only keeps timers for. */
function keepTimers({ sums }: WaitCounters, count: number, askedNs: number, tookNs: number): void {
  sums[0]! += count
  sums[1]! += askedNs
  sums[2]! += tookNs
}

/** Counts something with every method, each a different number of times. */
function countEverything(counters: ThreadCounters): void {
  counters.locks.acquired()
  counters.locks.acquired()
  waitForLock(counters.locks, 30)
  counters.queueLocks.acquired()
  waitForLock(counters.queueLocks, 40)
  waitForLock(counters.queueLocks, 2)
  runOut(counters.locks, [true, false, true])
  runOut(counters.queueLocks, [false, true])
  retry(counters.locks, 4, 7)
  counters.parked()
  counters.wokeUp()
  counters.wokeUp()
  counters.lostWakeUp()
  counters.handedOff(3)
  counters.handedOff(2)
  // No batch at all.
  counters.handedOff(0)
  counters.sent(6)
  counters.published()
  block(counters.waits, 5, 8)
  keepTimers(counters.waits, 2, 20, 33)
  counters.didBackground()
  counters.tellHeap(9, 4, 800)
  counters.turned(true, Float64Array.of(10))
  counters.turned(false, Float64Array.of(70))
  counters.turned(false, Float64Array.of(20))
}

test('a counter counts what its name says', () => {
  const counters = new ThreadCounters(createThreadCounters(1), 0)
  expect(counters.read()).toEqual(ZEROS)
  countEverything(counters)
  expect(counters.read()).toEqual({
    lockAcquisitions: 2,
    contendedLockAcquisitions: 1,
    lockWaitNs: 37,
    lostLockWakeUps: 2,
    readRetries: 4,
    lostQueueLockWakeUps: 1,
    queueLockAcquisitions: 1,
    contendedQueueLockAcquisitions: 2,
    queueLockWaitNs: 42,
    parks: 1,
    wakeUps: 2,
    lostWakeUps: 1,
    handoffs: 5,
    handoffBatches: 2,
    messages: 6,
    messageBatches: 1,
    longestGapNs: 70,
    turns: 3,
    idleTurns: 2,
    declaredWaits: 3,
    declaredWaitAskedNs: 25,
    declaredWaitNs: 41,
    backgroundSlices: 1,
    collections: 4,
    allocatedBytes: 800,
  })
})

test('what a thread tells of its heap is of the trial that it names, and takes the place of what it told before', () => {
  const buffer = createThreadCounters(2)
  const counters = new ThreadCounters(buffer, 1)
  const reader = new ThreadCounters(buffer, 1)
  const told = () => {
    const { collections, allocatedBytes } = reader.read()
    return [reader.toldTrial(), collections, allocatedBytes]
  }
  expect(told()).toEqual([0, 0, 0])
  counters.tellHeap(1, 4, 800)
  expect(told()).toEqual([1, 4, 800])
  counters.tellHeap(2, 0, 16)
  expect(told()).toEqual([2, 0, 16])
  expect(new ThreadCounters(buffer, 0).toldTrial()).toBe(0)
  // The watchdog’s words are next to it.
  expect(stageOf(buffer, 1)).toEqual({ stage: null, begun: 0 })
})

test('a thread leaves the counters of its neighbours alone, 128 bytes apart at least', () => {
  const buffer = createThreadCounters(3)
  countEverything(new ThreadCounters(buffer, 1))
  expect(new ThreadCounters(buffer, 0).read()).toEqual(ZEROS)
  expect(new ThreadCounters(buffer, 2).read()).toEqual(ZEROS)
  expect(buffer.byteLength).toBeGreaterThanOrEqual(3 * ISOLATION_BYTES)
  expect(buffer.byteLength % ISOLATION_BYTES).toBe(0)
})

test('another view of the same thread reads the same totals', () => {
  const buffer = createThreadCounters(2)
  const written = new ThreadCounters(buffer, 1)
  countEverything(written)
  expect(new ThreadCounters(buffer, 1).read()).toEqual(written.read())
})

test('the longest gap can start anew', () => {
  const counters = new ThreadCounters(createThreadCounters(1), 0)
  counters.turned(true, Float64Array.of(90))
  counters.resetLongestGap()
  counters.turned(true, Float64Array.of(20))
  expect(counters.read().longestGapNs).toBe(20)
})

test('only waits that stopped the thread count as blocked', () => {
  const { waits } = new ThreadCounters(createThreadCounters(1), 0)
  const beforeNs = waits.cell[0]!
  block(waits, 5, 8)
  keepTimers(waits, 2, 20, 33)
  expect(waits.cell[0]! - beforeNs).toBe(8)
})

test('whoever watches a thread sees the stage that it is in and how many it has begun', () => {
  const buffer = createThreadCounters(2)
  const counters = new ThreadCounters(buffer, 1)
  expect(stageOf(buffer, 1)).toEqual({ stage: null, begun: 0 })
  counters.beacon[BEACON_STAGE] = 3
  counters.beacon[BEACON_BEGUN]!++
  expect(stageOf(buffer, 1)).toEqual({ stage: 2, begun: 1 })
  expect(stageOf(buffer, 0)).toEqual({ stage: null, begun: 0 })
  expect(counters.read()).toEqual(ZEROS)
})
