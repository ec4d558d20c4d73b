import { z } from 'zod'
import { measurementShape } from './measurement.ts'
import { pointPairSchema, sustainedSchema, timerBoundSchema } from './points.ts'
import { COMPARISON_NAMES, type Estimate, estimateSchema } from './schema.ts'

/** The shape of `sweep.json`: what `crossover sweep` measured at the values of one parameter. */
export const SWEEP_VERSION = 1

/** A median over trials; `atLeast` when some trial's percentile was never answered, so it is no smaller than this. */
const figureSchema = estimateSchema.extend({ atLeast: z.boolean() })
export type Figure = z.infer<typeof figureSchema>

/** Second ÷ first over pairs. Files of before ratios had open ends say with `bound` which end is. */
const ratioSchema = estimateSchema
  .extend({ bound: z.enum(['exact', 'at-least', 'at-most']).optional() })
  .transform(({ bound, ...ratio }): Estimate => ({
    ...ratio,
    lower: bound === 'at-most' ? 0 : ratio.lower,
    upper: bound === 'at-least' ? Number.POSITIVE_INFINITY : ratio.upper,
  }))

/**
 * What the second arm's metric is, beside the first one's; `same`: within 1.05×, all of the interval; `timer-bound`: the
 * lateness of timers is compared, so nothing is said of the arms, whatever the ratio; `saturated`: an arm does not keep up with
 * the load in most of its trials, so there are no latencies to compare.
 */
const OUTCOMES = [
  'lower',
  'higher',
  'same',
  'undecided',
  'unknown',
  'timer-bound',
  'saturated',
] as const
export type Outcome = (typeof OUTCOMES)[number]

const armFiguresSchema = z.record(z.enum(COMPARISON_NAMES), figureSchema.nullable())
export type ArmFigures = z.infer<typeof armFiguresSchema>

const valueSchema = z.object({
  value: z.number(),
  /** Requests per second of all cores; null until it is known. */
  offeredPerSecond: z.number().nullable(),
  /** Medians over trials by arm label: nanoseconds, or requests per second. */
  figures: z.record(z.string(), armFiguresSchema),
  ratios: z.record(z.enum(COMPARISON_NAMES), ratioSchema.nullable()),
  /** On the sweep's metric. */
  outcome: z.enum(OUTCOMES),
  /** At the load, not at capacity; null where declared waits are not too late, or there are none. */
  timerBound: timerBoundSchema.nullable().default(null),
  /** Requests per second with a closed window; null where that was not measured. */
  capacity: z
    .object({ arms: z.record(z.string(), figureSchema), ratio: ratioSchema.nullable() })
    .nullable(),
  pairs: z.array(pointPairSchema),
})
export type SweepValue = z.infer<typeof valueSchema>

/** How an arm's capacity grows with its cores. */
const scalingSchema = z.object({
  /** Capacity ÷ that of one core; empty without one core. */
  speedUps: z.array(z.object({ cores: z.number().int(), speedUp: estimateSchema })),
  /** Gunther's σ; null when it cannot be determined. */
  contention: estimateSchema.nullable(),
  /** Gunther's κ; null with fewer than three numbers of cores. */
  coherency: estimateSchema.nullable(),
})
export type Scaling = z.infer<typeof scalingSchema>

export const sweepSchema = z.object({
  schemaVersion: z.literal(SWEEP_VERSION),
  ...measurementShape,
  run: z.object({
    startedAt: z.string(),
    command: z.string(),
    seed: z.number(),
    elapsedSeconds: z.number(),
    cpus: z.array(z.number().int()),
    /** Threads in place of processors, whose service is a wait; null for real ones; when cores vary, the most of them. */
    virtualCores: z.number().int().nullable(),
    /** Steady state of a trial at the load. */
    durationSeconds: z.number(),
    plannedPairs: z.number().int(),
    /** Capacity is measured at every value, not only where a load in percent refers to it. */
    throughput: z.boolean(),
    /** Pairs with a closed window at each value that has some. */
    plannedCapacityPairs: z.number().int(),
    /** What outcomes are about, named before the sweep; throughput is that of the closed window. */
    metric: z.enum(COMPARISON_NAMES),
    /** Confidence that an outcome needs. */
    level: z.number(),
  }),
  scenario: z.object({
    name: z.string(),
    question: z.string(),
    claim: z.string().nullable(),
    prediction: z
      .object({ winner: z.string(), orTie: z.boolean().optional(), because: z.string() })
      .nullable(),
    /** Those that stay the same. */
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  /** Values at which the prediction was confirmed, refuted, or not decided; null when it was not tested. */
  predictionOutcome: z
    .object({
      confirmed: z.array(z.number()),
      refuted: z.array(z.number()),
      undecided: z.array(z.number()),
    })
    .nullable()
    .default(null),
  /** First and second; every ratio is second ÷ first. */
  arms: z
    .array(
      z.object({
        label: z.string(),
        architecture: z.enum(['staged', 'sharded']),
        options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      }),
    )
    .length(2),
  /** What varies. */
  over: z.object({
    subject: z.enum(['parameter', 'load', 'cores']),
    name: z.string(),
    unit: z.string(),
    integer: z.boolean(),
  }),
  load: z.object({
    /** As the user wrote it: `50%`, `2000/s`, `10%..95%`. */
    label: z.string(),
    /** What a share of capacity is a share of, in words; null for an absolute load. */
    reference: z.string().nullable(),
    /** That capacity; null until it is known. */
    referencePerSecond: z.number().nullable(),
    /** What the arms were found to sustain, of which it is the smallest; earlier files took a closed window's throughput. */
    sustained: sustainedSchema.default([]),
    /** The load is per core. */
    perCore: z.boolean(),
  }),
  /** Ascending. */
  values: z.array(valueSchema).min(1),
  /** With a closed window, in the order in which they ran. */
  capacityPairs: z.array(pointPairSchema),
  /** By arm label; null unless cores vary. */
  scaling: z.record(z.string(), scalingSchema).nullable(),
  /** Of the median latency per unit of an integer parameter, nanoseconds, by arm label; null of other parameters. */
  slopes: z.record(z.string(), estimateSchema.nullable()).nullable(),
  /** Trials that failed a gate, those that were played again left out: they count like the others. */
  markedTrials: z.object({
    count: z.number().int(),
    of: z.number().int(),
    /** By the name of the gate; a trial may have failed several. */
    byGate: z.record(z.string(), z.number().int()),
  }),
})
export type Sweep = z.infer<typeof sweepSchema>
