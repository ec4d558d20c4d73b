import { expect, test } from 'vitest'
import { compareArms, judgeArms } from '../../../harness/experiment/run/judge.ts'
import type { Trial, TrialSet } from '../../../harness/results/schema.ts'
import { FIRST, SECOND, sampleTrial } from '../../render/sample-report.ts'

const LEVEL = 0.95

interface Figures {
  readonly p99Ns: number
  readonly perSecond?: number
  /** Useful answers; the trial takes a second. */
  readonly useful?: number
  readonly void?: string
  readonly atLeast?: boolean
}

function trialOf(arm: string, figures: Figures): Trial {
  const trial = sampleTrial(arm, 1, 1_000, 0, 10)
  return {
    ...trial,
    void: figures.void ?? null,
    ...(figures.useful !== undefined && {
      steadySeconds: 1,
      useful: { withinNs: 1, count: figures.useful },
    }),
    achievedPerSecond: figures.perSecond ?? 1_000,
    maxNs: figures.p99Ns,
    percentiles: {
      ...trial.percentiles,
      p99: { ns: figures.p99Ns, atLeast: figures.atLeast ?? false },
    },
  }
}

/** Pairs of trials of the first and the second arm. */
function pairsOf(figures: readonly (readonly [Figures, Figures])[]): TrialSet[] {
  return figures.map(([first, second], index) => ({
    round: index,
    seed: index,
    traceHash: {},
    order: [FIRST, SECOND],
    trials: { [FIRST]: trialOf(FIRST, first), [SECOND]: trialOf(SECOND, second) },
    discarded: [],
  }))
}

/** Six pairs whose p99 differs by a factor. */
const sixTimes = (factor: number) =>
  pairsOf(
    Array.from({ length: 6 }, (_, index) => [
      { p99Ns: 1_000 + index },
      { p99Ns: (1_000 + index) * factor },
    ]),
  )

function judged(
  pairs: readonly TrialSet[],
  metric: 'p99' | 'achievedPerSecond' | 'goodputPerSecond' = 'p99',
  label = '50%',
  threshold = 1.05,
) {
  const load = { label, sets: [...pairs], ratios: compareArms(pairs, FIRST, SECOND, LEVEL) }
  return judgeArms(load, { metric, level: LEVEL, threshold, first: FIRST, second: SECOND })
}

test('ratios are second ÷ first, with their interval and the number of pairs', () => {
  const ratio = compareArms(sixTimes(2), FIRST, SECOND, LEVEL)!.p99!
  expect(ratio.value).toBeCloseTo(2)
  expect([ratio.lower, ratio.upper].map((bound) => bound.toFixed(3))).toEqual(['2.000', '2.000'])
  expect(ratio).toMatchObject({ n: 6, unit: '×' })
  expect(ratio.level).toBeGreaterThanOrEqual(0.95)
})

test('a larger latency loses, a larger throughput wins', () => {
  expect(judged(sixTimes(2))).toMatchObject({ metric: 'p99', winner: FIRST })
  expect(judged(sixTimes(0.5)).winner).toBe(SECOND)
  const faster = pairsOf(
    Array.from({ length: 6 }, () => [
      { p99Ns: 1, perSecond: 1_000 },
      { p99Ns: 1, perSecond: 2_000 },
    ]),
  )
  expect(judged(faster, 'achievedPerSecond', 'max')).toMatchObject({
    winner: SECOND,
    sentence: expect.stringMatching(/^At saturation sharded's throughput is 2\.00× staged's/),
  })
})

test('the sentence names load, figure, ratio, interval and winner', () => {
  expect(judged(sixTimes(0.5)).sentence).toBe(
    "At 50 % load sharded's p99 is 0.50× staged's (0.50–0.50, 6 pairs): sharded wins.",
  )
})

test('a difference too small to matter has no winner', () => {
  expect(judged(sixTimes(1.01))).toMatchObject({
    winner: 'none',
    sentence: expect.stringContaining('no difference that matters'),
  })
})

test('too few pairs and mixed ones are inconclusive, each for its reason', () => {
  expect(judged(sixTimes(2).slice(0, 3))).toMatchObject({
    winner: 'inconclusive',
    sentence: expect.stringContaining('a verdict needs at least 6 pairs'),
  })
  const mixed = [...sixTimes(2).slice(0, 3), ...sixTimes(0.5).slice(0, 3)]
  expect(judged(mixed)).toMatchObject({
    winner: 'inconclusive',
    sentence: expect.stringContaining('the interval leaves it open'),
  })
})

test('one pair has a ratio and no level', () => {
  expect(compareArms(sixTimes(2).slice(0, 1), FIRST, SECOND, LEVEL)!.p99).toMatchObject({
    n: 1,
    level: null,
  })
})

test('a pair with a void trial says nothing', () => {
  const wrong = pairsOf([[{ p99Ns: 1, void: 'wrong answers' }, { p99Ns: 100 }]])
  expect(compareArms(wrong, FIRST, SECOND, LEVEL)).toBeNull()
  expect(judged(wrong)).toMatchObject({
    winner: 'inconclusive',
    ratio: null,
    sentence: expect.stringContaining('no pair has right answers in both trials'),
  })
  expect(compareArms([...wrong, ...sixTimes(2)], FIRST, SECOND, LEVEL)!.p99!.n).toBe(6)
})

test('a pair that is not finished says nothing yet', () => {
  const [pair] = sixTimes(2)
  const half = { ...pair!, trials: { [FIRST]: pair!.trials[FIRST]! } }
  expect(compareArms([half], FIRST, SECOND, LEVEL)).toBeNull()
})

test('a pair that one arm left unanswered ranks beyond all others, and the arm is named', () => {
  const unfinished = [
    ...sixTimes(2),
    ...pairsOf([[{ p99Ns: 1_000 }, { p99Ns: 500, atLeast: true }]]),
  ]
  const comparison = compareArms(unfinished, FIRST, SECOND, LEVEL)!
  expect(comparison.p99).toMatchObject({ value: 2, lower: 2, upper: Infinity })
  expect(comparison.achievedPerSecond!.n).toBe(7)
  expect(judged(unfinished).sentence).toBe(
    "At 50 % load sharded's p99 is 2.00× staged's (2.00–∞, 7 pairs; in 1 of them sharded left its unanswered): staged wins.",
  )
})

test('a band raises what a winner needs, and the sentence says so', () => {
  const verdict = judged(sixTimes(1.1), 'p99', '50%', 1.2)
  expect(verdict).toMatchObject({ winner: 'inconclusive', threshold: 1.2 })
  expect(verdict.sentence).toContain('this machine’s own noise reaches to 1.20×')
  expect(judged(sixTimes(1.3), 'p99', '50%', 1.2).winner).toBe(FIRST)
})

test('a verdict that rests on marked trials says so', () => {
  const pairs = sixTimes(2)
  const failed = { name: 'noise', passed: false, figure: '9 %', message: 'noisy machine' }
  const marked = pairs.map((pair, index) =>
    index > 0
      ? pair
      : {
          ...pair,
          trials: { ...pair.trials, [FIRST]: { ...pair.trials[FIRST]!, gates: [failed] } },
        },
  )
  expect(judged(marked)).toMatchObject({
    winner: FIRST,
    markedTrials: 1,
    sentence: expect.stringContaining('but 1 of its 12 trials failed a validity gate'),
  })
})

test.each([
  [6, FIRST],
  [7, 'inconclusive'],
])('with %i noisy trials of 12 the winner is %s', (noisy, winner) => {
  const failed = { name: 'noise', passed: false, figure: '9 %', message: 'noisy machine' }
  let left = noisy
  const pairs = sixTimes(2).map((pair) => ({
    ...pair,
    trials: Object.fromEntries(
      Object.entries(pair.trials).map(([arm, trial]) => [
        arm,
        left-- > 0 ? { ...trial, gates: [failed] } : trial,
      ]),
    ),
  }))
  const verdict = judged(pairs)
  expect(verdict.winner).toBe(winner)
  expect(
    verdict.sentence.includes('to say whether staged or sharded wins: in 7 of their 12 trials'),
  ).toBe(noisy === 7)
})

test('an open comparison says how many pairs would probably decide', () => {
  const factors = [1.02, 1.2, 1.04, 1.16, 1.06, 1.22]
  const verdict = judged(
    pairsOf(factors.map((factor) => [{ p99Ns: 1_000 }, { p99Ns: 1_000 * factor }])),
  )
  expect(verdict.winner).toBe('inconclusive')
  expect(verdict.pairsToDecide).toBeGreaterThan(factors.length)
  expect(verdict.sentence).toContain(`about ${verdict.pairsToDecide} pairs would probably decide`)
})

test('an arm that left requests unanswered throughout loses', () => {
  const unanswered = (label: 'first' | 'second') =>
    pairsOf(
      Array.from({ length: 6 }, () => {
        const late = { p99Ns: 5_000, atLeast: true }
        return label === 'first' ? [late, { p99Ns: 1_000 }] : [{ p99Ns: 1_000 }, late]
      }),
    )
  expect(judged(unanswered('second'))).toMatchObject({
    winner: FIRST,
    ratio: { value: Infinity, lower: Infinity },
    sentence:
      "At 50 % load sharded's p99 falls on requests that it never answered, staged's does not (6 pairs; in 6 of them sharded left its unanswered): staged wins.",
  })
  expect(judged(unanswered('first'))).toMatchObject({
    winner: SECOND,
    sentence: expect.stringContaining("staged's p99 falls on requests that it never answered"),
  })
  // Both left some: there is no saying.
  const both = pairsOf([
    [
      { p99Ns: 1, atLeast: true },
      { p99Ns: 9, atLeast: true },
    ],
  ])
  expect(judged(both)).toMatchObject({
    winner: 'inconclusive',
    sentence:
      'At 50 % load staged and sharded have no p99 to compare: in 1 of 1 pairs both left so many requests unanswered that they have none.',
  })
  const mixed = [...unanswered('first').slice(0, 4), ...unanswered('second').slice(0, 4)]
  expect(judged(mixed)).toMatchObject({ winner: 'inconclusive', ratio: null })
})

test('a pair that neither arm answered is no defeat: the others say who wins, and it is told', () => {
  const late = { p99Ns: 5_000, atLeast: true }
  const pairs = pairsOf([
    ...Array.from({ length: 7 }, () => [{ p99Ns: 2_000 }, { p99Ns: 1_000 }] as const),
    [late, late],
  ])
  expect(judged(pairs)).toMatchObject({
    winner: SECOND,
    ratio: { n: 7, value: 0.5, lower: 0.5, upper: 0.5 },
    sentence:
      "At 50 % load sharded's p99 is 0.50× staged's (0.50–0.50, 7 pairs; in 1 more both did): sharded wins.",
  })
})

test('small ratios keep two digits', () => {
  expect(judged(sixTimes(0.00213)).sentence).toContain('0.0021× staged')
})

test('the larger goodput wins, and an arm without any loses to one that has some', () => {
  const goodputs = (first: number, second: number) =>
    judged(
      pairsOf(
        Array.from({ length: 6 }, () => [
          { p99Ns: 1, useful: first },
          { p99Ns: 1, useful: second },
        ]),
      ),
      'goodputPerSecond',
      '300%',
    )
  expect(goodputs(100, 200)).toMatchObject({
    winner: SECOND,
    sentence: expect.stringMatching(/^At 300 % load sharded's goodput is 2\.00× staged's/),
  })
  expect(goodputs(0, 200)).toMatchObject({
    winner: SECOND,
    sentence:
      'At 300 % load staged has no goodput at all, sharded has (6 pairs; in 6 of them staged had none): sharded wins.',
  })
  expect(goodputs(200, 0)).toMatchObject({
    winner: FIRST,
    sentence: expect.stringMatching(/sharded has no goodput at all, staged has/),
  })
  expect(goodputs(0, 0).winner).toBe('inconclusive')
})

test('goodput needs a time within which an answer is useful', () => {
  expect(judged(sixTimes(2), 'goodputPerSecond').sentence).toBe(
    'At 50 % load staged and sharded have no goodput to compare: within what time an answer is useful was not known in some trial.',
  )
})

test.each([
  [1, /a trial answered 1 request in the middle, and 10 are the least/],
  [9, /a trial answered 9 requests in the middle/],
  [10, /wins/],
  [0, /wins/],
])(
  'of trials that answered %i requests there is a verdict or a reason for none',
  (completed, sentence) => {
    const pairs = sixTimes(2)
    for (const { trials } of pairs)
      for (const trial of Object.values(trials)) trial.counts = { ...trial.counts, completed }
    const verdict = judged(pairs)
    expect(verdict.sentence).toMatch(sentence)
    expect(verdict.ratio === null).toBe(completed > 0 && completed < 10)
    expect(judged(pairs, 'achievedPerSecond').sentence).not.toMatch(/least that say/)
  },
)
