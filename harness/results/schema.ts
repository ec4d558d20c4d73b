import { z } from 'zod'
import {
  armSchema,
  environmentSchema,
  scenarioSchema,
  traceSchema,
  transportSchema,
  warningSchema,
} from './measurement.ts'
import {
  latencySchema,
  OBJECTIVE_PERCENTILES,
  PERCENTILE_NAMES,
  reading,
  trialSchema,
} from './trial-schema.ts'

export {
  type Counters,
  declaredWaitsSchema,
  type Gate,
  type Latency,
  OBJECTIVE_PERCENTILES,
  type ObjectivePercentile,
  PERCENTILE_NAMES,
  type PercentileName,
  type Trial,
} from './trial-schema.ts'

/** JSON has no infinity: it is null there. */
const unboundedSchema = z.union([z.number(), z.null().transform(() => Number.POSITIVE_INFINITY)])

/**
 * A number with its uncertainty. `level` is the confidence of the interval, e.g. 0.969; null means that lower and
 * upper are the smallest and largest of the n values. Of a ratio over pairs in which an arm left requests unanswered an end, or the
 * value itself, may be 0 or ∞ (in files null): how far out it lies is not known.
 */
export const estimateSchema = z.object({
  value: unboundedSchema,
  lower: unboundedSchema,
  upper: unboundedSchema,
  level: z.number().nullable(),
  n: z.number().int(),
  unit: z.string(),
})
export type Estimate = z.infer<typeof estimateSchema>

/** What the arms can bear, and what a request costs them. */
const capacitySchema = z.object({
  /** Requests in flight per port of the closed window. */
  windowPerPort: z.number().int(),
  /**
   * The highest open-loop load that was sustained, requests per second, by arm label: median over rounds with its interval.
   * Empty in reports before version 4, which knew the closed window only.
   */
  sustained: z.record(z.string(), estimateSchema),
  /** Second ÷ first of it, over the pairs of all rounds, in the order of the report's `comparisons`; null without. */
  sustainedRatios: z.array(estimateSchema.nullable()),
  /** What a closed window completes, requests per second, by arm label. */
  saturated: z.record(z.string(), estimateSchema),
  /** Decode … encode as plain function calls on one thread, no clock, no recording, times the cores: requests per second. */
  inlineCeiling: estimateSchema.nullable(),
  /** Cores ÷ saturated throughput − cores ÷ inline ceiling, nanoseconds per request, by arm label. */
  overheadNs: z.record(z.string(), estimateSchema),
  /** CPU time per completed request of the closed window, all server threads, nanoseconds, by arm label; empty without /proc. */
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
  /** Median over rounds; of earlier reports `n` are confirming trials, `upper` is the lowest load above that was not kept. */
  perSecond: estimateSchema,
  /** No load that was tried broke the objective: the true one may be higher. */
  atLeast: z.boolean(),
  /** At least half of the rounds kept the objective at some load. */
  confirmed: z.boolean(),
  /** Rounds that kept the objective at some load, of so many; of earlier reports confirming trials. */
  kept: z.number().int(),
  of: z.number().int(),
  /** Rounds whose trial at the highest load that was kept failed a gate. */
  markedTrials: z.number().int(),
  /** The percentile at this load, nanoseconds. */
  latencyNs: estimateSchema.nullable(),
})
export type Sustained = z.infer<typeof sustainedSchema>

/** What was searched with `--slo`, and found. */
const objectiveSchema = z.object({
  percentile: z.enum(OBJECTIVE_PERCENTILES),
  limitNs: z.number(),
  /** By arm label; null when it kept the objective at no load that was tried; absent when none was tried. */
  arms: z.record(z.string(), sustainedSchema.nullable()),
  /** Second ÷ first of the sustained loads, over the pairs of rounds. */
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

/** The shape of `report.json`, the source of truth from which every other file of a report is made. */
export const SCHEMA_VERSION = 4

/** Second arm ÷ first arm, estimated over the pairs of all rounds. */
export const COMPARISON_NAMES = [
  ...PERCENTILE_NAMES,
  'achievedPerSecond',
  'goodputPerSecond',
  'cpuPerRequest',
] as const
export type ComparisonName = (typeof COMPARISON_NAMES)[number]

/** Something of each metric; null of goodput in files of before it was known. */
export function ofEachMetric<Schema extends z.ZodType>(
  schema: Schema,
): z.ZodObject<
  Record<Exclude<ComparisonName, 'goodputPerSecond'>, z.ZodNullable<Schema>> & {
    goodputPerSecond: z.ZodDefault<z.ZodNullable<Schema>>
  }
> {
  const one = schema.nullable()
  return z.object({
    p50: one,
    p90: one,
    p99: one,
    p99_9: one,
    max: one,
    achievedPerSecond: one,
    goodputPerSecond: one.default(null),
    cpuPerRequest: one,
  })
}
const comparisonSchema = ofEachMetric(estimateSchema)

export type Ratios = z.infer<typeof comparisonSchema>

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

/** Two arms: ratios are second ÷ first. */
const comparedArmsSchema = z.object({ first: z.string(), second: z.string() })
export type ComparedArms = z.infer<typeof comparedArmsSchema>

/** What the pairs of two arms say at one load. */
const comparedSchema = comparedArmsSchema.extend({
  ratios: comparisonSchema.nullable(),
  verdict: verdictSchema.nullable(),
  /** Other figures than the judged one that lie beyond 1.05 with 99 % each. */
  sure: z.array(z.object({ metric: z.enum(COMPARISON_NAMES), ratio: estimateSchema })).default([]),
  /** The judged ratio where the second arm ran before the first, ÷ that where it ran after it; null with too few pairs of either order. */
  orderEffect: estimateSchema.nullable().default(null),
  /** The same where the threads of both arms park; absent where no arm was played so besides. */
  atEqualPolicy: comparisonSchema.optional(),
})
export type Compared = z.infer<typeof comparedSchema>

const trialsByArm = z.record(z.string(), trialSchema)

/** The trials of all arms at one load in one round, back to back on one trace. */
const setSchema = z.object({
  /** Counted from 0. */
  round: z.number().int(),
  seed: z.number(),
  /** Hash of the steady-state trace, hexadecimal, by arm: the same for all unless their routing differs. */
  traceHash: z.record(z.string(), z.string()),
  /** What was due of a log: where it began, in seconds since the log's first request; absent where requests are drawn, or in a closed loop. */
  part: z.object({ fromSeconds: z.number(), requests: z.number().int() }).optional(),
  /** Labels in the order in which they ran. */
  order: z.array(z.string()),
  /** By arm label. */
  trials: trialsByArm,
  /** By arm label: trials behind those on the same trace, of arms whose threads spin, in which they parked; absent where none was played. */
  atEqualPolicy: trialsByArm.optional(),
  /** Sets that were played again: why, whose trial it was, and the whole set; kept, and counted nowhere. */
  discarded: z.array(z.object({ cause: z.string(), arm: z.string(), trials: trialsByArm })),
})
export type TrialSet = z.infer<typeof setSchema>

/** One server from its start to its end: what it took to make it ready, and what it sustained. */
const deploymentSchema = z.object({
  /** From its start until all threads stood. */
  startSeconds: z.number(),
  /** Alone, before the search of its capacity. */
  warmUpSeconds: z.number(),
  /** Whether compilers and collectors had come to rest before the first trial, else that is a doubt; null where nothing was made warm. */
  quiet: z.boolean().nullable(),
  /** CPU time of helper threads from the start of the server to the end of its warm-up. */
  helperSeconds: reading,
  /** CPU time that it used while it was parked. */
  parkedSeconds: reading,
  /** Requests per second of this round's closed window, and that it sustained; null where not measured, or where a probe was void. */
  saturated: reading,
  sustained: reading,
  /** Loads that the search tried. */
  probes: z.number().int(),
  /** How long the search took, the closed window included. */
  capacitySeconds: z.number(),
  /** Largest resident memory of its process. */
  residentBytes: reading,
})
export type DeploymentFigures = z.infer<typeof deploymentSchema>

/** A fresh deployment of each arm, and what became of it. */
const roundSchema = z.object({
  /** Counted from 0. */
  index: z.number().int(),
  startedAtSeconds: z.number(),
  /** Null while it goes on and when it was cut short. */
  seconds: z.number().nullable(),
  /** By arm label. */
  deployments: z.record(z.string(), deploymentSchema),
})
export type Round = z.infer<typeof roundSchema>

const loadSchema = z.object({
  /** As the user wrote it: `50%`, `200000/s`, `max`. */
  label: z.string(),
  offeredPerSecond: z.number().nullable(),
  /** Of the smallest arm's sustained capacity over all rounds so far: what a share turned out to be. */
  fractionOfCapacity: z.number().nullable(),
  /**
   * How a load that is no share of the smallest capacity was placed, once it was. `each`: by what each arm sustains in the first
   * round; then `offeredPerSecond` is the smallest of these rates, and latencies are not compared. `busiest`: what one shard sustains
   * with even keys and clients, and the share of the requests that the busiest one gets.
   */
  placed: z
    .discriminatedUnion('by', [
      z.object({ by: z.literal('each'), perSecond: z.record(z.string(), z.number()) }),
      z.object({ by: z.literal('busiest'), shardPerSecond: z.number(), share: z.number() }),
    ])
    .optional(),
  /** Share of the requests' keys on the busiest of as many shards as cores, mean over rounds; absent where no stage is keyed. */
  hottestShardShare: z.number().optional(),
  /** Share of the requests at the busiest port, mean over rounds; absent where clients are alike. */
  busiestPortShare: z.number().optional(),
  sets: z.array(setSchema),
  /** In the order of the report's own `comparisons`. */
  comparisons: z.array(comparedSchema),
})
export type Load = z.infer<typeof loadSchema>

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
    plannedRounds: z.number().int(),
    /** What the verdicts are about, named before the run; throughput at `max`. */
    metric: z.enum(COMPARISON_NAMES),
    /**
     * The time within which an answer is useful, as it was asked for (`20ms`; `10x`: so many times the largest p99 of any arm at the
     * first load, by the first round), and what it is, null until it is known. Absent without one, and in older reports.
     */
    within: z.object({ asked: z.string(), ns: z.number().nullable() }).optional(),
    /** The class of requests whose latencies the comparisons are about; null for all requests, and in older reports. */
    requestClass: z.string().nullable().default(null),
    /** Confidence that a verdict needs. */
    level: z.number(),
    /** Rounds were added until the interval reached to so much on either side, e.g. 0.1; null for a fixed number. */
    precision: z.number().nullable(),
    /** Threads in place of processors, whose service is a wait; null for real ones. */
    virtualCores: z.number().int().nullable(),
    transport: transportSchema,
    /** The log whose requests were played; absent when they were drawn. */
    trace: traceSchema.optional(),
  }),
  environment: environmentSchema,
  scenario: scenarioSchema,
  /** Everything that each round deploys. */
  arms: z.array(armSchema).min(2).max(4),
  /** What is compared with what; the first of them is what the report is about. */
  comparisons: z.array(comparedArmsSchema).min(1),
  rounds: z.array(roundSchema),
  capacity: capacitySchema.nullable(),
  breakEven: breakEvenSchema.nullable(),
  objective: objectiveSchema.nullable(),
  band: bandSchema.nullable(),
  /** Why there is no band; null when there is one, and when nothing is judged by it. */
  bandNote: z.string().nullable(),
  loads: z.array(loadSchema),
  warnings: z.array(warningSchema),
})
export type Report = z.infer<typeof reportSchema>
