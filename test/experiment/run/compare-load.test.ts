import { expect, test } from 'vitest'
import { compareLoad } from '../../../harness/experiment/run/compare-load.ts'
import type { Load, Trial, TrialSet } from '../../../harness/results/schema.ts'
import { FIRST, SECOND, sampleTrial } from '../../render/sample-report.ts'
import { gateOf } from '../sample-trial.ts'

const LEVEL = 0.95
const THIRD = 'staged:layout=fused'
const COMPARISONS = [
  { first: FIRST, second: SECOND },
  { first: THIRD, second: SECOND },
]

/** Latencies of one arm, round by round. */
interface Course {
  readonly p99Ns: (round: number) => number
  readonly p50Ns?: number
  readonly keepsUp?: boolean
}

const steady = (ns: number): Course => ({ p99Ns: (round) => ns + round })

function trialOf(
  arm: string,
  { p99Ns, p50Ns = 500, keepsUp = true }: Course,
  round: number,
): Trial {
  const trial = sampleTrial(FIRST, 1, 1_000, 0, 10)
  return {
    ...trial,
    arm,
    gates: [gateOf('completed', keepsUp)],
    percentiles: {
      ...trial.percentiles,
      p50: { ns: p50Ns, atLeast: false },
      p99: Number.isFinite(p99Ns(round))
        ? { ns: p99Ns(round), atLeast: false }
        : { ns: 5_000, atLeast: true },
    },
  }
}

interface Asked {
  readonly rounds?: number
  readonly isAtMax?: boolean
  /** The last set lacks its second arm. */
  readonly isBegun?: boolean
}

function compared(arms: Readonly<Record<string, Course>>, asked: Asked = {}) {
  const load = loadWith(arms, asked)
  const comparisons = COMPARISONS.slice(0, Object.keys(arms).length - 1)
  return compareLoad(load, { comparisons, metric: 'p99', level: LEVEL, threshold: 1.05 })
}

function loadWith(
  arms: Readonly<Record<string, Course>>,
  { rounds = 8, isAtMax = false, isBegun = false }: Asked = {},
): Load {
  const labels = Object.keys(arms)
  const sets = Array.from({ length: rounds }, (_, round): TrialSet => {
    const trials = labels.map((arm) => [arm, trialOf(arm, arms[arm]!, round)] as const)
    return {
      round,
      seed: round,
      traceHash: {},
      order: round % 2 === 0 ? labels : labels.toReversed(),
      trials: Object.fromEntries(trials),
      discarded: [],
    }
  })
  if (isBegun) delete sets.at(-1)!.trials[SECOND]
  return {
    label: isAtMax ? 'max' : '50%',
    offeredPerSecond: isAtMax ? null : 1_000,
    fractionOfCapacity: null,
    sets,
    comparisons: [],
  }
}

test('a load gets ratios and a verdict for each comparison, with both arms in its sentence', () => {
  const found = compared({
    [FIRST]: steady(1_000),
    [THIRD]: steady(4_000),
    [SECOND]: steady(2_000),
  })
  expect(found).toMatchObject([
    { first: FIRST, second: SECOND, verdict: { winner: FIRST, metric: 'p99' } },
    { first: THIRD, second: SECOND, verdict: { winner: SECOND, metric: 'p99' } },
  ])
  expect(found.map(({ ratios }) => ratios!.p99!.value.toFixed(1))).toEqual(['2.0', '0.5'])
  expect(found[1]!.verdict!.sentence).toMatch(/sharded's p99 is .*staged:layout=fused's/)
})

test('verdicts of one load share their error: one alone is judged more easily than beside others', () => {
  const open: Course = { p99Ns: (round) => (round % 2 === 0 ? 900 : 1_120) + round }
  const [alone] = compared({ [FIRST]: steady(1_000), [SECOND]: open })
  expect(alone!.verdict!.ratio!.level).toBeGreaterThan(0.95)
  expect(alone!.verdict!.ratio!.level).toBeLessThan(0.975)
  const beside = compared({ [FIRST]: steady(1_000), [THIRD]: steady(1_000), [SECOND]: open })
  for (const { verdict } of beside) expect(verdict!.ratio!.level).toBeGreaterThan(0.975)
})

test('what is decided leaves the others its share of the error', () => {
  const open: Course = { p99Ns: (round) => 2_000 * (round % 2 === 0 ? 0.9 : 1.12) + round }
  const [sure, left] = compared({ [FIRST]: steady(1_000), [THIRD]: open, [SECOND]: steady(2_000) })
  expect(sure!.verdict!.winner).toBe(FIRST)
  expect(sure!.verdict!.ratio!.level).toBeGreaterThan(0.975)
  expect(left!.verdict).toMatchObject({ winner: 'inconclusive' })
  expect(left!.verdict!.ratio!.level).toBeLessThan(0.975)
})

test('six pairs are too few for two verdicts at once', () => {
  const arms = { [FIRST]: steady(1_000), [THIRD]: steady(4_000), [SECOND]: steady(2_000) }
  for (const { verdict } of compared(arms, { rounds: 6 }))
    expect(verdict).toMatchObject({
      winner: 'inconclusive',
      sentence: expect.stringContaining('a verdict needs at least 7 pairs'),
    })
})

test('a load that an arm does not keep up with has no ratio of latencies and no winner by them', () => {
  const slow: Course = { p99Ns: () => 9e6, p50Ns: 4e6, keepsUp: false }
  const [found] = compared({ [FIRST]: slow, [SECOND]: steady(1_000) })
  expect(found!.verdict).toMatchObject({ winner: 'inconclusive', ratio: null })
  expect(found!.verdict!.sentence).toBe(
    "At 50 % load staged does not keep up (less than 99 % answered in 8 of 8 trials): latencies of a growing queue measure the trial's length, so there are none to compare.",
  )
  expect(found!.ratios).toMatchObject({ p50: null, p99: null, max: null })
  expect(found!.ratios!.achievedPerSecond).not.toBeNull()
  expect(found!.sure).toEqual([])
})

test('a figure beyond doubt stands beside an undecided tail', () => {
  const wild: Course = { p99Ns: (round) => 1_000 * (round % 2 === 0 ? 3 : 1 / 3), p50Ns: 100 }
  const [found] = compared({ [FIRST]: steady(1_000), [SECOND]: wild })
  expect(found!.verdict!.winner).toBe('inconclusive')
  expect(found!.sure).toMatchObject([{ metric: 'p50', ratio: { value: 0.2 } }])
  expect(found!.sure[0]!.ratio.level).toBeGreaterThan(0.99)
  expect(compared({ [FIRST]: steady(1_000), [SECOND]: wild }, { rounds: 6 })[0]!.sure).toEqual([])
})

test('of pairs that neither order had answered the effect of the order has no middle', () => {
  // Never answered in either order, now by the one arm and now by the other.
  const late = (places: readonly number[]): Course => ({
    p99Ns: (round) => (places.includes(round % 4) ? Infinity : 1_000),
  })
  const [found] = compared({ [FIRST]: late([0, 1]), [SECOND]: late([2, 3]) })
  expect(found!.orderEffect).toBeNull()
})

test('what the order within a pair does is told', () => {
  // Second in even rounds, first in odd ones.
  const second: Course = { p99Ns: (round) => (round % 2 === 0 ? 1_000 : 1_500) + round }
  const [found] = compared({ [FIRST]: { p99Ns: () => 1_000 }, [SECOND]: second })
  expect(found!.orderEffect!.value).toBeCloseTo(1.5, 1)
  expect(found!.orderEffect!.lower).toBeGreaterThan(1)
  expect(found!.orderEffect!.level).toBeGreaterThan(0.95)
  const [even] = compared({ [FIRST]: steady(1_000), [SECOND]: steady(1_000) })
  expect(even!.orderEffect!.lower).toBeLessThanOrEqual(1)
  expect(even!.orderEffect!.upper).toBeGreaterThanOrEqual(1)
})

test('a set that lacks an arm yet counts for the others', () => {
  const arms = { [FIRST]: steady(1_000), [SECOND]: steady(2_000) }
  const [found] = compared(arms, { rounds: 2, isAtMax: true, isBegun: true })
  expect(found).toMatchObject({
    ratios: { p99: { n: 1 } },
    verdict: { metric: 'achievedPerSecond' },
  })
})

test('a verdict on a class of requests says so, but for metrics that are of all', () => {
  const load = loadWith({ [FIRST]: steady(1_000), [SECOND]: steady(2_000) })
  const rule = { comparisons: COMPARISONS.slice(0, 1), level: LEVEL, threshold: 1.05 } as const
  const said = (metric: 'p99' | 'achievedPerSecond') =>
    compareLoad(load, { ...rule, metric, requestClass: 'light' })[0]!.verdict!.sentence
  expect(said('p99')).toContain(`${SECOND}'s p99 of light requests is 2.00×`)
  expect(said('achievedPerSecond')).not.toContain('light')
})
