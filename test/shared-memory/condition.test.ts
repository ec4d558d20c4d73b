import { afterEach, expect, test, vi } from 'vitest'
import { ISOLATION_WORDS } from '../../harness/base/units.ts'
import { AwakeThreads } from '../../harness/shared-memory/awake-threads.ts'
import { Condition, CONDITION_WORDS } from '../../harness/shared-memory/condition.ts'
import { oneThread, type ThreadParts } from './thread-parts.ts'

// Words of the drawing in condition.ts.
const SEQUENCE = 0
const SLEEPERS = ISOLATION_WORDS
const SEARCHING = 2 * ISOLATION_WORDS

/** Looks for which work is there that nobody takes. */
const NEVER_TAKEN = Number.POSITIVE_INFINITY

afterEach(() => vi.restoreAllMocks())

const NO_WORK = { hasWork: () => false }

function createCondition(awake?: AwakeThreads) {
  const words = new Int32Array(new SharedArrayBuffer(CONDITION_WORDS * 4))
  const parts: ThreadParts = oneThread()
  const condition = new Condition(words, 0, awake ?? parts.awake, parts.counters)
  return { words, parts, condition }
}

test('signalling without sleepers changes nothing', () => {
  const { words, parts, condition } = createCondition()
  condition.signal()
  expect(words.every((word) => word === 0)).toBe(true)
  expect(parts.awakeCount()).toBe(1)
})

test('a waiter whose second look finds work does not sleep', () => {
  const { words, parts, condition } = createCondition()
  condition.park({ hasWork: () => true }, 20_000)
  expect(words.every((word) => word === 0)).toBe(true)
  expect(parts.counters.read().parks).toBe(0)
  expect(parts.awakeCount()).toBe(1)
})

test('a waiter whose time runs out is awake again and searches no more', () => {
  const { words, parts, condition } = createCondition()
  condition.park(NO_WORK, 0)
  expect(words.every((word) => word === 0)).toBe(true)
  expect(parts.counters.read().parks).toBe(1)
  expect(parts.awakeCount()).toBe(1)
})

/** A waiter whose time runs out, and each further look too, beside work that is there from the second look on. */
function outsleep({ searching, looksWithWork }: { searching: number; looksWithWork: number }) {
  const { words, parts, condition } = createCondition()
  for (let searcher = 0; searcher < searching; searcher++) condition.beginSearch()
  const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
  let look = 0
  condition.park({ hasWork: () => ++look >= 2 && look < 2 + looksWithWork }, 100)
  const waits = wait.mock.calls.length
  wait.mockRestore()
  expect([words[SEQUENCE], words[SLEEPERS], words[SEARCHING]]).toEqual([0, 0, searching])
  expect(parts.awakeCount()).toBe(1)
  return { waits, lostWakeUps: parts.counters.read().lostWakeUps }
}

test.each([
  // Once for the sleep, ten times for further looks.
  { searching: 0, looksWithWork: NEVER_TAKEN, waits: 11, lostWakeUps: 1 },
  { searching: 0, looksWithWork: 5, waits: 5, lostWakeUps: 0 },
  { searching: 0, looksWithWork: 0, waits: 1, lostWakeUps: 0 },
  // Whoever searches may wait for a processor.
  { searching: 1, looksWithWork: 100, waits: 100, lostWakeUps: 0 },
  { searching: 1, looksWithWork: NEVER_TAKEN, waits: 201, lostWakeUps: 1 },
])(
  'work beside a waiter whose time ran out, $looksWithWork looks long while $searching search: $lostWakeUps wake-ups lost',
  ({ waits, lostWakeUps, ...settings }) => {
    expect(outsleep(settings)).toEqual({ waits, lostWakeUps })
  },
)

test.each([
  // As when the waiter's time runs out in the kernel just before the signal, and it runs again only after it.
  { name: 'with the end of its sleep', signalAtWait: 1, waits: 2 },
  { name: 'between two further looks', signalAtWait: 3, waits: 4 },
])(
  'a waiter whose time ran out forgets no signal that found nobody asleep: $name',
  ({ signalAtWait, waits }) => {
    const { parts, condition } = createCondition()
    const sleep = Atomics.wait
    let calls = 0
    let work = false
    vi.spyOn(Atomics, 'wait').mockImplementation(((
      words: Int32Array,
      at: number,
      value: number,
    ) => {
      calls++
      if (calls > signalAtWait) return sleep(words, at, value, 0)
      work = true
      if (calls === signalAtWait) condition.signal()
      return 'timed-out'
    }) as typeof Atomics.wait)
    condition.park({ hasWork: () => work }, 100)
    expect({ waits: calls, lostWakeUps: parts.counters.read().lostWakeUps }).toEqual({
      waits,
      lostWakeUps: 0,
    })
    expect(parts.awakeCount()).toBe(1)
  },
)

test('a waiter whose time-out was due goes on at once, whatever work is there', () => {
  const { words, parts, condition } = createCondition()
  const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
  let look = 0
  condition.parkUntilDue({ hasWork: () => ++look >= 2 }, 3)
  expect(wait.mock.calls).toEqual([[words, SEQUENCE, 0, 3]])
  expect(words.every((word) => word === 0)).toBe(true)
  expect(parts.counters.read()).toMatchObject({ parks: 1, lostWakeUps: 0 })
  expect(parts.awakeCount()).toBe(1)
})

test('while a waiter looks for the second time it counts as a sleeper', () => {
  const { words, condition } = createCondition()
  let sleepers = 0
  const probe = { hasWork: () => (sleepers = words[SLEEPERS]!) > 0 }
  condition.park(probe, 20_000)
  expect(sleepers).toBe(1)
  expect(words[SLEEPERS]).toBe(0)
})

test('a signal between the second look and the sleep ends the sleep', () => {
  const { words, parts, condition } = createCondition()
  condition.park(
    {
      hasWork: () => {
        condition.signal()
        return false
      },
    },
    20_000,
  )
  expect([words[SEQUENCE], words[SLEEPERS], words[SEARCHING]]).toEqual([1, 0, 0])
  expect(parts.awakeCount()).toBe(1)
  // Nobody slept, so nobody was woken.
  expect(parts.counters.read()).toMatchObject({ parks: 1, wakeUps: 0 })
})

test('a stop between the second look and the sleep ends the sleep', () => {
  const { words, parts, condition } = createCondition()
  condition.park(
    {
      hasWork: () => {
        condition.wakeAll()
        return false
      },
    },
    20_000,
  )
  expect([words[SLEEPERS], words[SEARCHING]]).toEqual([0, 0])
  expect(parts.awakeCount()).toBe(1)
})

test('a signaller leaves sleepers alone while somebody is searching', () => {
  const { words, condition } = createCondition()
  words[SLEEPERS] = 1
  condition.beginSearch()
  condition.signal()
  expect(words[SEQUENCE]).toBe(0)
  condition.endSearch()
  condition.signal()
  expect(words[SEQUENCE]).toBe(1)
})

test('a signaller relies on nobody whose wake-up has not yet succeeded', () => {
  // The sleeper reads the new sequence, looks, and only then waits for it: the first signaller's notification comes too
  // early for it. A second signaller in between must not take it for a searcher: it would sleep on over its work.
  const words = new Int32Array(new SharedArrayBuffer(4))
  let inBetween: (() => void) | undefined
  class Interrupting extends AwakeThreads {
    override add(): void {
      super.add()
      const act = inBetween
      inBetween = undefined
      act?.()
    }
  }
  const { words: own, condition } = createCondition(new Interrupting(words, 2))
  own[SLEEPERS] = 1
  let sequenceAtSecondLook = 0
  inBetween = () => {
    sequenceAtSecondLook = own[SEQUENCE]!
    condition.signal()
  }
  condition.signal()
  expect(sequenceAtSecondLook).toBe(1)
  expect(own[SEQUENCE]).toBe(2)
  expect(own[SEARCHING]).toBe(0)
})

test('a waiter that was woken gives back what its waker counted as searching', () => {
  const { words, parts, condition } = createCondition()
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    // As its waker does it.
    words[SEARCHING]!++
    parts.awake.add()
    return 'ok'
  })
  condition.park(NO_WORK, 20_000)
  expect([words[SLEEPERS], words[SEARCHING]]).toEqual([0, 0])
  expect(parts.awakeCount()).toBe(1)
})

test('a waiter that gives up searching is waited for no longer', () => {
  const { words, condition } = createCondition()
  condition.beginSearch()
  condition.endSearch()
  expect(words[SEARCHING]).toBe(0)
})
