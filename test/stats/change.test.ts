import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../harness/base/random.ts'
import {
  type Change,
  type ChangeOutcome,
  decidingInterval,
  exceedsLimit,
  judgeChange,
  judgeLimit,
  type LimitOutcome,
  type RatioLimit,
  smallestSeen,
} from '../../harness/stats/change.ts'
import { type Interval, unpairedShift } from '../../harness/stats/intervals.ts'
import { normal } from './variates.ts'

const LEVEL = 0.95
const above = (ratio: number): RatioLimit => ({ ratio, side: 'above' })
const below = (ratio: number): RatioLimit => ({ ratio, side: 'below' })

/** A ratio known to ±2 %. */
const near = (value: number, level = 0.96): Interval => ({
  value,
  lower: value / 1.02,
  upper: value * 1.02,
  level,
})

const changeOf = (own: number, control: number | null, isControlUnchanged = false): Change => ({
  own: near(own),
  control: control === null ? null : { own: near(control), relative: near(own / control) },
  isControlUnchanged,
})

test.each<[string, number, number | null, ChangeOutcome]>([
  ['the subject alone got slower', 1.2, 1, 'larger'],
  ['the subject alone got faster', 0.8, 1, 'smaller'],
  ['the control alone got slower', 1, 1.2, 'none'],
  ['nothing moved', 1.01, 1, 'none'],
  ['both moved alike', 1.2, 1.2, 'alike'],
  ['both moved alike, and the subject further', 1.4, 1.1, 'larger'],
  ['both moved apart, the control further', 1.1, 0.85, 'inconclusive'],
  ['a little', 1.05, 1, 'inconclusive'],
  ['without a control the own change counts', 1.2, null, 'larger'],
  ['without a control nothing moved', 1.01, null, 'none'],
])('%s', (_name, own, control, outcome) => {
  expect(judgeChange(changeOf(own, control), LEVEL)).toBe(outcome)
})

test('of a control that is known to be unchanged even a larger movement is drift', () => {
  expect(judgeChange(changeOf(1, 0.8), LEVEL)).toBe('none')
  expect(judgeChange(changeOf(1, 0.8, true), LEVEL)).toBe('larger')
})

test('a threshold of a noisy machine keeps small changes open', () => {
  expect(judgeChange(changeOf(1.2, 1), LEVEL, 1.3)).toBe('inconclusive')
})

test('too few trials decide nothing', () => {
  const change = { own: near(2, 0.9), control: null, isControlUnchanged: false }
  expect(judgeChange(change, LEVEL)).toBe('inconclusive')
  expect(exceedsLimit(change, above(1.1), LEVEL)).toBe(false)
})

test('a limit is exceeded only by a whole interval, on its own side, and by the subject', () => {
  expect(exceedsLimit(changeOf(1.2, 1), above(1.1), LEVEL)).toBe(true)
  expect(exceedsLimit(changeOf(1.11, 1), above(1.1), LEVEL)).toBe(false)
  expect(exceedsLimit(changeOf(0.8, 1), above(1.1), LEVEL)).toBe(false)
  expect(exceedsLimit(changeOf(0.8, 1), below(0.95), LEVEL)).toBe(true)
  expect(exceedsLimit(changeOf(1, 0.8), above(1.1), LEVEL)).toBe(false)
  expect(exceedsLimit(changeOf(1.2, 1.2), above(1.1), LEVEL)).toBe(false)
  expect(exceedsLimit(changeOf(1.2, null), above(1.1), LEVEL)).toBe(true)
  expect(exceedsLimit(changeOf(1.06, 1), above(1), LEVEL)).toBe(true)
})

test.each<[string, Change, RatioLimit, LimitOutcome]>([
  ['beyond it as a whole', changeOf(1.2, 1), above(1.1), 'exceeded'],
  ['within it as a whole', changeOf(1.01, 1), above(1.1), 'kept'],
  ['across it', changeOf(1.09, 1), above(1.1), 'undecided'],
  ['a gain', changeOf(0.5, 1), above(1.1), 'kept'],
  ['a loss across it', changeOf(0.94, 1), below(0.95), 'undecided'],
  ['a loss within it', changeOf(0.98, 1), below(0.95), 'kept'],
  ['the control moved', changeOf(1, 0.8), above(1.1), 'kept'],
  ['both moved apart, the control further', changeOf(1.09, 0.85), above(1.1), 'others'],
  ['both moved alike', changeOf(1.5, 1.5), above(1.1), 'alike'],
  ['both moved alike, the control unchanged', changeOf(1.5, 1.5, true), above(1.1), 'kept'],
])('%s', (_name, change, limit, outcome) => {
  expect(judgeLimit(change, limit, LEVEL)).toBe(outcome)
})

test('an interval of too little confidence, or without ends, keeps nothing', () => {
  const own = near(1, 0.9)
  const blind = { value: 1, lower: 0.08, upper: 99, level: 0.96 }
  for (const ratio of [own, blind])
    expect(
      judgeLimit({ own: ratio, control: null, isControlUnchanged: false }, above(1.1), LEVEL),
    ).toBe('undecided')
})

test('the smallest change in sight is the limit and half the interval', () => {
  const ratio = { value: 1.2, lower: 1, upper: 1.5, level: 0.96 }
  expect(smallestSeen(ratio, above(1.1))).toBeCloseTo(1.32)
  expect(smallestSeen(ratio, below(0.95))).toBeCloseTo(0.76)
  expect(smallestSeen({ ...ratio, lower: 0 }, above(1.1))).toBe(Number.POSITIVE_INFINITY)
})

test('an open interval exceeds by its one bound', () => {
  const open: Interval = { value: 1.5, lower: 1.3, upper: Number.POSITIVE_INFINITY, level: 0.96 }
  const change = { own: open, control: null, isControlUnchanged: false }
  expect(exceedsLimit(change, above(1.1), LEVEL)).toBe(true)
  expect(judgeChange(change, LEVEL)).toBe('larger')
})

test('the interval that decides is the relative one', () => {
  expect(decidingInterval(changeOf(1.2, 1.2)).value).toBe(1)
  expect(decidingInterval(changeOf(1.2, null)).value).toBe(1.2)
})

/** Both arms' change at one load: six old and six new trials of each, with a drift common to all new ones. */
function measured(random: Random, noise: number, drift: number, subject: number): Change {
  const trials = (by: number) => Array.from({ length: 6 }, () => by + noise * normal(random))
  const [before, after] = [
    [trials(0), trials(0)],
    [trials(drift + Math.log(subject)), trials(drift)],
  ] as const
  const ratios = ([own, control]: readonly (readonly number[])[]) =>
    own!.map((value, pair) => value - control![pair]!)
  const ratioOf = (first: readonly number[], second: readonly number[]): Interval => {
    const { value, lower, upper, level } = unpairedShift(first, second, LEVEL)
    const [centre, low, high] = [value, lower, upper].map(Math.exp) as [number, number, number]
    return { value: centre, lower: low, upper: high, level }
  }
  return {
    own: ratioOf(before[0], after[0]),
    control: {
      own: ratioOf(before[1], after[1]),
      relative: ratioOf(ratios(before), ratios(after)),
    },
    isControlUnchanged: false,
  }
}

/** The same with the control as the subject. */
function mirrored({ own, control, isControlUnchanged }: Change): Change {
  const { value, lower, upper, level } = control!.relative
  const relative = { value: 1 / value, lower: 1 / upper, upper: 1 / lower, level }
  return { own: control!.own, control: { own, relative }, isControlUnchanged }
}

const RUNS = 1_000

function shareOf(isSo: () => boolean): number {
  let count = 0
  for (let run = 0; run < RUNS; run++) count += Number(isSo())
  return count / RUNS
}

test.each([0.03, 0.1, 0.3, 0.6])(
  'runs of equals on a drifting machine exceed 10 % at one of three loads in at most 5 %, noise %f',
  (noise) => {
    const random = seededRandom(1)
    const alarmed = shareOf(() => {
      const drift = 0.15 * normal(random)
      return [1, 2, 3].some(() => {
        const change = measured(random, noise, drift, 1)
        return [change, mirrored(change)].some((arm) => exceedsLimit(arm, above(1.1), LEVEL))
      })
    })
    expect(alarmed).toBeLessThanOrEqual(0.05)
  },
)

test('without the control the same drift is taken for a change', () => {
  const random = seededRandom(2)
  const alarmed = shareOf(() => {
    const change = { ...measured(random, 0.03, 0.15 * normal(random), 1), control: null }
    return exceedsLimit(change, above(1.1), LEVEL)
  })
  expect(alarmed).toBeGreaterThan(0.15)
})

test('an arm that is slower by 20 % exceeds 10 % at one of three loads in nine runs of ten', () => {
  const random = seededRandom(3)
  const found = shareOf(() => {
    const drift = 0.03 * normal(random)
    return [1, 2, 3].some(() => exceedsLimit(measured(random, 0.04, drift, 1.2), above(1.1), LEVEL))
  })
  expect(found).toBeGreaterThanOrEqual(0.9)
})
