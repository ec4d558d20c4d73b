import { z } from 'zod'
import { attributionSchema } from './attribution-schema.ts'
import { clientSchema } from './client-schema.ts'
import { traceSchema } from './trace-schema.ts'
import { environmentSchema } from './environment-schema.ts'
import { transportSchema } from './transport-schema.ts'

/** The shape of `report.json`, the source of truth from which every other file of a report is made. */
export const SCHEMA_VERSION = 3

/**
 * A number with its uncertainty. `level` is the confidence of the interval, e.g. 0.969; null means that lower and
 * upper are the smallest and largest of the n values.
 */
export const estimateSchema = z.object({
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

/** Percentiles that an objective can be about. */
export const OBJECTIVE_PERCENTILES = ['p50', 'p90', 'p99', 'p99_9'] as const
export type ObjectivePercentile = (typeof OBJECTIVE_PERCENTILES)[number]

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
  /** Longest time between two turns of a port's thread, sleep excluded; of others not available. */
  longestGapNs: reading,
  /** Turns that found work, and those that found none. */
  workingTurns: reading,
  idleTurns: reading,
  /** Times that it woke another thread, and that it went to sleep. */
  wakeUps: reading,
  parks: reading,
  /** Collections of its heap since its start, the warm-up included; not available of threads on an event loop. */
  garbageCollections: reading,
})

/** Waits that stages declare: how many, and the sums of what was asked for and of what it took. */
export const declaredWaitsSchema = z.object({
  count: z.number(),
  askedNs: z.number(),
  actualNs: z.number(),
})

/** Totals of the steady state over all threads of the server: counted some milliseconds longer and scaled to its length. */
const countersSchema = z.object({
  cpuSecondsPerRequest: reading,
  contextSwitchesPerRequest: reading,
  /** Of these: the thread gave its processor up, or it was taken away. */
  voluntarySwitchesPerRequest: reading,
  involuntarySwitchesPerRequest: reading,
  minorFaults: reading,
  majorFaults: reading,
  handoffs: reading,
  /** Batches in which requests were handed on, or messages made visible. */
  handoffBatches: reading,
  messageBatches: reading,
  wakeUps: reading,
  parks: reading,
  messages: reading,
  lockAcquisitions: reading,
  contendedLockAcquisitions: reading,
  lockWaitNs: reading,
  queueLockAcquisitions: reading,
  contendedQueueLockAcquisitions: reading,
  queueLockWaitNs: reading,
  /** Turns of ports' threads that found work, and those that found none. */
  workingTurns: reading,
  idleTurns: reading,
  garbageCollections: reading,
  longestGapNs: reading,
  /** Null where there were none, and in older reports. */
  declaredWaits: declaredWaitsSchema.nullable().default(null),
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
  /** 1, or 2 or 3 when it repeats a trial that failed a gate. */
  attempt: z.number().int(),
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
  /** Of the processors' time, 0 … 1: what background work asked for, and what was done; null where there is none. */
  backgroundShare: z.object({ asked: z.number(), done: z.number() }).nullable().default(null),
  threads: z.array(threadSchema),
  series: z.array(windowSchema),
  gates: z.array(gateSchema),
  /** Null when no request was sampled, and over real sockets, where only the client knows when one was due. */
  attribution: attributionSchema.nullable(),
  /** Null where ports play the trace themselves. */
  client: clientSchema.nullable(),
  /** Longest time that a thread which only reads the clock lost to others, right before and right after the trial. */
  hiccups: z.object({ beforeNs: reading, afterNs: reading }),
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
  /** Trials that failed a gate and were repeated: kept, and counted nowhere. */
  discarded: z.array(trialSchema),
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
  /** How far from 1 the whole interval must lie for a winner: 1.05, or the machine's band where that is larger. */
  threshold: z.number(),
  /** Pairs that would probably decide, the present ones included; null when decided or when that cannot be told. */
  pairsToDecide: z.number().int().nullable(),
  /** Trials of the compared pairs that failed a gate, repeated ones not counted. */
  markedTrials: z.number().int(),
  /** One sentence that a reader without statistics understands. */
  sentence: z.string(),
})
export type Verdict = z.infer<typeof verdictSchema>

const loadSchema = z.object({
  /** As the user wrote it: `50%`, `200000/s`, `max`. */
  label: z.string(),
  offeredPerSecond: z.number().nullable(),
  fractionOfCapacity: z.number().nullable(),
  /** Share of the requests' keys on the busiest of as many shards as cores, mean over pairs; absent where no stage is keyed. */
  hottestShardShare: z.number().optional(),
  /** Share of the requests at the busiest port, mean over pairs; absent where clients are alike. */
  busiestPortShare: z.number().optional(),
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
  /** CPU time per completed request at capacity, all server threads, nanoseconds, by arm label; empty without /proc. */
  cpuPerRequestNs: z.record(z.string(), estimateSchema),
})

/**
 * Where queueing theory says that the winner would change: the CPU per request of the sharded arm ÷ that of the staged
 * one at which both sustain the same load within an objective, on this number of cores.
 */
const breakEvenSchema = z.object({
  cores: z.number().int(),
  objective: z.object({
    percentile: z.enum(OBJECTIVE_PERCENTILES),
    ns: z.number(),
    /** `slo`: the user's; `ten-services`: ten times the staged arm's CPU per request. */
    source: z.enum(['slo', 'ten-services']),
  }),
  staged: z.string(),
  sharded: z.string(),
  /** Sharded ÷ staged: below it sharded wins. */
  breakEvenRatio: z.number(),
  /** Sharded ÷ staged as measured at capacity. */
  measuredRatio: estimateSchema,
})
export type BreakEven = z.infer<typeof breakEvenSchema>

/** The highest load that one arm sustains within the objective. */
const sustainedSchema = z.object({
  /** `n`: confirming trials at this load; `upper`: the lowest load above it that was not kept or not confirmed. */
  perSecond: estimateSchema,
  /** No load that was tried broke the objective: the true one may be higher. */
  atLeast: z.boolean(),
  /** At least half of the confirming trials at this load kept the objective; else a single probe did. */
  confirmed: z.boolean(),
  /** Confirming trials that kept the objective, of so many; of the load tried last when this one is not confirmed. */
  kept: z.number().int(),
  of: z.number().int(),
  /** Of these confirming trials, those that failed a gate. */
  markedTrials: z.number().int(),
  /** The percentile at this load, nanoseconds. */
  latencyNs: estimateSchema.nullable(),
})
export type Sustained = z.infer<typeof sustainedSchema>

const objectiveSchema = z.object({
  percentile: z.enum(OBJECTIVE_PERCENTILES),
  limitNs: z.number(),
  /** By arm label; null when it kept the objective at no load that was tried; absent when none was tried. */
  arms: z.record(z.string(), sustainedSchema.nullable()),
  /** Second ÷ first of the sustained loads, over the confirming pairs. */
  ratio: estimateSchema.nullable(),
  sentence: z.string(),
  /** Every load that was tried, in order. */
  probes: z.array(
    z.object({
      arm: z.string(),
      offeredPerSecond: z.number(),
      latency: latencySchema,
      kept: z.boolean(),
      /** Names. */
      failedGates: z.array(z.string()),
    }),
  ),
})
export type Objective = z.infer<typeof objectiveSchema>

/** The A/A band of this machine, as `crossover validate` measured it: differences inside it are the machine's own. */
const bandSchema = z.object({
  /** The file that it was read from. */
  path: z.string(),
  measuredAt: z.string(),
  runs: z.number().int(),
  pairs: z.number().int(),
  durationSeconds: z.number(),
  /** By load label: the ratio that 95 % of A/A runs stayed within. Loads that were not measured are absent. */
  ratios: z.record(z.string(), z.number()),
})
export type Band = z.infer<typeof bandSchema>

/** The arm printed beside the default ones, so that nobody takes classic for the best that shared state can do. */
const referenceSchema = z.object({
  arm: armSchema,
  capacity: estimateSchema.nullable(),
  loadLabel: z.string().nullable(),
  /** p99 latency in nanoseconds at that load. */
  p99: estimateSchema.nullable(),
  trials: z.array(trialSchema),
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
    /** What the verdicts are about, named before the run; throughput at `max`. */
    metric: z.enum(COMPARISON_NAMES),
    /** Confidence that a verdict needs. */
    level: z.number(),
    /** Pairs were added until the interval reached to so much on either side, e.g. 0.1; null for a fixed number. */
    precision: z.number().nullable(),
    /** Threads in place of processors, whose service is a wait; null for real ones. */
    virtualCores: z.number().int().nullable(),
    transport: transportSchema,
    /** The log whose requests were played; absent when they were drawn. */
    trace: traceSchema.optional(),
  }),
  environment: environmentSchema,
  scenario: z.object({
    name: z.string(),
    question: z.string(),
    claim: z.string().nullable(),
    prediction: z
      .object({ winner: z.string(), orTie: z.boolean().optional(), because: z.string() })
      .nullable(),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  /** First and second; every ratio of the report is second ÷ first. */
  arms: z.array(armSchema).length(2),
  capacity: capacitySchema.nullable(),
  breakEven: breakEvenSchema.nullable(),
  objective: objectiveSchema.nullable(),
  band: bandSchema.nullable(),
  /** Why there is no band; null when there is one, and when nothing is judged by it. */
  bandNote: z.string().nullable(),
  loads: z.array(loadSchema),
  reference: referenceSchema.nullable(),
  warnings: z.array(warningSchema),
})
export type Report = z.infer<typeof reportSchema>
