import { compare, sampleEstimate } from './sample-estimates.ts'
import { ROUNDS, sampleRounds } from './sample-rounds.ts'
import { SHARDED_COUNTERS, STAGED_COUNTERS } from './sample-counters.ts'
import { combineSeeds, seededRandom } from '../../harness/base/random.ts'
import { encodeHistogram, histogramFromBuckets } from '../../harness/results/histogram.ts'
import {
  type BreakEven,
  type Latency,
  type Load,
  type Report,
  reportSchema,
  SCHEMA_VERSION,
  type Sustained,
  type Trial,
  type TrialSet,
  type Verdict,
} from '../../harness/results/schema.ts'

const OBSERVATIONS = 2_000
export const FIRST = 'staged'
export const SECOND = 'sharded'

/** Latencies of one trial: log-normal around a median, a few outliers; ascending. */
function latencies(seed: number, count: number, medianNs: number, spread: number): number[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.unit()))
    const normal = radius * Math.cos(2 * Math.PI * random.unit())
    return Math.max(1, Math.round(medianNs * Math.exp(spread * normal)))
  }).toSorted((a, b) => a - b)
}

/** One trial; `unanswered` requests are later than everything else. */
export function sampleTrial(
  arm: string,
  seed: number,
  medianNs: number,
  unanswered = 0,
  observations = OBSERVATIONS,
): Trial {
  const isStaged = arm === FIRST
  const values = latencies(
    combineSeeds(seed, isStaged ? 1 : 2),
    observations,
    medianNs,
    isStaged ? 0.8 : 0.45,
  )
  const completed = values.length - unanswered
  const at = (share: number): Latency => {
    const rank = Math.ceil(share * values.length)
    return rank > completed
      ? { ns: 1_000_000_000, atLeast: true }
      : { ns: values[rank - 1] as number, atLeast: false }
  }
  const answered = values.slice(0, completed)
  return {
    arm,
    attempt: 1,
    startedAtSeconds: seed * 3,
    warmUpSeconds: 0.5,
    steadySeconds: 1,
    drainSeconds: 0.1,
    void: null,
    offeredPerSecond: values.length,
    achievedPerSecond: completed,
    counts: { due: values.length, completed, refused: 0, unanswered },
    histogram: encodeHistogram(histogramFromBuckets(answered.map((value) => [value, 1]))),
    minNs: answered[0] ?? 0,
    maxNs: answered.at(-1) ?? 0,
    percentiles: { p50: at(0.5), p90: at(0.9), p99: at(0.99), p99_9: at(0.999), max: at(1) },
    backlog: { largestCount: 12, largestAgeNs: 340_000 },
    counters: isStaged ? STAGED_COUNTERS : SHARDED_COUNTERS,
    backgroundShare: null,
    classes: null,
    threads: [],
    series: [],
    gates: [
      { name: 'saturated', passed: true, figure: '100% / 100%', message: 'requests piled up' },
    ],
    runtime: { helperSeconds: 0.001, mainSeconds: 0.002 },
    attribution: null,
    stages: null,
    client: null,
    hiccups: { beforeNs: 180_000 + seed, afterNs: isStaged ? 420_000 : null },
    memory: { sharedBytes: 48 * 2 ** 20, heapBytes: 31_000_000 },
    tuned: {},
  }
}

function sampleSet(
  index: number,
  observations: number,
  medians: Readonly<Record<string, number>>,
): TrialSet {
  const order = index % 2 === 0 ? [FIRST, SECOND] : [SECOND, FIRST]
  const trials = order.map(
    (arm) => [arm, sampleTrial(arm, index, medians[arm] ?? 1, 0, observations)] as const,
  )
  return {
    round: index,
    seed: 40 + index,
    traceHash: { [FIRST]: 'a1b2', [SECOND]: 'a1b2' },
    order,
    trials: Object.fromEntries(trials),
    discarded: [],
  }
}

function sampleLoad(percent: number, stagedNs: number, shardedNs: number, sentence: string): Load {
  const sets = Array.from({ length: ROUNDS }, (_, index) =>
    sampleSet(index, 40 * percent, { [FIRST]: stagedNs, [SECOND]: shardedNs }),
  )
  const ratios = compare(sets)
  return {
    label: `${percent}%`,
    offeredPerSecond: 40 * percent,
    fractionOfCapacity: percent / 100,
    sets,
    comparisons: [
      {
        first: FIRST,
        second: SECOND,
        ratios,
        sure: [],
        orderEffect: null,
        verdict: {
          metric: 'p99',
          winner: percent === 80 ? 'inconclusive' : SECOND,
          ratio: ratios.p99,
          threshold: percent === 50 ? 1.124 : 1.05,
          pairsToDecide: percent === 80 ? 14 : null,
          markedTrials: 0,
          sentence,
        },
      },
    ],
  }
}

/** A trial whose set was played again. Its latencies are told apart at once: seconds. */
export function repeatedTrial(arm: string, attempt: number, gates: readonly string[]): Trial {
  return {
    ...sampleTrial(arm, 90 + attempt, 5_000_000_000),
    attempt,
    gates: gates.map((name) => ({ name, passed: false, figure: '8%', message: 'not to be seen' })),
  }
}

/** A set that was played again since this arm's trial failed these gates. */
export function repeatedSet(
  arm: string,
  attempt: number,
  gates: readonly string[],
): TrialSet['discarded'][number] {
  const trials = [FIRST, SECOND].map(
    (label) => [label, repeatedTrial(label, attempt, label === arm ? gates : [])] as const,
  )
  return { cause: gates[0] ?? 'noise', arm, trials: Object.fromEntries(trials) }
}

/** A whole run as a reader gets it: three loads, six rounds of two arms, one warning. Always the same. */
export function sampleReport(): Report {
  const staged = { label: FIRST, architecture: 'staged', options: { layout: 'classic' } } as const
  const sharded = { label: SECOND, architecture: 'sharded', options: { batch: 16 } } as const
  return reportSchema.parse({
    schemaVersion: SCHEMA_VERSION,
    complete: true,
    ending: null,
    run: {
      id: '2026-11-22T19-53-58Z-kv-update',
      startedAt: '2026-11-22T19:53:58.000Z',
      command: 'crossover run kv-update --seed 42',
      seed: 42,
      elapsedSeconds: 91.4,
      profile: 'default',
      cpus: [0, 1],
      durationSeconds: 1,
      plannedRounds: ROUNDS,
      metric: 'p99',
      level: 0.95,
      precision: null,
      virtualCores: null,
      transport: { kind: 'replay' },
    },
    environment: {
      cpu: 'Example CPU @ 2.60GHz',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      kernel: '6.1.0',
      platform: 'linux x64',
      node: '26.10.0',
      v8: '14.6',
      crossover: '0.1.0',
      mitigations: { spectre_v2: 'Mitigation: Retpolines', meltdown: 'Not affected' },
      cgroupQuota: null,
      governor: null,
      loadAverageBefore: [0.1, 0.2, 0.3],
      loadAverageAfter: [1.4, 0.9, 0.5],
      pinned: true,
      smt: false,
      nodeFlags: [],
      serverFlags: ['--single-threaded-gc'],
      helperThreads: 1,
      transparentHugePages: 'madvise',
      virtual: true,
      stealShare: 0.0021,
      othersShare: 0.013,
      throttledSeconds: null,
    },
    scenario: {
      name: 'kv-update',
      question: 'Which architecture serves small reads and updates with the lower tail?',
      claim: 'C04',
      prediction: {
        winner: SECOND,
        because: 'a request costs less than the handoffs and locks around it',
      },
      params: { keys: 100_000, valueBytes: 100, distribution: 'scrambled-zipfian' },
    },
    arms: [staged, sharded],
    comparisons: [{ first: FIRST, second: SECOND }],
    rounds: sampleRounds([FIRST, SECOND]),
    capacity: {
      windowPerPort: 256,
      sustained: {
        [FIRST]: sampleEstimate([176_000, 181_000, 188_000], 'requests/s', 0.969),
        [SECOND]: sampleEstimate([531_000, 548_000, 561_000], 'requests/s', 0.969),
      },
      sustainedRatios: [sampleEstimate([2.87, 3.03, 3.15], '×', 0.969)],
      saturated: {
        [FIRST]: sampleEstimate([205_000, 212_000, 216_000], 'requests/s', null),
        [SECOND]: sampleEstimate([610_000, 640_000, 655_000], 'requests/s', null),
      },
      inlineCeiling: sampleEstimate([1_900_000, 1_950_000, 1_980_000], 'requests/s', null),
      overheadNs: {
        [FIRST]: sampleEstimate([8_200, 8_410, 8_700], 'ns', null),
        [SECOND]: sampleEstimate([2_010, 2_100, 2_230], 'ns', null),
      },
      cpuPerRequestNs: {
        [FIRST]: sampleEstimate([8_050, 8_400, 8_620], 'ns', null),
        [SECOND]: sampleEstimate([2_960, 3_100, 3_180], 'ns', null),
      },
    },
    breakEven: {
      cores: 2,
      objective: { percentile: 'p99', ns: 84_000, source: 'ten-services' },
      staged: FIRST,
      sharded: SECOND,
      breakEvenRatio: 0.82,
      measuredRatio: sampleEstimate([0.36, 0.37, 0.38], '×', null),
    },
    objective: null,
    band: {
      path: 'reports/machine.json',
      measuredAt: '2026-11-20T08:00:00.000Z',
      runs: 20,
      pairs: 6,
      durationSeconds: 1,
      ratios: { '20%': 1.031, '50%': 1.124 },
    },
    bandNote: null,
    loads: [
      sampleLoad(
        20,
        95_000,
        31_000,
        'sharded is faster: its p99 latency is about a fifth of staged’s.',
      ),
      sampleLoad(
        50,
        140_000,
        40_000,
        'sharded is faster: its p99 latency is about an eighth of staged’s.',
      ),
      sampleLoad(80, 420_000, 300_000, 'inconclusive: about 14 pairs would probably decide.'),
    ],
    warnings: [
      {
        code: 'no-governor',
        message: 'the processor’s frequency governor cannot be read',
        cure: 'on a machine of your own, set it to performance',
      },
    ],
  })
}

/** A search of the highest load within an objective instead of a comparison, on virtual cores. */
export function objectiveReport(): Report {
  const report = sampleReport()
  const sustained = (values: readonly number[], latencies: readonly number[]): Sustained => ({
    perSecond: sampleEstimate(values, 'requests/s', null),
    atLeast: false,
    confirmed: true,
    kept: 2,
    of: 3,
    markedTrials: 0,
    latencyNs: sampleEstimate(latencies, 'ns', null),
  })
  report.run.virtualCores = 8
  report.run.command = 'crossover run queue-discipline --slo p99=1ms --virtual-cores 8'
  report.loads = []
  report.band = null
  report.objective = {
    percentile: 'p99',
    limitNs: 1_000_000,
    arms: {
      [FIRST]: sustained([150_000, 152_000, 155_000], [912_000, 955_000, 1_030_000]),
      [SECOND]: sustained([430_000, 442_000, 451_000], [871_000, 933_000, 1_010_000]),
    },
    ratio: sampleEstimate([2.77, 2.91, 3.01], '×', null),
    sentence: 'sharded sustains about 2.9 times the load of staged within p99 ≤ 1 ms.',
    probes: [
      [FIRST, 100_000, 640_000, true, false],
      [FIRST, 200_000, 48_000_000, false, true],
      [SECOND, 400_000, 870_000, true, false],
    ].map(([arm, offeredPerSecond, ns, kept, atLeast]) => ({
      arm: arm as string,
      offeredPerSecond: offeredPerSecond as number,
      latency: { ns: ns as number, atLeast: atLeast as boolean },
      kept: kept as boolean,
      failedGates: [],
    })),
  }
  report.breakEven = {
    ...(report.breakEven as BreakEven),
    objective: { percentile: 'p99', ns: 1_000_000, source: 'slo' },
  }
  report.warnings = []
  return reportSchema.parse(report)
}

/**
 * The sample with everything that can go wrong in a run: stopped, a void trial, a failed gate,
 * repeated trials, unanswered requests, no band.
 */
export function troubledReport(): Report {
  const report = sampleReport()
  report.complete = false
  report.ending = 'stopped by Ctrl-C'
  const [first, second, third] = report.loads as [Load, Load, Load]
  ;(first.sets[0] as TrialSet).trials[SECOND] = {
    ...sampleTrial(SECOND, 0, 31_000),
    void: '3 of 2,000 answers carry a wrong checksum',
  }
  for (const set of second.sets) set.trials[FIRST] = sampleTrial(FIRST, set.round, 140_000, 40)
  ;(second.sets[1] as TrialSet).trials[FIRST]?.gates.push({
    name: 'noisy machine',
    passed: false,
    figure: '7.2% of processor time',
    message: 'other programs took processor time from the threads',
  })
  second.comparisons[0]!.ratios = compare(second.sets)
  second.sets[2]?.discarded.push(
    repeatedSet(FIRST, 1, ['noise']),
    repeatedSet(FIRST, 2, ['noise', 'clock']),
    repeatedSet(FIRST, 1, ['runtime']),
  )
  report.band = null
  report.bandNote = 'no A/A band of this machine: run `crossover validate` once'
  ;(second.comparisons[0]!.verdict as Verdict).threshold = 1.05
  second.fractionOfCapacity = 0.41
  third.sets = []
  third.comparisons = [
    { first: FIRST, second: SECOND, ratios: null, verdict: null, sure: [], orderEffect: null },
  ]
  report.rounds.length = 4
  report.rounds[3]!.seconds = null
  return report
}
