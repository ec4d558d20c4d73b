import { NS_PER_US } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { PhaseLogMemory } from '../measure/phase-log.ts'
import type { Attribution } from '../results/trial-schema.ts'
import { REQUESTS_PER_SAMPLE } from '../shared-memory/phase-layout.ts'

/** Parts that do not add up to the latency within this much, or this share of it, are counted. */
const SUM_TOLERANCE_NS = 2 * NS_PER_US
const SUM_TOLERANCE_SHARE = 0.02
/** A band of fewer sampled requests says nothing. */
const FEWEST_IN_BAND = 5

/** Ranks of the requests that stand for a percentile, as shares of all sampled ones: from, to. */
const BANDS = {
  p50: [0.4, 0.6],
  p99: [0.985, 0.995],
  p99_9: [0.9985, 0.9995],
} as const
const SLOWEST_FROM = 0.99

/** In the order of their cells, from `CELL_INGRESS` to the one before `CELL_WAITS`. */
const PART_NAMES = ['ingress wait', 'service', 'batch wait', 'lock wait', 'egress', 'declared wait']
/** In the order of their cells, from `CELL_WAITS` on. */
const SHARDED_WAIT_NAMES = [
  'mailbox wait: requests',
  'mailbox wait: replies',
  'legs',
  'off-load',
  'slice wait',
]

/** What the parts are called, in the order of a record: fixed ones, then the queues a request can wait in. */
export function partNames(arm: Arm, stageNames: readonly string[]): string[] {
  const waits =
    arm.architecture === 'staged'
      ? stageNames.map((stage) => `queue wait: ${stage}`)
      : SHARDED_WAIT_NAMES
  return [...PART_NAMES, ...waits]
}

/** Where the time of the sampled requests of a trial went; null when none was sampled. A sort of all samples. @param requestsPerSample one in so many */
export function attributePhases(
  logs: readonly PhaseLogMemory[],
  parts: readonly string[],
  requestsPerSample = REQUESTS_PER_SAMPLE,
): Attribution | null {
  const samples = logs.flatMap(samplesIn).toSorted((a, b) => a[0]! - b[0]!)
  const dropped = logs.reduce((sum, { counts }) => sum + counts[1]!, 0)
  if (samples.length === 0) return null
  const within = samples.filter((sample) => addsUp(sample, parts.length)).length
  const slice = (from: number, to: number) =>
    samples.slice(Math.floor(from * samples.length), Math.ceil(to * samples.length))
  const band = ([from, to]: readonly [number, number]) => bandOf(slice(from, to), parts.length)
  const slowest = slice(SLOWEST_FROM, 1)
  return {
    parts: [...parts],
    requestsPerSample,
    samples: samples.length,
    dropped,
    sumsWithinShare: within / samples.length,
    bands: {
      p50: band(BANDS.p50),
      p99: band(BANDS.p99),
      p99_9: band(BANDS.p99_9),
      slowest: bandOf(slowest, parts.length, 1),
    },
    slowestByCause: causesOf(slowest, parts),
  }
}

/** Latency, parts and services by stage of one request. */
export type Sample = Float32Array

/** The requests that a port kept, as views of its log. */
export function samplesIn({ records, recordFloats, counts }: PhaseLogMemory): Sample[] {
  return Array.from({ length: counts[0]! }, (_, index) =>
    records.subarray(index * recordFloats, (index + 1) * recordFloats),
  )
}

/** Whether the parts of a request are its latency, within the error of clocks and floats. */
function addsUp(sample: Sample, parts: number): boolean {
  let sum = 0
  for (let part = 1; part <= parts; part++) sum += sample[part]!
  const latencyNs = sample[0]!
  return Math.abs(sum - latencyNs) <= Math.max(SUM_TOLERANCE_NS, SUM_TOLERANCE_SHARE * latencyNs)
}

function bandOf(
  samples: readonly Sample[],
  parts: number,
  fewest = FEWEST_IN_BAND,
): Attribution['bands']['p50'] {
  if (samples.length < fewest) return null
  const mean = (index: number) =>
    samples.reduce((sum, sample) => sum + sample[index]!, 0) / samples.length
  return {
    samples: samples.length,
    latencyNs: mean(0),
    partsNs: Array.from({ length: parts }, (_, part) => mean(part + 1)),
  }
}

/** Share of these requests by their longest part; `queue wait: decode` and `queue wait: apply` are one. */
function causesOf(samples: readonly Sample[], parts: readonly string[]): Record<string, number> {
  const causes = parts.map((part) => part.replace(/:.*/, ''))
  const counts = new Map<string, number>()
  for (const sample of samples) {
    const spent = new Map<string, number>()
    for (const [part, cause] of causes.entries())
      spent.set(cause, (spent.get(cause) ?? 0) + sample[part + 1]!)
    const [longest] = [...spent].reduce((most, one) => (one[1] > most[1] ? one : most))
    counts.set(longest, (counts.get(longest) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].map(([cause, count]) => [cause, count / samples.length]))
}
