import fc from 'fast-check'
import { expect, test } from 'vitest'
import { medianFigure, outcomeOf, ratioOver } from '../../harness/experiment/sweep-figures.ts'
import { samplePair } from './sample-pair.ts'

const ARMS = { first: 'staged', second: 'sharded' }
const LEVEL = 0.95
const pairs = (count: number, ratio: number, atLeast = false) =>
  Array.from({ length: count }, (_, index) =>
    samplePair({ ns: 1_000 + index }, { ns: (1_000 + index) * ratio, atLeast }),
  )

test('a figure is the median over trials with its exact interval', () => {
  expect(medianFigure(pairs(6, 2), 'staged', 'p99', LEVEL)).toEqual({
    value: 1_002.5,
    lower: 1_000,
    upper: 1_005,
    level: 0.96875,
    n: 6,
    unit: 'ns',
    atLeast: false,
  })
})

test('a figure says when requests were never answered, and when it is not known', () => {
  expect(medianFigure(pairs(6, 2, true), 'sharded', 'p99', LEVEL)?.atLeast).toBe(true)
  expect(medianFigure(pairs(6, 2), 'sharded', 'cpuPerRequest', LEVEL)).toBeNull()
  expect(medianFigure([], 'sharded', 'p99', LEVEL)).toBeNull()
})

test.each([
  [0.5, 'lower'],
  [2, 'higher'],
  [1, 'same'],
  [1.049, 'same'],
  [1.051, 'higher'],
])('a ratio of %d is %s', (ratio, outcome) => {
  expect(outcomeOf(ratioOver(pairs(6, ratio), ARMS, 'p99', LEVEL), LEVEL)).toBe(outcome)
})

test('too few pairs decide nothing, and none are not known', () => {
  expect(outcomeOf(ratioOver(pairs(5, 2), ARMS, 'p99', LEVEL), LEVEL)).toBe('undecided')
  expect(ratioOver(pairs(1, 2), ARMS, 'p99', LEVEL)).toMatchObject({ n: 1, level: null })
  expect(outcomeOf(ratioOver([], ARMS, 'p99', LEVEL), LEVEL)).toBe('unknown')
})

test('a bound decides on its own side only', () => {
  const late = [...pairs(5, 3), ...pairs(1, 3, true)]
  const ratio = ratioOver(late, ARMS, 'p99', LEVEL)
  expect(ratio?.bound).toBe('at-least')
  expect(outcomeOf(ratio, LEVEL)).toBe('higher')
  const slow = ratioOver([...pairs(5, 0.5), ...pairs(1, 0.5, true)], ARMS, 'p99', LEVEL)
  expect(outcomeOf(slow, LEVEL)).toBe('undecided')
  const equal = ratioOver([...pairs(5, 1), ...pairs(1, 1, true)], ARMS, 'p99', LEVEL)
  expect(outcomeOf(equal, LEVEL)).toBe('undecided')
})

test('bounds in both directions, or a pair without a ratio, leave none', () => {
  const late = { ns: 5_000, atLeast: true }
  const both = [samplePair(late, {}), samplePair({}, late)]
  expect(ratioOver(both, ARMS, 'p99', LEVEL)).toBeNull()
  expect(ratioOver([...pairs(5, 2), samplePair(late, late)], ARMS, 'p99', LEVEL)).toBeNull()
})

test('void and half pairs are left out', () => {
  const half = { ...samplePair({}, {}), trials: [] }
  const ratio = ratioOver(
    [...pairs(6, 2), half, samplePair({ isVoid: true }, {})],
    ARMS,
    'p99',
    LEVEL,
  )
  expect(ratio).toMatchObject({ n: 6, bound: 'exact' })
})

test('a bounded ratio is never on the far side of what it would be with the true latency', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.integer({ min: 1, max: 1e6 }),
          fc.integer({ min: 1, max: 1e6 }),
          fc.integer({ min: 0, max: 1e6 }),
        ),
        {
          minLength: 1,
          maxLength: 12,
        },
      ),
      (trials) => {
        const known = ratioOver(
          trials.map(([a, b, more]) => samplePair({ ns: a }, { ns: b, atLeast: more > 0 })),
          ARMS,
          'p99',
          LEVEL,
        )!
        const truth = ratioOver(
          trials.map(([a, b, more]) => samplePair({ ns: a }, { ns: b + more })),
          ARMS,
          'p99',
          LEVEL,
        )!
        expect(known.value).toBeLessThanOrEqual(truth.value * (1 + 1e-9))
        expect(known.lower).toBeLessThanOrEqual(truth.lower * (1 + 1e-9))
      },
    ),
  )
})
