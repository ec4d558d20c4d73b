import { z } from 'zod'
import { DRAWN } from '../contract/stage.ts'
import { fields, integer, must, number, synchronous, text, truth } from './schema-fields.ts'

const DRAWN_OR = 'a number, or drawn'

/** Declared microseconds of a stage, up to `maximum`, or `drawn` from the workload's service times. */
function declaredMicros(maximum: number): z.ZodType {
  return z.union(
    [
      z.literal(DRAWN),
      number.min(0, 'must not be negative').max(maximum, `must be at most ${maximum}`),
    ],
    {
      error: (issue) =>
        issue.input === undefined ? 'is missing' : `must be ${DRAWN_OR}, 0 to ${maximum}`,
    },
  )
}

/** One element of what `stages(params)` returns. */
export const stageSchema = fields({
  name: text,
  codec: z.enum(['decode', 'encode', 'both'], must('decode, encode or both')).optional(),
  run: synchronous.optional(),
  access: z
    .enum(['none', 'read', 'write', 'by-operation'], must('none, read, write or by-operation'))
    .optional(),
  wait: fields({
    micros: declaredMicros(10_000_000),
    blocking: truth.optional(),
    offload: truth.optional(),
  })
    .refine(
      (wait) => wait.offload !== true || wait.blocking === true,
      'must be blocking where it is to be off-loaded: offload needs blocking: true',
    )
    .optional(),
  read: fields({ offload: truth.optional() }).optional(),
  touch: fields({ pages: integer(0, 1_000) }).optional(),
  churn: fields({ objects: integer(0, 100_000), kept: integer(0, 100_000).optional() }).optional(),
  burn: fields({ micros: declaredMicros(1_000_000) }).optional(),
  runKey: synchronous.optional(),
  combine: synchronous.optional(),
})
  .refine(
    (stage) => stage.codec !== undefined || stage.run !== undefined,
    'must have codec, run, or both',
  )
  .refine(
    (stage) => stage.codec !== 'both' || stage.run !== undefined,
    'must have run between its codec’s two halves: codec both',
  )
  .refine(
    (stage) => (stage.runKey === undefined) === (stage.combine === undefined),
    'must have runKey and combine together, or neither',
  )

/** A stage whose form was checked; its functions are still unknown values. */
export type CheckedStage = z.infer<typeof stageSchema>
