import { expect, test } from 'vitest'
import { medianFigure, outcomeOf, ratioOver } from '../../harness/experiment/ratios.ts'
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

test('pairs that one arm left unanswered rank beyond all others, and decide on that side only', () => {
  const late = ratioOver([...pairs(7, 3), ...pairs(1, 3, true)], ARMS, 'p99', LEVEL)
  expect(late?.upper).toBe(Infinity)
  expect(outcomeOf(late, LEVEL)).toBe('higher')
  const slow = ratioOver([...pairs(7, 0.5), ...pairs(1, 0.5, true)], ARMS, 'p99', LEVEL)
  expect(slow?.value).toBeCloseTo(0.5)
  expect(outcomeOf(slow, LEVEL)).toBe('undecided')
  const equal = ratioOver([...pairs(7, 1), ...pairs(1, 1, true)], ARMS, 'p99', LEVEL)
  expect(outcomeOf(equal, LEVEL)).toBe('undecided')
})

test('void and half pairs are left out', () => {
  const half = { ...samplePair({}, {}), trials: [] }
  const ratio = ratioOver(
    [...pairs(6, 2), half, samplePair({ isVoid: true }, {})],
    ARMS,
    'p99',
    LEVEL,
  )
  expect(ratio).toMatchObject({ n: 6 })
})
