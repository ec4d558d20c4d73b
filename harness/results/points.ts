import { z } from 'zod'
import {
  armSchema,
  askedShape,
  discardedSchema,
  markedTrialsSchema,
  measurementShape,
  scenarioSchema,
  trialShape,
} from './measurement.ts'
import { COMPARISON_NAMES, declaredWaitsSchema, PERCENTILE_NAMES } from './schema.ts'
import { latencySchema } from './trial-schema.ts'

/* What everything that varies one parameter has: pairs of trials at its values, and what was asked for. */

const pointTrialSchema = z.object({
  /** Label. */
  arm: z.string(),
  ...trialShape,
  percentiles: z.record(z.enum(PERCENTILE_NAMES), latencySchema),
  /** The longest latency of an answered request: what unanswered ones are at least as late as. */
  longestAnsweredNs: z.number(),
  /** Answers within the stated time; absent where none was stated, and in older files. */
  goodputPerSecond: z.number().optional(),
  /** Null where no stage waits; files of before it was kept have none. */
  declaredWaits: declaredWaitsSchema.nullable().default(null),
})
export type PointTrial = z.infer<typeof pointTrialSchema>

/** What an arm was found to sustain at a value; null of a load, which has no servers of its own. */
const sustainedSchema = z.object({
  value: z.number().nullable(),
  /** Label. */
  arm: z.string(),
  perSecond: z.number(),
})
export type SustainedAt = z.infer<typeof sustainedSchema>

/** Both arms on one trace, adjacent in time. */
export const pointPairSchema = z.object({
  /** Of the parameter; null where its value is of no account, as that of the load is to capacity. */
  value: z.number().nullable(),
  /** Of the trace. */
  seed: z.number(),
  /** Requests per second of all cores; null with a closed window. */
  offeredPerSecond: z.number().nullable(),
  /** Labels in the order in which they run. */
  order: z.array(z.string()),
  /** As many as the pair came to, in that order. */
  trials: z.array(pointTrialSchema),
  discarded: discardedSchema,
})
export type PointPair = z.infer<typeof pointPairSchema>

/** What one arm's declared waits took on average, nanoseconds, where they are too late for a comparison of servers. */
export const timerBoundSchema = z.object({
  /** Label of the arm in which they were the least late. */
  arm: z.string(),
  askedNs: z.number(),
  tookNs: z.number(),
})
export type TimerBound = z.infer<typeof timerBoundSchema>

/** Of the values of one parameter: what was asked for, and what belongs to no value alone. */
export const pointsShape = {
  ...measurementShape,
  scenario: scenarioSchema,
  /** First and second; every ratio is second ÷ first. */
  arms: z.array(armSchema).length(2),
  load: z.object({
    /** As the user wrote it: `50%`, `2000/s`, `10%..95%`; `max` of a search with a closed window. */
    label: z.string(),
    /** What a share of capacity is a share of, in words; null for an absolute load. */
    reference: z.string().nullable(),
    /** That capacity; null until it is known. */
    referencePerSecond: z.number().nullable(),
    /** What the arms were found to sustain, of which it is the smallest; earlier files took a closed window's throughput. */
    sustained: z.array(sustainedSchema).default([]),
    /** The load is per core. */
    perCore: z.boolean(),
  }),
  /** With a closed window, in the order in which they ran; a search has such pairs in files of before it looked for what is sustained. */
  capacityPairs: z.array(pointPairSchema),
  markedTrials: markedTrialsSchema,
}

/** How the values of one parameter were measured. */
export const pointsRunShape = {
  ...askedShape,
  /** Threads in place of processors, whose service is a wait; null for real ones; when cores vary, the most of them. */
  virtualCores: z.number().int().nullable(),
  /** What outcomes are about or what crosses, named before; throughput is that of the closed window. */
  metric: z.enum(COMPARISON_NAMES),
  /** The time within which an answer is useful, nanoseconds; absent where none was stated, and in older files. */
  withinNs: z.number().optional(),
}

/** What varies. */
export const overShape = {
  subject: z.enum(['parameter', 'load', 'cores']),
  name: z.string(),
  unit: z.string(),
  integer: z.boolean(),
}
