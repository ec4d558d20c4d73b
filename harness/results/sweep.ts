import { z } from 'zod'
import {
  overShape,
  pointPairSchema,
  pointsRunShape,
  pointsShape,
  timerBoundSchema,
} from './points.ts'
import { type Estimate, estimateSchema, ofEachMetric } from './schema.ts'

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

const armFiguresSchema = ofEachMetric(figureSchema)
export type ArmFigures = z.infer<typeof armFiguresSchema>

const valueSchema = z.object({
  value: z.number(),
  /** Requests per second of all cores; null until it is known. */
  offeredPerSecond: z.number().nullable(),
  /** Medians over trials by arm label: nanoseconds, or requests per second. */
  figures: z.record(z.string(), armFiguresSchema),
  ratios: ofEachMetric(ratioSchema),
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
  ...pointsShape,
  run: z.object({
    ...pointsRunShape,
    plannedPairs: z.number().int(),
    /** Capacity is measured at every value, not only where a load in percent refers to it. */
    throughput: z.boolean(),
    /** Pairs with a closed window at each value that has some. */
    plannedCapacityPairs: z.number().int(),
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
  over: z.object(overShape),
  /** Ascending. */
  values: z.array(valueSchema).min(1),
  /** By arm label; null unless cores vary. */
  scaling: z.record(z.string(), scalingSchema).nullable(),
  /** Of the median latency per unit of an integer parameter, nanoseconds, by arm label; null of other parameters. */
  slopes: z.record(z.string(), estimateSchema.nullable()).nullable(),
})
export type Sweep = z.infer<typeof sweepSchema>
