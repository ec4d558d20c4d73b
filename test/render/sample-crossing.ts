import { combineSeeds, seededRandom } from '../../harness/base/random.ts'
import { summarizeFind } from '../../harness/experiment/find/summary.ts'
import { type CrossingSearch, crossingSchema } from '../../harness/results/find.ts'
import type { PointPair, PointTrial } from '../../harness/results/points.ts'
import { makeTimerBound } from './make-timer-bound.ts'
import { sampleReport } from './sample-report.ts'

const SEED = 42
const OFFERED_PER_SECOND = 30_000
const STAGED_NS = 5e5

/** What decides a sample. */
export interface CrossingSettings {
  /** Pairs at each value. */
  readonly pairs?: Readonly<Record<string, number>>
  /** True ratio of p99 at a value; undefined where sharded leaves requests unanswered. */
  readonly ratio?: (value: number) => number | undefined
  /** Largest deviation of one figure, as a share. */
  readonly noise?: number
  readonly metric?: CrossingSearch['run']['metric']
  /** Values at which waits of 100 µs take 152 µs. */
  readonly timerBoundAt?: readonly number[]
}

/** As a search leaves them: most beside the crossing. */
const SEARCHED = { 0: 6, 0.3: 2, 0.6: 4, 0.75: 9, 0.825: 8, 0.9: 10, 1.2: 6 }

function trialOf(arm: string, p99Ns: number | undefined, startedAtSeconds: number): PointTrial {
  const ns = p99Ns ?? 5e8
  const atLeast = p99Ns === undefined
  return {
    arm,
    startedAtSeconds,
    percentiles: {
      p50: { ns: ns / 8, atLeast: false },
      p90: { ns: ns / 3, atLeast: false },
      p99: { ns, atLeast },
      p99_9: { ns: ns * 2, atLeast },
      max: { ns: ns * 3, atLeast },
    },
    longestAnsweredNs: ns,
    achievedPerSecond: OFFERED_PER_SECOND,
    cpuPerRequestNs: 9e3,
    declaredWaits: null,
    failedGates: atLeast ? ['completed'] : [],
    void: null,
  }
}

/** Sharded is ahead until hot keys make one shard the busiest. */
function skewed(value: number): number {
  return Math.exp(1.6 * (value - 0.85))
}

/** A whole search over theta, unless the settings say otherwise. Always the same. */
export function sampleCrossing(settings: CrossingSettings = {}): CrossingSearch {
  const { pairs = SEARCHED, ratio = skewed, noise = 0.12, metric = 'p99' } = settings
  const { environment, scenario } = sampleReport()
  let number = 0
  const pairAt = (value: number): PointPair => {
    const random = seededRandom(combineSeeds(SEED, number))
    const noisy = (figure: number): number => figure * (1 + noise * (2 * random.unit() - 1))
    const truth = ratio(value)
    const seconds = 3.7 * number++
    return {
      value,
      seed: combineSeeds(SEED, number),
      offeredPerSecond: OFFERED_PER_SECOND,
      order: ['staged', 'sharded'],
      discarded: [],
      trials: [
        trialOf('staged', noisy(STAGED_NS), seconds),
        trialOf(
          'sharded',
          truth === undefined ? undefined : noisy(STAGED_NS * truth),
          seconds + 1.8,
        ),
      ],
    }
  }
  const values = Object.entries(pairs)
    .map(([value, count]) => ({ value: Number(value), count }))
    .toSorted((a, b) => a.value - b.value)
    .map(({ value, count }) => ({
      value,
      offeredPerSecond: OFFERED_PER_SECOND,
      pairs: Array.from({ length: count }, () => pairAt(value)),
      pairRatios: [],
      ratio: null,
      fitted: null,
      timerBound: null,
      saturated: [],
    }))
  for (const { value, pairs: own } of values) {
    if (settings.timerBoundAt?.includes(value) === true) own.forEach(makeTimerBound)
  }
  return summarizedSearch({
    schemaVersion: 1,
    complete: true,
    ending: null,
    end: 'precise',
    run: {
      startedAt: '2026-11-24T19:53:58.000Z',
      command: 'npx crossover find hot-key --over theta --seed 42',
      seed: SEED,
      elapsedSeconds: 171.2,
      cpus: [0, 1],
      virtualCores: null,
      durationSeconds: 0.5,
      metric,
      level: 0.95,
      requestClass: null,
      until: 0.1,
      mostPairs: null,
    },
    environment,
    scenario: {
      name: 'hot-key',
      question: scenario.question,
      claim: scenario.claim,
      prediction: scenario.prediction,
      params: { keys: 1_000 },
    },
    arms: [
      { label: 'staged', architecture: 'staged', options: {} },
      { label: 'sharded', architecture: 'sharded', options: {} },
    ],
    over: {
      subject: 'parameter',
      name: 'theta',
      unit: 'exponent',
      integer: false,
      from: 0,
      to: 1.2,
    },
    load: {
      label: '50%',
      reference: 'the smallest capacity of either arm at theta 0, 0.99 and 1.2',
      referencePerSecond: 60_000,
      sustained: [],
      perCore: false,
    },
    values,
    crossing: null,
    capacityPairs: [],
    markedTrials: { count: 0, of: 0, byGate: {} },
    warnings: [],
  })
}

/** Sharded is ahead everywhere. */
export function uncrossed(): CrossingSearch {
  const pairs = { 0: 12, 0.3: 2, 0.6: 2, 0.9: 2, 1.2: 12 }
  return { ...sampleCrossing({ pairs, ratio: () => 0.6 }), end: 'no-crossing' }
}

/** Equals throughout, as far as anybody can see. */
export function undecidedSearch(): CrossingSearch {
  const pairs = { 0: 8, 0.3: 8, 0.6: 8, 0.9: 8, 1.2: 8 }
  return { ...sampleCrossing({ pairs, ratio: () => 1.01 }), end: 'budget' }
}

/** One that was stopped early, with requests left unanswered, a pair that is not whole, and a warning. */
export function troubledSearch(): CrossingSearch {
  const search = sampleCrossing({
    pairs: { 0: 2, 0.3: 2, 0.6: 2, 0.9: 2, 1.2: 3 },
    ratio: (value) => (value === 1.2 ? undefined : skewed(value)),
  })
  search.values[4]?.pairs[2]?.trials.pop()
  search.values[0]?.pairs[0]?.trials[0]?.failedGates.push('noise')
  return summarizedSearch({
    ...search,
    complete: false,
    ending: 'the run was interrupted',
    end: null,
    warnings: [
      {
        code: 'busy-machine',
        message: 'other processes took 7.0 % of the processors’ time',
        cure: 'end other programs and run again',
      },
    ],
  })
}

/** With everything that follows from its trials, and of the schema’s shape. */
export function summarizedSearch(search: CrossingSearch): CrossingSearch {
  const copy = structuredClone(search)
  summarizeFind(copy)
  return crossingSchema.parse(copy)
}
