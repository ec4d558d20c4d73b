import { z } from 'zod'
import {
  overShape,
  pointPairSchema,
  pointsRunShape,
  pointsShape,
  timerBoundSchema,
} from './points.ts'

/** The shape of `crossing.json`: where `crossover find` found that the winner changes. */
export const CROSSING_VERSION = 1

/** Second ÷ first of one pair. */
const pairRatioSchema = z.object({
  ratio: z.number(),
  /** One arm left requests of the percentile unanswered, so the true ratio lies further out: it counts as the outermost. */
  bound: z.enum(['exact', 'at-least', 'at-most']),
})

/** The median over pairs; bounds are null where they are infinite, and 0 where the ratio has no lower one. */
const medianRatioSchema = z.object({
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** Confidence of the interval; null when pairs are too few for it: smallest and largest. */
  level: z.number().nullable(),
  n: z.number().int(),
})
export type MedianRatio = z.infer<typeof medianRatioSchema>

const valueSchema = z.object({
  value: z.number(),
  /** Requests per second of all cores; null with a closed window. */
  offeredPerSecond: z.number().nullable(),
  pairs: z.array(pointPairSchema),
  /** Of these, in the same order; null for a pair that is not whole, and when both arms left its requests unanswered. */
  pairRatios: z.array(pairRatioSchema.nullable()),
  /** Null when no pair has a ratio. */
  ratio: medianRatioSchema.nullable(),
  /** The monotone fit here; null when no pair has a ratio, and where the value is left out. */
  fitted: z.number().nullable(),
  /** Then the value is left out of the fit; null where declared waits are not too late, or there are none. */
  timerBound: timerBoundSchema.nullable().default(null),
  /**
   * Labels of the arms that do not keep up here, where latencies are compared: one alone counts as slower than everything, with
   * both the value is left out of the fit.
   */
  saturated: z.array(z.string()).default([]),
})
export type CrossingValue = z.infer<typeof valueSchema>

/** What the monotone fit over all pairs says. */
const estimateSchema = z.object({
  direction: z.enum(['increasing', 'decreasing']),
  outcome: z.enum(['crosses', 'second-smaller', 'second-larger', 'inconclusive']),
  /** Where the fit passes 1; null when it does not within the values. */
  position: z.number().nullable(),
  /** Null where the interval is open: it reaches beyond the last value on that side, or lies wholly beyond the other. */
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  level: z.number(),
  /** Resamples behind the interval, and what they say; the three add up to it. */
  resamples: z.number().int(),
  crossing: z.number().int(),
  secondSmaller: z.number().int(),
  secondLarger: z.number().int(),
  /** It would cross, but a value that was left out (timer-bound, or saturated in both arms) lies in the interval or beside it. */
  besideTimerBound: z.boolean().default(false),
})
export type CrossingEstimate = z.infer<typeof estimateSchema>

/** Why a search ended. */
const ENDS = ['precise', 'no-crossing', 'budget', 'pairs'] as const

export const crossingSchema = z.object({
  schemaVersion: z.literal(CROSSING_VERSION),
  ...pointsShape,
  /** Why a complete one ended. */
  end: z.enum(ENDS).nullable(),
  run: z.object({
    ...pointsRunShape,
    /** Share of the range that the interval may have at the end. */
    until: z.number(),
    /** Null when time was the only limit. */
    mostPairs: z.number().int().nullable(),
  }),
  over: z.object({ ...overShape, from: z.number(), to: z.number() }),
  /** Ascending; those that were measured. */
  values: z.array(valueSchema),
  /** Null while fewer than two values have a ratio. */
  crossing: estimateSchema.nullable(),
})
export type CrossingSearch = z.infer<typeof crossingSchema>

/** Whether nothing can be said of the arms at a value: it is left out of the fit. */
export function isLeftOut({
  timerBound,
  saturated,
}: Pick<CrossingValue, 'timerBound' | 'saturated'>): boolean {
  return timerBound !== null || saturated.length > 1
}
