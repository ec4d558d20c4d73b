import { z } from 'zod'

/** The shape of `report.json`, the source of truth from which every other file of a report is made. */
export const SCHEMA_VERSION = 1

/**
 * A number with its uncertainty. `level` is the confidence of the interval, e.g. 0.969; null means that lower and
 * upper are the smallest and largest of the n values.
 */
const estimateSchema = z.object({
  value: z.number(),
  lower: z.number(),
  upper: z.number(),
  level: z.number().nullable(),
  n: z.number().int(),
  unit: z.string(),
})
export type Estimate = z.infer<typeof estimateSchema>

/** Nanoseconds; `atLeast` when the percentile falls on a request that was refused or never answered: "> its age". */
const latencySchema = z.object({ ns: z.number(), atLeast: z.boolean() })
export type Latency = z.infer<typeof latencySchema>

export const PERCENTILE_NAMES = ['p50', 'p90', 'p99', 'p99_9', 'max'] as const
export type PercentileName = (typeof PERCENTILE_NAMES)[number]

const percentilesSchema = z.object({
  p50: latencySchema,
  p90: latencySchema,
  p99: latencySchema,
  p99_9: latencySchema,
  max: latencySchema,
})

/** Null: not available on this machine; never zero for lack of a reading. */
const reading = z.number().nullable()

const threadSchema = z.object({
  name: z.string(),
  cpu: z.number().int().nullable(),
  cpuSeconds: reading,
  runQueueWaitSeconds: reading,
  voluntarySwitches: reading,
  involuntarySwitches: reading,
  minorFaults: reading,
  majorFaults: reading,
  heapBytes: reading,
})

/** Totals of the steady state over all threads of the server. */
const countersSchema = z.object({
  cpuSecondsPerRequest: reading,
  contextSwitchesPerRequest: reading,
  handoffs: reading,
  wakeUps: reading,
  parks: reading,
  messages: reading,
  lockAcquisitions: reading,
  contendedLockAcquisitions: reading,
  lockWaitNs: reading,
  queueLockWaitNs: reading,
  longestGapNs: reading,
})
export type Counters = z.infer<typeof countersSchema>

const gateSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  /** What was measured, with its unit. */
  figure: z.string(),
  /** What it means when it failed. */
  message: z.string(),
})
export type Gate = z.infer<typeof gateSchema>

/** One 100-ms window of the steady state, by the instant at which its requests were due. */
const windowSchema = z.object({
  startMs: z.number(),
  completed: z.number().int(),
  p50Ns: z.number(),
  p99Ns: z.number(),
  maxNs: z.number(),
})

const trialSchema = z.object({
  arm: z.string(),
  /** Seconds since the run's start. */
  startedAtSeconds: z.number(),
  warmUpSeconds: z.number(),
  steadySeconds: z.number(),
  drainSeconds: z.number(),
  /** Why the answers are wrong; null when they were checked and right. */
  void: z.string().nullable(),
  offeredPerSecond: z.number().nullable(),
  achievedPerSecond: z.number(),
  counts: z.object({
    due: z.number().int(),
    completed: z.number().int(),
    refused: z.number().int(),
    unanswered: z.number().int(),
  }),
  /** HdrHistogram V2, compressed, base64: nanoseconds of the completed requests, 3 significant digits. */
  histogram: z.string(),
  /** Exact; a decoded histogram has lost them. Zero when nothing was completed. */
  minNs: z.number(),
  maxNs: z.number(),
  /** Over every request due in the steady state: refused and unanswered ones are later than all others. */
  percentiles: percentilesSchema,
  backlog: z.object({ largestCount: z.number().int(), largestAgeNs: z.number() }),
  counters: countersSchema,
  threads: z.array(threadSchema),
  series: z.array(windowSchema),
  gates: z.array(gateSchema),
  memory: z.object({ sharedBytes: z.number().int(), heapBytes: reading }),
  /** Settings that controllers found in the warm-up and that were frozen in the steady state. */
  tuned: z.record(z.string(), z.number()),
})
export type Trial = z.infer<typeof trialSchema>

const pairSchema = z.object({
  index: z.number().int(),
  seed: z.number(),
  /** Hash of the steady-state trace, hexadecimal, by arm: the same for both unless their routing differs. */
  traceHash: z.record(z.string(), z.string()),
  /** Labels in the order in which they ran. */
  order: z.array(z.string()),
  /** By arm label. */
  trials: z.record(z.string(), trialSchema),
})
export type Pair = z.infer<typeof pairSchema>

/** Second arm ÷ first arm, estimated over pairs. */
export const COMPARISON_NAMES = [...PERCENTILE_NAMES, 'achievedPerSecond', 'cpuPerRequest'] as const
export type ComparisonName = (typeof COMPARISON_NAMES)[number]
const comparisonSchema = z.record(z.enum(COMPARISON_NAMES), estimateSchema.nullable())

const verdictSchema = z.object({
  metric: z.enum(COMPARISON_NAMES),
  /** An arm's label, or `none` (no difference that matters), or `inconclusive`. */
  winner: z.string(),
  ratio: estimateSchema.nullable(),
  /** One sentence that a reader without statistics understands. */
  sentence: z.string(),
})
export type Verdict = z.infer<typeof verdictSchema>

const loadSchema = z.object({
  /** As the user wrote it: `50%`, `200000/s`, `max`. */
  label: z.string(),
  offeredPerSecond: z.number().nullable(),
  fractionOfCapacity: z.number().nullable(),
  pairs: z.array(pairSchema),
  comparison: comparisonSchema.nullable(),
  verdict: verdictSchema.nullable(),
})
export type Load = z.infer<typeof loadSchema>

const armSchema = z.object({
  label: z.string(),
  architecture: z.enum(['staged', 'sharded']),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

const capacitySchema = z.object({
  /** Requests in flight per port of the closed window. */
  windowPerPort: z.number().int(),
  /** Requests per second, by arm label. */
  arms: z.record(z.string(), estimateSchema),
  /** Decode … encode as plain function calls on one thread, no clock, no recording, times the cores: requests per second. */
  inlineCeiling: estimateSchema.nullable(),
  /** Cores ÷ capacity − cores ÷ inline ceiling, nanoseconds per request, by arm label. */
  overheadNs: z.record(z.string(), estimateSchema),
})

/** The arm printed beside the default ones, so that nobody takes classic for the best that shared state can do. */
const referenceSchema = z.object({
  arm: armSchema,
  capacity: estimateSchema.nullable(),
  loadLabel: z.string().nullable(),
  /** p99 latency in nanoseconds at that load. */
  p99: estimateSchema.nullable(),
  trials: z.array(trialSchema),
})

const environmentSchema = z.object({
  cpu: z.string(),
  cores: z.number().int(),
  memoryBytes: z.number(),
  kernel: z.string(),
  platform: z.string(),
  node: z.string(),
  v8: z.string(),
  crossover: z.string(),
  mitigations: z.record(z.string(), z.string()).nullable(),
  cgroupQuota: z.string().nullable(),
  governor: z.string().nullable(),
  loadAverageBefore: z.array(z.number()),
  loadAverageAfter: z.array(z.number()).nullable(),
  /** Whether threads could be pinned to processors. */
  pinned: z.boolean(),
})

/** A doubt: what, and what the reader can do about it. */
const warningSchema = z.object({ code: z.string(), message: z.string(), cure: z.string() })

export const reportSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** False when the run was stopped or failed before its plan was done. */
  complete: z.boolean(),
  /** Why an incomplete run ended; null while it goes on and when it is complete. */
  ending: z.string().nullable(),
  run: z.object({
    id: z.string(),
    startedAt: z.string(),
    command: z.string(),
    seed: z.number(),
    elapsedSeconds: z.number(),
    profile: z.string(),
    cpus: z.array(z.number().int()),
    durationSeconds: z.number(),
    plannedPairs: z.number().int(),
  }),
  environment: environmentSchema,
  scenario: z.object({
    name: z.string(),
    question: z.string(),
    claim: z.string().nullable(),
    prediction: z.object({ winner: z.string(), because: z.string() }).nullable(),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  /** First and second; every ratio of the report is second ÷ first. */
  arms: z.array(armSchema).length(2),
  capacity: capacitySchema.nullable(),
  loads: z.array(loadSchema),
  reference: referenceSchema.nullable(),
  warnings: z.array(warningSchema),
})
export type Report = z.infer<typeof reportSchema>
