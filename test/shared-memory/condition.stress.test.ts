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
