import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  pairLog,
  positive,
  type PairLog,
  productLog,
  ratioOverPairs,
} from '../../harness/stats/ratio-over-pairs.ts'

const LEVEL = 0.95

test('one arm unanswered ranks beyond all others, both say nothing, a missing figure is none', () => {
  expect(pairLog(2, 4)).toBeCloseTo(Math.LN2)
  expect(pairLog(2, 'unanswered')).toBe(Infinity)
  expect(pairLog('unanswered', 2)).toBe(-Infinity)
  expect(pairLog('unanswered', 'unanswered')).toBe('neither')
  expect(pairLog(null, 'unanswered')).toBeNull()
})

test('a product is as unknown as the least known of its factors', () => {
  expect(productLog([1, 2])).toBe(3)
  expect(productLog([1, Infinity])).toBe(Infinity)
  expect(productLog([-Infinity, Infinity])).toBe('neither')
  expect(productLog([1, 'neither'])).toBe('neither')
  expect(productLog(['neither', null])).toBeNull()
})

test('one bound of eight leaves the value finite and its side open', () => {
  const ratio = ratioOverPairs([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, Infinity], LEVEL)!
  expect(ratio.value).toBeCloseTo(Math.exp(0.45))
  expect(ratio.lower).toBeCloseTo(Math.exp(0.2))
  expect(ratio).toMatchObject({ upper: Infinity, n: 8 })
})

test('bounds alone are ∞ or 0, one pair has no level', () => {
  expect(ratioOverPairs(Array<number>(8).fill(Infinity), LEVEL)).toMatchObject({
    value: Infinity,
    lower: Infinity,
  })
  expect(ratioOverPairs(Array<number>(8).fill(-Infinity), LEVEL)).toMatchObject({
    value: 0,
    upper: 0,
  })
  expect(ratioOverPairs([0], LEVEL)).toMatchObject({ value: 1, level: null, n: 1 })
})

test('bounds of both directions widen both sides, and leave no value where half of the pairs are', () => {
  const mixed = ratioOverPairs([0, 0, 0, 0, 0, 0, -Infinity, Infinity], LEVEL)!
  expect(mixed).toMatchObject({ value: 1, lower: 0, upper: Infinity })
  expect(ratioOverPairs([-Infinity, Infinity], LEVEL)).toBeNull()
})

test.each([
  [2, 6],
  [3, null],
])('%d of eight pairs in which neither answered leave %s', (count, n) => {
  const logs = Array.from({ length: 8 }, (_, pair): PairLog => (pair < count ? 'neither' : 0.5))
  expect(ratioOverPairs(logs, LEVEL)?.n ?? null).toBe(n)
})

test('no pairs, and a pair without a figure, have no ratio', () => {
  expect(ratioOverPairs([], LEVEL)).toBeNull()
  expect(ratioOverPairs([0, 0, null], LEVEL)).toBeNull()
})

const logs = fc.array(
  fc.tuple(
    fc.double({ min: -5, max: 5, noNaN: true }),
    fc.constantFrom<'known' | 'first' | 'second'>('known', 'known', 'known', 'first', 'second'),
  ),
  { minLength: 1, maxLength: 12 },
)
const withBounds = (pairs: readonly (readonly [number, string])[]): number[] =>
  pairs.map(([log, arm]) => (arm === 'known' ? log : arm === 'first' ? -Infinity : Infinity))

test('whatever the unanswered latencies were, a bound never makes its arm look better', () => {
  fc.assert(
    fc.property(logs, fc.double({ min: 5, max: 50, noNaN: true }), (pairs, beyond) => {
      const bounds = pairs.map(([log, arm]) => (arm === 'known' ? log : Infinity))
      const ratio = ratioOverPairs(bounds, LEVEL)!
      const truth = ratioOverPairs(
        bounds.map((log) => Math.min(log, beyond)),
        LEVEL,
      )!
      for (const end of ['value', 'lower', 'upper'] as const) {
        expect(ratio[end]).toBeGreaterThanOrEqual(truth[end] * (1 - 1e-9))
      }
    }),
  )
})

test('swapping the arms turns the ratio over', () => {
  fc.assert(
    fc.property(logs, (pairs) => {
      const ratio = ratioOverPairs(withBounds(pairs), LEVEL)
      const swapped = ratioOverPairs(
        withBounds(pairs).map((log) => -log),
        LEVEL,
      )
      expect(swapped === null).toBe(ratio === null)
      fc.pre(ratio !== null && swapped !== null)
      expect(Math.log(swapped!.lower)).toBeCloseTo(-Math.log(ratio!.upper), 6)
      expect(Math.log(swapped!.value)).toBeCloseTo(-Math.log(ratio!.value), 6)
    }),
  )
})

test.each([
  [2, 2],
  [0, null],
  [-1, null],
  [Number.POSITIVE_INFINITY, null],
  [Number.NaN, null],
  [null, null],
])(
  'a figure of %s is written down as %s: only one that is positive and finite has a ratio',
  (figure, written) => {
    expect(positive(figure)).toBe(written)
  },
)
