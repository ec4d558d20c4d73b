import { z } from 'zod'
import { measurementShape } from './measurement.ts'
import { pointPairSchema, sustainedSchema, timerBoundSchema } from './points.ts'
import { COMPARISON_NAMES } from './schema.ts'

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
  ...measurementShape,
  /** Why a complete one ended. */
  end: z.enum(ENDS).nullable(),
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
    /** What crosses, named before the search; throughput is that of the closed window. */
    metric: z.enum(COMPARISON_NAMES),
    /** Confidence of intervals and outcome. */
    level: z.number(),
    /** Share of the range that the interval may have at the end. */
    until: z.number(),
    /** Null when time was the only limit. */
    mostPairs: z.number().int().nullable(),
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
    from: z.number(),
    to: z.number(),
  }),
  load: z.object({
    /** As the user wrote it: `50%`, `2000/s`, `10%..95%`; `max` with a closed window. */
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
  /** Ascending; those that were measured. */
  values: z.array(valueSchema),
  /** Null while fewer than two values have a ratio. */
  crossing: estimateSchema.nullable(),
  /** With a closed window, for the loads, in the order in which they ran. */
  capacityPairs: z.array(pointPairSchema),
  /** Trials that failed a gate, those that were played again left out: they count like the others. */
  markedTrials: z.object({
    count: z.number().int(),
    of: z.number().int(),
    /** By the name of the gate; a trial may have failed several. */
    byGate: z.record(z.string(), z.number().int()),
  }),
})
export type CrossingSearch = z.infer<typeof crossingSchema>

/** Whether nothing can be said of the arms at a value: it is left out of the fit. */
export function isLeftOut({
  timerBound,
  saturated,
}: Pick<CrossingValue, 'timerBound' | 'saturated'>): boolean {
  return timerBound !== null || saturated.length > 1
}
