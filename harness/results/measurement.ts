import { z } from 'zod'
import { environmentSchema } from './trial-parts.ts'

/** A doubt about a result: what, and what can be done about it. */
export const warningSchema = z.object({ code: z.string(), message: z.string(), cure: z.string() })
export type Warning = z.infer<typeof warningSchema>

/** What measurements of all kinds have. */
export const measurementShape = {
  /** False when it was stopped or failed before its plan was done. */
  complete: z.boolean(),
  /** Why an incomplete one ended; null while it goes on and when it is complete, and in files of before it was kept. */
  ending: z.string().nullable().default(null),
  environment: environmentSchema,
  warnings: z.array(warningSchema),
}

/** How a measurement stands. */
export interface Standing {
  readonly complete: boolean
  readonly ending: string | null
}

/** What was asked for, of every measurement of a scenario that varies something. */
export const askedShape = {
  startedAt: z.string(),
  command: z.string(),
  seed: z.number(),
  elapsedSeconds: z.number(),
  cpus: z.array(z.number().int()),
  /** Steady state of a trial at the load. */
  durationSeconds: z.number(),
  /** Confidence that an outcome, or an effect on latency, needs. */
  level: z.number(),
}

/** A server that is measured. */
export const armSchema = z.object({
  label: z.string(),
  architecture: z.enum(['staged', 'sharded']),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

/** The scenario, as a result quotes it. */
export const scenarioSchema = z.object({
  name: z.string(),
  question: z.string(),
  claim: z.string().nullable(),
  prediction: z
    .object({
      winner: z.string(),
      /** The layout of staged that it speaks of; absent for either. */
      about: z.enum(['classic', 'fused', 'both']).optional(),
      orTie: z.boolean().optional(),
      because: z.string(),
    })
    .nullable(),
  /** Those that stay the same. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** Trials that failed a gate, those that were played again left out: they count like the others. */
export const markedTrialsSchema = z.object({
  count: z.number().int(),
  of: z.number().int(),
  /** By the name of the gate; a trial may have failed several. */
  byGate: z.record(z.string(), z.number().int()),
})

/** Why a set was played again, each time: the gate that failed, and whose trial it was. */
export const discardedSchema = z.array(z.object({ cause: z.string(), arm: z.string() })).default([])
