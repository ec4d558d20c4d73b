import { expect, test } from 'vitest'
import { RING_TAIL_WORD, ringWords } from '../../harness/shared-memory/spsc-ring.ts'
import type { RingThread } from './spsc-ring.worker.ts'
import { answersOf, failsWithin } from './threads.ts'

const ENTRY = new URL('spsc-ring.worker.ts', import.meta.url)
const TWIN_VALUES = 200_000
const TWIN_ROUNDS = 10

/** Sends values through a ring and answers how many came out of order. */
async function wrongValues(
  producer: RingThread['role'],
  consumer: RingThread['role'],
  capacity: number,
  valueCount: number,
): Promise<number> {
  const words = new Int32Array(new SharedArrayBuffer(ringWords(capacity) * 4))
  const shared = { words, capacity, valueCount }
  const threads: RingThread[] = [
    { ...shared, role: producer },
    { ...shared, role: consumer },
  ]
  const watch = { progress: () => Atomics.load(words, RING_TAIL_WORD), patienceMs: 10_000 }
  const [, wrong] = await answersOf<number>(ENTRY, threads, watch)
  return wrong ?? Number.NaN
}

test.each([
  [2, 300_000],
  [64, 1_500_000],
  [1_024, 3_000_000],
])(
  'through a ring of %i places %i values go in their order, none lost or doubled',
  async (capacity, valueCount) => {
    expect(await wrongValues('producer', 'consumer', capacity, valueCount)).toBe(0)
  },
)

test('a consumer that reads before the tail is published is seen to read wrong values', async () => {
  const failed = await failsWithin(
    TWIN_ROUNDS,
    async () => (await wrongValues('producer', 'early-consumer', 64, TWIN_VALUES)) > 0,
  )
  expect(failed).toBe(true)
})

test('a producer that publishes before it writes is seen to pass on wrong values', async () => {
  const failed = await failsWithin(
    TWIN_ROUNDS,
    async () => (await wrongValues('early-producer', 'consumer', 64, TWIN_VALUES)) > 0,
  )
  expect(failed).toBe(true)
})
