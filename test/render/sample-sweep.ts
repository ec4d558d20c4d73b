import { combineSeeds, seededRandom } from '../../harness/base/random.ts'
import { summarizeSweep } from '../../harness/experiment/sweep/summary.ts'
import type { PointPair, PointTrial } from '../../harness/results/points.ts'
import { COMPARISON_NAMES } from '../../harness/results/schema.ts'
import { type Sweep, sweepSchema } from '../../harness/results/sweep.ts'
import { makeTimerBound } from './make-timer-bound.ts'
import { sampleReport } from './sample-report.ts'

const SEED = 42
const FIRST = 'staged'
const SECOND = 'sharded'

/** True figures at a value: nanoseconds, requests per second; undefined p99 when it was never answered. */
interface Truth {
  readonly p99Ns: number | undefined
  readonly capacityPerSecond: number
}

/** What decides a sample. */
export interface SweepSettings {
  readonly over?: Sweep['over']
  readonly values?: readonly number[]
  readonly truth?: (value: number, arm: string) => Truth
  readonly pairs?: number
  /** Pairs with a closed window at each of these values. */
  readonly capacityAt?: readonly number[]
  /** Largest deviation of one figure, as a share. */
  readonly noise?: number
  readonly metric?: Sweep['run']['metric']
  /** Values at which waits of 100 µs take 152 µs. */
  readonly timerBoundAt?: readonly number[]
}

const THETA: Sweep['over'] = {
  subject: 'parameter',
  name: 'theta',
  unit: 'exponent',
  integer: false,
}
const CORES: Sweep['over'] = { subject: 'cores', name: 'cores', unit: 'cores', integer: true }
const STAGES: Sweep['over'] = {
  subject: 'parameter',
  name: 'stages',
  unit: 'stages',
  integer: true,
}

const REFERENCES: Readonly<Record<Sweep['over']['subject'], string>> = {
  parameter: `the smallest capacity of either arm at theta 0, 0.99 and 1.2`,
  load: 'the smaller capacity',
  cores: 'the smallest capacity per core of either arm at cores 1, 2, 3 and 4',
}

/** Sharded is ahead of staged until hot keys make one shard the busiest. */
function skewed(value: number, arm: string): Truth {
  return arm === FIRST
    ? { p99Ns: 4e5 + 1e5 * value, capacityPerSecond: 4e5 }
    : { p99Ns: 1.2e5 * Math.exp(1.6 * value), capacityPerSecond: 9e5 * Math.exp(-value) }
}

function trialOf(
  truth: Truth,
  arm: string,
  offered: number | null,
  index: number,
  noise: number,
): PointTrial {
  const random = seededRandom(
    combineSeeds(SEED, arm === FIRST ? 1 : 2, index, offered === null ? 1 : 0),
  )
  const noisy = (figure: number): number => figure * (1 + noise * (2 * random.unit() - 1))
  const p99 = noisy(truth.p99Ns ?? 5e8)
  const atLeast = truth.p99Ns === undefined
  return {
    arm,
    startedAtSeconds: index,
    percentiles: {
      p50: { ns: p99 / 8, atLeast: false },
      p90: { ns: p99 / 3, atLeast: false },
      p99: { ns: p99, atLeast },
      p99_9: { ns: p99 * 2, atLeast },
      max: { ns: p99 * 3, atLeast },
    },
    longestAnsweredNs: p99,
    achievedPerSecond: offered === null ? noisy(truth.capacityPerSecond) : offered,
    cpuPerRequestNs: noisy(9e3),
    declaredWaits: null,
    failedGates: atLeast ? ['completed'] : [],
    void: null,
  }
}

/** A whole sweep over theta of six pairs, unless the settings say otherwise. Always the same. */
export function sampleSweep(settings: SweepSettings = {}): Sweep {
  const { over = THETA, values = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2], truth = skewed } = settings
  const { pairs = 6, capacityAt = [0, 0.99, 1.2], noise = 0.06, metric = 'p99' } = settings
  const nothing = Object.fromEntries(COMPARISON_NAMES.map((name) => [name, null]))
  const { environment, scenario } = sampleReport()
  const pairOf = (value: number, offered: number | null, index: number): PointPair => {
    const order = index % 2 === 0 ? [FIRST, SECOND] : [SECOND, FIRST]
    return {
      value,
      seed: combineSeeds(SEED, index),
      offeredPerSecond: offered,
      order,
      discarded: [],
      trials: order.map((arm) =>
        trialOf(
          truth(value, arm),
          arm,
          offered,
          combineSeeds(index, Math.round(value * 100)),
          noise,
        ),
      ),
    }
  }
  const sweep = {
    schemaVersion: 1,
    complete: true,
    ending: null,
    run: {
      startedAt: '2026-11-22T19:53:58.000Z',
      command: 'npx crossover sweep hot-key --over theta=0..1.2 --seed 42',
      seed: SEED,
      elapsedSeconds: 171.2,
      cpus: [0, 1],
      virtualCores: null,
      durationSeconds: 0.5,
      plannedPairs: pairs,
      throughput: values.every((value) => capacityAt.includes(value)),
      plannedCapacityPairs: 3,
      metric,
      level: 0.95,
    },
    environment,
    scenario: {
      name: 'hot-key',
      question: 'What do popular keys cost?',
      claim: 'C09',
      prediction: { winner: 'staged', because: 'one shard gets most of the requests' },
      params: scenario.params,
    },
    arms: [FIRST, SECOND].map((label) => ({ label, architecture: label, options: {} })),
    over,
    load: {
      label: '50%',
      reference: REFERENCES[over.subject],
      referencePerSecond: 271_000,
      sustained: [],
      perCore: over.subject === 'cores',
    },
    values: values.map((value) => ({
      value,
      offeredPerSecond: over.subject === 'cores' ? 135_500 * value : 135_500,
      figures: {},
      ratios: nothing,
      outcome: 'unknown',
      capacity: null,
      pairs: Array.from({ length: pairs }, (_, index) => pairOf(value, 135_500, index)),
    })),
    capacityPairs: [0, 1, 2].flatMap((index) =>
      capacityAt.map((value) => pairOf(value, null, index)),
    ),
    scaling: null,
    slopes: null,
    markedTrials: { count: 0, of: 0, byGate: {} },
    warnings: [],
  }
  const parsed = sweepSchema.parse(sweep)
  for (const { value, pairs: own } of parsed.values) {
    if (settings.timerBoundAt?.includes(value) === true) own.forEach(makeTimerBound)
  }
  summarizeSweep(parsed)
  return sweepSchema.parse(parsed)
}

/** A sweep that ended early, in which sharded answers no more from theta 1 on. */
export function troubledSweep(): Sweep {
  const whole = sampleSweep({
    truth: (value, arm) =>
      value >= 1 && arm === SECOND
        ? { ...skewed(value, arm), p99Ns: undefined }
        : skewed(value, arm),
  })
  const warnings = [{ code: 'busy-machine', message: 'others were at work', cure: 'wait' }]
  return { ...whole, complete: false, ending: 'the run was interrupted', warnings }
}

/** Staged's capacity suffers from contention and coherency, sharded's hardly. */
export function coresSweep(values: readonly number[] = [1, 2, 3, 4]): Sweep {
  return sampleSweep({
    over: CORES,
    values,
    capacityAt: values,
    noise: 0.01,
    truth: (cores, arm) => {
      const [sigma, kappa] = arm === FIRST ? [0.2, 0.05] : [0.02, 0]
      const loss = 1 + sigma! * (cores - 1) + kappa! * cores * (cores - 1)
      return { p99Ns: arm === FIRST ? 3e5 : 1e5, capacityPerSecond: (3e5 * cores) / loss }
    },
  })
}

/** Each stage adds 160 µs to staged's p99, and 20 µs to its median. */
export function stagesSweep(): Sweep {
  return sampleSweep({
    over: STAGES,
    values: [1, 2, 3, 4],
    capacityAt: [],
    noise: 0.01,
    truth: (stages, arm) => ({
      p99Ns: arm === FIRST ? 4e5 + 1.6e5 * stages : 2e5,
      capacityPerSecond: 1e5,
    }),
  })
}
