import { expect, test } from 'vitest'
import { keepsUp } from '../../harness/trial/gates.ts'
import { tinyTrace } from '../experiment/tiny-trace.ts'

const GAP_NS = 1_000
/** A request per gap, over two ports. */
const TRACE = tinyTrace(2, [[[0, 0]], [[1, 0]]])
/** Queues of so many requests come and go. */
const FLUCTUATION = 25

/** A probe of so many requests, half of them due in each half, of which these were answered. */
const probe = (due: number, replies: readonly [number, number], graceGaps = 0) =>
  keepsUp(TRACE, GAP_NS, { steadyNs: due * GAP_NS, graceNs: graceGaps * GAP_NS, replies })

test('a load of which everything is answered in time is sustained', () => {
  expect(probe(10_000, [5_000, 5_000])).toBe(true)
  expect(probe(10_000, [0, 0])).toBe(false)
})

test('by the middle 99 % must be answered, and a queue may be there', () => {
  const fewest = 0.99 * 5_000 - FLUCTUATION
  expect(probe(10_000, [fewest, 5_000])).toBe(true)
  expect(probe(10_000, [fewest - 1, 5_001])).toBe(false)
  // What was late in the first half does not make up for it in the second.
  expect(probe(10_000, [fewest - 1_000, 6_000 + 75])).toBe(false)
})

test('what became due right before an end may come behind it', () => {
  const fewest = 0.99 * (5_000 - 200) - FLUCTUATION
  expect(probe(10_000, [fewest, 5_000], 200)).toBe(true)
  expect(probe(10_000, [fewest - 1, 5_000], 200)).toBe(false)
  expect(probe(10_000, [fewest, 5_000], 199)).toBe(false)
})

test('from the middle to the end the backlog grows by 1 % of what became due, or a queue’s length', () => {
  expect(probe(10_000, [5_000, 4_950])).toBe(true)
  expect(probe(10_000, [5_000, 4_949])).toBe(false)
  expect(probe(10_000, [4_950, 4_950])).toBe(true)
  expect(probe(10_000, [4_950, 4_949])).toBe(false)
  // A backlog that shrinks is none.
  expect(probe(10_000, [4_930, 5_070])).toBe(true)
})

test('of few requests a queue’s length may be missing', () => {
  expect(probe(100, [50, 50 - FLUCTUATION])).toBe(true)
  expect(probe(100, [50, 50 - FLUCTUATION - 1])).toBe(false)
})

test('a grace longer than a half asks nothing of the first', () => {
  expect(probe(40, [0, 40], 30)).toBe(true)
})
