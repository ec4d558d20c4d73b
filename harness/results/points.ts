import { z } from 'zod'
import { declaredWaitsSchema, PERCENTILE_NAMES } from './schema.ts'

/** The shape of a pair of trials at one value of a parameter, shared by everything that varies one. */

/** Nanoseconds; `atLeast` when the percentile falls on a request that was refused or never answered. */
const latencySchema = z.object({ ns: z.number(), atLeast: z.boolean() })

const pointTrialSchema = z.object({
  /** Label. */
  arm: z.string(),
  /** Seconds since the start of the measurement. */
  startedAtSeconds: z.number(),
  percentiles: z.record(z.enum(PERCENTILE_NAMES), latencySchema),
  /** The longest latency of an answered request: what unanswered ones are at least as late as. */
  longestAnsweredNs: z.number(),
  achievedPerSecond: z.number(),
  /** Null without /proc. */
  cpuPerRequestNs: z.number().nullable(),
  /** Null where no stage waits; files of before it was kept have none. */
  declaredWaits: declaredWaitsSchema.nullable().default(null),
  /** Names of the gates that it failed: it is marked, and counts. */
  failedGates: z.array(z.string()),
  /** Why its answers are wrong; then it counts nowhere. */
  void: z.string().nullable(),
})
export type PointTrial = z.infer<typeof pointTrialSchema>

/** What an arm was found to sustain at a value; null of a load, which has no servers of its own. */
export const sustainedSchema = z.array(
  z.object({ value: z.number().nullable(), arm: z.string(), perSecond: z.number() }),
)

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
  /** Why it was played again, each time: the gate that failed, and whose trial it was. */
  discarded: z.array(z.object({ cause: z.string(), arm: z.string() })).default([]),
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
