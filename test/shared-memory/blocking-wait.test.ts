import { afterEach, expect, test, vi } from 'vitest'
import { type Clock, monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { BlockingWait } from '../../harness/shared-memory/blocking-wait.ts'
import { clockOf } from '../base/clock-of.ts'
import { oneThread } from './thread-parts.ts'

const STEP_NS = 100
/** Longer ones sleep, shorter ones only spin. */
const [LONG_NS, SHORT_NS] = [400_000, 100_000]

/** A clock that moves by a step with every reading. */
function steppingClock(): Clock & { lastNs: () => number } {
  let nowNs = 0
  return { ...clockOf(() => (nowNs += STEP_NS)), lastNs: () => nowNs }
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
  return {
    parts,
    clock,
    add,
    remove,
    sleep,
    wait: new BlockingWait(clock, parts.awake, parts.counters.waits),
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

test('a wait never returns early', () => {
  const clock = new ThreadClock(monotonicOriginNs())
  const parts = oneThread()
  const wait = new BlockingWait(clock, parts.awake, parts.counters.waits)
  for (const ns of [0, 1, 1_000, 149_999, 100_000, 150_001, 300_000, 2_000_000]) {
    const beforeNs = clock.nowNs()
    wait.wait(ns)
    expect(clock.nowNs() - beforeNs).toBeGreaterThanOrEqual(ns)
    const sleptFromNs = clock.nowNs()
    wait.sleep(ns)
    expect(clock.nowNs() - sleptFromNs).toBeGreaterThanOrEqual(ns)
  }
})

test.each([1, 10 * STEP_NS, SHORT_NS])('a wait of %i ns spins until it is over', (ns) => {
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

test('a wait for a device is slept to its end, without a spin', () => {
  const pause = vi.spyOn(Atomics, 'pause')
  const { parts, add, remove, sleep, wait, clock } = spiedWait(() => {
    while (clock.lastNs() < LONG_NS + 2 * STEP_NS) clock.nowNs()
  })
  wait.sleep(LONG_NS)
  expect(sleep).toHaveBeenCalledOnce()
  expect(sleep.mock.lastCall![3]).toBe(LONG_NS / 1e6)
  expect(pause).not.toHaveBeenCalled()
  expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([1, 1])
  expect(parts.awakeCount()).toBe(1)
})

test('a sleep that ends early is followed by another for the rest', () => {
  let sleeps = 0
  const { sleep, wait, clock } = spiedWait(() => {
    const untilNs = ++sleeps === 1 ? LONG_NS / 2 : 2 * LONG_NS
    while (clock.lastNs() < untilNs) clock.nowNs()
  })
  wait.sleep(LONG_NS)
  expect(sleep).toHaveBeenCalledTimes(2)
})

test('a wait of nothing is no wait, and counts as none', () => {
  const { parts, sleep, wait } = spiedWait()
  wait.sleep(0)
  wait.wait(0)
  expect(sleep).not.toHaveBeenCalled()
  expect(parts.counters.read()).toMatchObject({ declaredWaits: 0, declaredWaitNs: 0 })
})

test('waits are counted with what was asked for and what they took', () => {
  const { parts, clock, wait } = spiedWait(() => {
    while (clock.lastNs() < 2 * LONG_NS) clock.nowNs()
  })
  wait.sleep(LONG_NS)
  const { declaredWaits, declaredWaitAskedNs, declaredWaitNs } = parts.counters.read()
  expect([declaredWaits, declaredWaitAskedNs]).toEqual([1, LONG_NS])
  // From the first reading to the one behind the sleep.
  expect(declaredWaitNs).toBe(2 * LONG_NS)
  expect(parts.counters.waits.cell[0]).toBeGreaterThanOrEqual(declaredWaitNs)
})
