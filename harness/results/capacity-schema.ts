import { z } from 'zod'
import { latencySchema, OBJECTIVE_PERCENTILES } from './trial-schema.ts'

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
export const capacitySchema = z.object({
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
export const breakEvenSchema = z.object({
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
export const objectiveSchema = z.object({
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
