import { afterEach, expect, test, vi } from 'vitest'
import { type Clock, monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { AwakeThreads } from '../../harness/shared-memory/awake-threads.ts'
import { BlockingWait } from '../../harness/shared-memory/blocking-wait.ts'
import { oneThread } from './thread-parts.ts'

const STEP_NS = 100
/** Longer ones sleep, shorter ones only spin. */
const [LONG_NS, SHORT_NS] = [400_000, 100_000]

/** A clock that moves by a step with every reading. */
function steppingClock(): Clock & { lastNs: () => number } {
  let nowNs = 0
  return { nowNs: () => (nowNs += STEP_NS), lastNs: () => nowNs }
}

/** A wait on a stepping clock that sleeps as told instead of really, and what it did to the count of awake threads. */
function spiedWait(onSleep: () => void = () => {}) {
  const parts = oneThread()
  const clock = steppingClock()
  const [add, remove] = [vi.spyOn(parts.awake, 'add'), vi.spyOn(parts.awake, 'remove')]
  const sleep = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    onSleep()
    return 'timed-out'
  })
  return { parts, clock, add, remove, sleep, wait: new BlockingWait(clock, parts.awake) }
}

afterEach(() => {
  vi.restoreAllMocks()
})

test('a wait never returns early', () => {
  const clock = new ThreadClock(monotonicOriginNs())
  const wait = new BlockingWait(clock, new AwakeThreads(new Int32Array(64), 2))
  for (const ns of [0, 1, 1_000, 149_999, 100_000, 150_001, 300_000, 2_000_000]) {
    const beforeNs = clock.nowNs()
    wait.wait(ns)
    expect(clock.nowNs() - beforeNs).toBeGreaterThanOrEqual(ns)
  }
})

test.each([0, 1, 10 * STEP_NS, SHORT_NS])('a wait of %i ns spins until it is over', (ns) => {
  const { clock, wait, sleep } = spiedWait()
  wait.wait(ns)
  expect(sleep).not.toHaveBeenCalled()
  // The first reading begins the wait; the one that ends it is the first at or behind its end.
  expect(clock.lastNs()).toBe(STEP_NS + Math.max(STEP_NS, Math.ceil(ns / STEP_NS) * STEP_NS))
})

test('a short wait counts as awake all the time', () => {
  const { parts, add, remove, wait } = spiedWait()
  wait.wait(SHORT_NS)
  expect(add).not.toHaveBeenCalled()
  expect(remove).not.toHaveBeenCalled()
  expect(parts.awakeCount()).toBe(1)
})

test('a long wait counts as asleep just while it sleeps', () => {
  let awakeInSleep = -1
  const { parts, sleep, wait } = spiedWait(() => {
    awakeInSleep = parts.awakeCount()
  })
  wait.wait(LONG_NS)
  expect(sleep).toHaveBeenCalledOnce()
  expect(awakeInSleep).toBe(0)
  expect(parts.awakeCount()).toBe(1)
})

test('a long wait sleeps for less than it lasts and spins for the rest', () => {
  const { clock, sleep, wait } = spiedWait()
  wait.wait(LONG_NS)
  const sleptNs = sleep.mock.lastCall![3]! * 1e6
  expect(sleptNs).toBeGreaterThan(0)
  expect(sleptNs).toBeLessThan(LONG_NS)
  // Here the sleep took no time: all of the wait was spun.
  expect(clock.lastNs()).toBe(STEP_NS + LONG_NS)
})

test('a sleep that lasted too long is not followed by a spin', () => {
  const { clock, wait } = spiedWait(() => {
    while (clock.lastNs() < 2 * LONG_NS) clock.nowNs()
  })
  wait.wait(LONG_NS)
  expect(clock.lastNs()).toBe(2 * LONG_NS + STEP_NS)
})
