import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ISOLATION_WORDS } from '../../harness/base/units.ts'
import { Condition, CONDITION_WORDS } from '../../harness/shared-memory/condition.ts'
import {
  type IdlePolicy,
  IdleStrategy,
  setPolicy,
  sharedPolicy,
  parkTime,
} from '../../harness/shared-memory/idle-strategy.ts'
import { clockOf } from '../base/clock-of.ts'
import type { ParkingThread } from './park-time.worker.ts'
import { oneThread } from './thread-parts.ts'
import { answersOf } from './threads.ts'

// Words of the drawing in condition.ts.
const SLEEPERS = ISOLATION_WORDS
const SEARCHING = 2 * ISOLATION_WORDS
const SPIN_NS = 1_000
const START_NS = 1_000_000

/** A thread that waits, and a probe that says how often it looked and whether it was searching then. */
function waitingThread(policy: IdlePolicy, processors = 2) {
  const word = sharedPolicy(policy)
  const words = new Int32Array(new SharedArrayBuffer(CONDITION_WORDS * 4))
  const parts = oneThread(processors)
  const condition = new Condition(words, 0, parts.awake, parts.counters)
  let nowNs = START_NS
  const clock = clockOf(() => (nowNs += 100))
  const looks = { searching: 0, asleep: 0, onFirst: () => {} }
  let findsAt = Number.POSITIVE_INFINITY
  const probe = {
    hasWork: () => {
      if (words[SEARCHING] === 1 && looks.searching++ === 0) looks.onFirst()
      if (words[SLEEPERS] === 1) {
        looks.asleep++
        // Ends the sleep that follows at once.
        condition.signal()
      }
      return looks.searching >= findsAt
    },
  }
  const idle = new IdleStrategy(
    { policy: word, spinNs: SPIN_NS, moderationNs: 0, earlyNs: 0 },
    parts.awake,
    clock,
  )
  const wait = (workAtLook = Number.POSITIVE_INFINITY) => {
    findsAt = workAtLook
    idle.wait(condition, probe)
  }
  return { word, words, parts, looks, wait, elapsedNs: () => nowNs - START_NS }
}

test('park sleeps at once', () => {
  const { looks, parts, wait } = waitingThread('park')
  wait()
  expect(looks).toMatchObject({ searching: 0, asleep: 1 })
  expect(parts.counters.read().parks).toBe(1)
})

test('spin-park searches for its budget and then sleeps', () => {
  const { looks, parts, words, wait, elapsedNs } = waitingThread('spin-park')
  wait()
  expect(looks.searching).toBeGreaterThan(1)
  expect(looks.asleep).toBe(1)
  expect(elapsedNs()).toBeGreaterThanOrEqual(SPIN_NS)
  expect(parts.counters.read().parks).toBe(1)
  expect(words[SEARCHING]).toBe(0)
})

test('a thread follows a policy that is changed between two trials', () => {
  const { word, looks, wait } = waitingThread('spin-park')
  setPolicy(word, 'park')
  wait()
  expect(looks).toMatchObject({ searching: 0, asleep: 1 })
  setPolicy(word, 'spin-park')
  wait()
  expect(looks.searching).toBeGreaterThan(1)
})

test('spin-park returns as soon as it finds work', () => {
  const { looks, parts, words, wait } = waitingThread('spin-park')
  wait(3)
  expect(looks).toMatchObject({ searching: 3, asleep: 0 })
  expect(parts.counters.read().parks).toBe(0)
  expect(words[SEARCHING]).toBe(0)
})

test('poll returns after its slice without ever sleeping', () => {
  const { looks, parts, words, wait } = waitingThread('poll')
  wait()
  expect(looks.searching).toBeGreaterThan(1)
  expect(looks.asleep).toBe(0)
  expect(parts.counters.read().parks).toBe(0)
  expect(words[SEARCHING]).toBe(0)
})

test.each(['poll', 'spin-park'] as const)(
  '%s sleeps at once while more threads are awake than there are processors',
  (policy) => {
    const { looks, parts, wait } = waitingThread(policy, 1)
    parts.awake.add()
    wait()
    expect(looks).toMatchObject({ searching: 0, asleep: 1 })
  },
)

test('a spinner makes room as soon as somebody is woken who needs its processor', () => {
  const patient = waitingThread('spin-park', 1)
  patient.wait()
  const crowded = waitingThread('spin-park', 1)
  crowded.looks.onFirst = () => crowded.parts.awake.add()
  crowded.wait()
  expect(crowded.looks.searching).toBeLessThan(patient.looks.searching)
  expect(crowded.looks.asleep).toBe(1)
})

/** Timeouts up to here are kept. */
const KEPT_MICROS = 8_192
const KEPT_MS = KEPT_MICROS / 1_000

test('a timeout of whole microseconds is what it was, the first time and afterwards', () => {
  const changed: number[] = []
  for (let time = 0; time < 2; time++)
    for (let micros = 0; micros <= KEPT_MICROS; micros++)
      if (parkTime(micros / 1_000) !== micros / 1_000) changed.push(micros)
  expect(changed).toEqual([])
})

test('a timeout is cut to whole microseconds, and is never longer than asked', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: KEPT_MS, noNaN: true }), (askedMs) => {
      const ms = parkTime(askedMs)
      const micros = Math.round(ms * 1_000)
      expect(ms).toBe(micros / 1_000)
      expect(ms).toBeLessThanOrEqual(askedMs)
      expect((micros + 1) / 1_000).toBeGreaterThan(askedMs)
    }),
    { examples: [[KEPT_MS - Number.EPSILON * 8], [4.004], [0.001], [0.0009]] },
  )
})

test('a timeout above 8 ms is left as it is', () => {
  fc.assert(
    fc.property(fc.double({ min: KEPT_MS + 0.001, max: 1_000, noNaN: true }), (ms) => {
      expect(parkTime(ms)).toBe(ms)
    }),
  )
})

test('a timeout that was asked for before is the same number on the heap: asking makes no garbage', async () => {
  // A box of a number is 12 bytes at least.
  const asked = Float64Array.from({ length: 50 }, (_, index) => 0.0501 + index * 0.1503)
  const data: ParkingThread = { asked, rounds: 600 }
  const [bytesPerCall] = await answersOf<number>(new URL('park-time.worker.ts', import.meta.url), [
    data,
  ])
  expect(bytesPerCall).toBeLessThan(4)
})
