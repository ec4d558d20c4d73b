import { z } from 'zod'
import { DRAWN } from '../contract/stage.ts'
import { criterionSchema } from './criterion-schema.ts'
import { atMost, fields, integer, kebabCase, must, number, text, truth, within } from './fields.ts'

const callable = z.custom((value) => typeof value === 'function', must('a function'))
/** A function that has done its work when it returns: neither async nor a generator. */
const synchronous = z.custom(
  (value) => typeof value === 'function' && value.constructor.name === 'Function',
  {
    error: ({ input }) =>
      typeof input === 'function'
        ? 'must be synchronous: neither async nor a generator'
        : must('a function').error({ input }),
  },
)

const parameterSchema = z.discriminatedUnion(
  'kind',
  [
    fields({
      kind: z.literal('number'),
      default: number,
      minimum: number,
      maximum: number,
      unit: z.string(must('a string')),
      description: text,
      integer: truth.optional(),
    }).refine(
      (spec) => spec.minimum <= spec.default && spec.default <= spec.maximum,
      'must have a default from minimum to maximum',
    ),
    fields({
      kind: z.literal('choice'),
      default: text,
      choices: z.array(text, must('an array of strings')),
      description: text,
    }).refine(
      (spec) => spec.choices.includes(spec.default),
      'must have a default among its choices',
    ),
  ],
  {
    error: (issue) =>
      issue.code === 'invalid_union' ? 'must be number or choice' : 'must be an object',
  },
)

/** The default export of a scenario module. */
export const scenarioSchema = fields({
  name: kebabCase,
  question: text,
  claim: text.optional(),
  theme: text.max(...atMost(60)).optional(),
  criteria: z.array(criterionSchema, must('an array of criteria')).optional(),
  prediction: fields({
    winner: z.enum(['staged', 'sharded', 'none'], must('staged, sharded or none')),
    about: z.enum(['classic', 'fused', 'both'], must('classic, fused or both')).optional(),
    orTie: truth.optional(),
    because: text,
  }).optional(),
  params: z.record(z.string(), parameterSchema, must('an object')),
  defaults: fields(
    {
      arms: text.optional(),
      loads: text.optional(),
      metric: text.optional(),
      within: text.optional(),
      cores: integer(0, 1_024).optional(),
      virtualCores: integer(1, 64).optional(),
    },
    'an object with arms, loads, metric, within, cores or virtualCores',
  ).optional(),
  fresh: truth.optional(),
  sweeps: z.array(text, must('an array of strings')).optional(),
  workload: callable,
  stages: callable,
  verify: callable,
})

/** Declared microseconds of a stage, up to `maximum`, or `drawn` from the workload's service times. */
function declaredMicros(maximum: number): z.ZodType {
  return z.union([z.literal(DRAWN), within(0, maximum)], {
    error: (issue) =>
      issue.input === undefined ? 'is missing' : `must be a number, or drawn, 0 to ${maximum}`,
  })
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
  touch: fields({
    pages: integer(0, 1_000),
    requests: z.literal(DRAWN, must('drawn, or left out')).optional(),
  }).optional(),
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
