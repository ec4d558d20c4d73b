import { z } from 'zod'
import { callable, fields, integer, kebabCase, must, number, text, truth } from './schema-fields.ts'

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
  prediction: fields({
    winner: z.enum(['staged', 'sharded', 'none'], must('staged, sharded or none')),
    orTie: truth.optional(),
    because: text,
  }).optional(),
  params: z.record(z.string(), parameterSchema, must('an object')),
  defaults: fields(
    {
      arms: text.optional(),
      loads: text.optional(),
      metric: text.optional(),
      cores: integer(0, 1_024).optional(),
      virtualCores: integer(1, 64).optional(),
    },
    'an object with arms, loads, metric, cores or virtualCores',
  ).optional(),
  fresh: truth.optional(),
  sweeps: z.array(text, must('an array of strings')).optional(),
  workload: callable,
  stages: callable,
  verify: callable,
})
