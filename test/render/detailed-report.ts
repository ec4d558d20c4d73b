import { seededRandom } from '../../harness/base/random.ts'
import type { Attribution, StageFigures } from '../../harness/results/trial-schema.ts'
import { type Report, reportSchema, type Trial } from '../../harness/results/schema.ts'
import { FIRST, sampleReport } from './sample-report.ts'

const WINDOWS = 10
const STAGED_PARTS = ['ingress wait', 'queue wait: decode', 'queue wait: apply', 'lock wait']
const SHARDED_PARTS = [
  'ingress wait',
  'mailbox wait: requests',
  'mailbox wait: replies',
  'off-load',
]
const COMMON_PARTS = ['batch wait', 'service', 'egress']

/** Parts of these shares, the first the largest. */
function attributionOf(arm: string, { percentiles }: Trial): Attribution {
  const parts = [...(arm === FIRST ? STAGED_PARTS : SHARDED_PARTS), ...COMMON_PARTS]
  const sum = (parts.length * (parts.length + 1)) / 2
  const band = (latencyNs: number) => ({
    samples: 20,
    latencyNs,
    partsNs: parts.map((_, index) => (latencyNs * (parts.length - index)) / sum),
  })
  return {
    parts,
    requestsPerSample: 32,
    samples: 100,
    dropped: 0,
    sumsWithinShare: 1,
    bands: {
      p50: band(percentiles.p50.ns),
      p99: band(percentiles.p99.ns),
      p99_9: band(percentiles.p99_9.ns),
    },
    slowestByCause: { 'ingress wait': 0.25, service: 0.75 },
  }
}

/** Two stages that take a share of the latency. */
function stagesOf(arm: string, { percentiles: { p50, p99 } }: Trial): StageFigures[] {
  const times = (share: number) => ({
    count: 100,
    meanNs: p50.ns * share,
    p50Ns: p50.ns * share,
    p90Ns: p50.ns * share,
    p99Ns: p99.ns * share,
    maxNs: p99.ns * share,
    histogram: '',
  })
  return ['decode', 'apply'].map((name, stage) => {
    const share = 0.25 / (stage + 1)
    const common = { name, service: times(share / 2) }
    return arm === FIRST
      ? {
          ...common,
          wait: times(share),
          threads: 2,
          batchBound: 16,
          requestsPerBatch: 1.5 + stage,
          takenPerSecond: 1_000,
          meanQueueLength: 0.5,
        }
      : {
          ...common,
          wait: null,
          threads: null,
          batchBound: null,
          requestsPerBatch: null,
          takenPerSecond: null,
          meanQueueLength: null,
        }
  })
}

function detailed(trial: Trial, seed: number): Trial {
  const random = seededRandom(seed)
  const { p50, p99, max } = trial.percentiles
  return {
    ...trial,
    series: Array.from({ length: WINDOWS }, (_, window) => ({
      startMs: 100 * window,
      completed: Math.round((trial.achievedPerSecond / WINDOWS) * (0.9 + 0.1 * random.unit())),
      p50Ns: p50.ns,
      p99Ns: Math.round(p99.ns * (0.5 + random.unit())),
      maxNs: max.ns,
    })),
    counters: { ...trial.counters, longestGapNs: Math.round(2_000_000 * random.unit()) },
    hiccups: { beforeNs: 180_000, afterNs: Math.round(900_000 * random.unit()) },
    attribution: attributionOf(trial.arm, trial),
    stages: stagesOf(trial.arm, trial),
  }
}

/** The sample with all that a run records about a trial: windows over time, gaps, what latency is made of. Always the same. */
export function detailedReport(): Report {
  const report = sampleReport()
  let seed = 1
  for (const load of report.loads) {
    for (const pair of load.sets) {
      for (const [arm, trial] of Object.entries(pair.trials)) {
        pair.trials[arm] = detailed(trial, seed++)
      }
    }
  }
  return reportSchema.parse(report)
}
