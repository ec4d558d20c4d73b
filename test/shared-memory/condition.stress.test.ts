import { expect, test } from 'vitest'
import { failsWithin } from './threads.ts'
import { passToken } from './token-ring.ts'

// Several signallers and several sleepers of one condition meet in bounded-queue.stress.test.ts.

test.each([
  [2, 100_000],
  [3, 30_000],
])(
  '%i threads that signal one another never sleep over a token in %i rounds',
  async (threads, rounds) => {
    const outcome = await passToken('condition', threads, rounds)
    expect(outcome).toEqual({ stuck: false, parks: expect.any(Number), awakeAtEnd: threads })
    // Otherwise nobody slept, and nothing was tested.
    expect(outcome.parks).toBeGreaterThan(100)
  },
)

test('without the second look a thread is seen to sleep over the token', async () => {
  const stuck = await failsWithin(
    5,
    async () => (await passToken('condition', 2, 100_000, false)).stuck,
  )
  expect(stuck).toBe(true)
})

test.each([
  [
    'a woken waiter that counts as searching for ever',
    'if (woken) Atomics.sub(words, this.#at + SEARCHING, 1)',
  ],
  [
    'a signal that wakes nobody',
    'if (Atomics.notify(words, this.#at + SEQUENCE, 1) === 0) return this.#awake.remove()',
  ],
])('%s is seen to leave a thread asleep over the token', async (_, from) => {
  const mutant = { file: 'shared-memory/condition.ts', from, to: '' }
  const stuck = await failsWithin(
    5,
    async () => (await passToken('condition', 2, 100_000, true, [mutant])).stuck,
  )
  expect(stuck).toBe(true)
})
