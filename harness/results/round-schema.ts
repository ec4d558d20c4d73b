import { z } from 'zod'
import { reading, trialSchema } from './trial-schema.ts'

const trialsByArm = z.record(z.string(), trialSchema)

/** The trials of all arms at one load in one round, back to back on one trace. */
export const setSchema = z.object({
  /** Counted from 0. */
  round: z.number().int(),
  seed: z.number(),
  /** Hash of the steady-state trace, hexadecimal, by arm: the same for all unless their routing differs. */
  traceHash: z.record(z.string(), z.string()),
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
export const roundSchema = z.object({
  /** Counted from 0. */
  index: z.number().int(),
  startedAtSeconds: z.number(),
  /** Null while it goes on and when it was cut short. */
  seconds: z.number().nullable(),
  /** By arm label. */
  deployments: z.record(z.string(), deploymentSchema),
})
export type Round = z.infer<typeof roundSchema>
