import { z } from 'zod'
import { nearestName } from '../base/text.ts'
import { DRAWN } from '../contract/stage.ts'

/** The fields that schemas of scenarios, workloads and stages are made of, with messages that name what would be right. */

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** The message of a field that is absent or not what it must be. */
export function must(be: string): { error: (issue: { input?: unknown }) => string } {
  return { error: (issue) => (issue.input === undefined ? 'is missing' : `must be ${be}`) }
}

export const text = z.string(must('a string')).min(1, 'must not be empty')
export const number = z.number(must('a number'))
export const truth = z.boolean(must('true or false'))
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
const kebabCase = text.regex(KEBAB_CASE, 'must be lower-case words joined by -')

/** A number from `minimum` to `maximum`. */
export function within(minimum: number, maximum: number): z.ZodNumber {
  const least = minimum === 0 ? 'must not be negative' : `must be at least ${minimum}`
  return number.min(minimum, least).max(maximum, `must be at most ${maximum}`)
}

/** An integer from `minimum` to `maximum`. */
export function integer(minimum: number, maximum: number): z.ZodNumber {
  return within(minimum, maximum).int('must be an integer')
}

/** Part of a whole. */
export const share = within(0, 1)

/** For `max` of a text. */
export function atMost(characters: number): [number, string] {
  return [characters, `must have at most ${characters} characters`]
}

/** An object of these fields and no others; `be` is what it must be, told where it is something else. */
export function fields<F extends z.core.$ZodLooseShape>(
  shape: F,
  be = 'an object',
): z.ZodObject<F, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? fieldCure(String(issue.keys[0]), Object.keys(shape))
        : must(be).error(issue),
  })
}

function fieldCure(typed: string, names: readonly string[]): string {
  const nearest = nearestName(typed, names)
  return nearest === undefined ? `fields: ${names.join(', ')}` : `did you mean ${nearest}?`
}

/** A field that no schema knows: a mistyped one would else be left out without a word. */
export interface UnknownField {
  /** `unknown field offlod in wait`, or `… in stages[1].wait` with a place. */
  readonly fault: string
  readonly cure: string
}

/**
 * The first field of `value`, at whatever depth, that a schema made of `fields` does not know, or undefined.
 * @param place what the value is called, empty for the whole
 */
export function unknownField(
  schema: z.ZodType,
  value: unknown,
  place: string,
): UnknownField | undefined {
  const issues = schema.safeParse(value).error?.issues ?? []
  const issue = issues.find(({ code }) => code === 'unrecognized_keys')
  if (issue?.code !== 'unrecognized_keys') return undefined
  const object = [place, ...issue.path].filter((part) => part !== '').join('.')
  const fault = `unknown field ${inOneLine(issue.keys[0]!)}`
  return { fault: object === '' ? fault : `${fault} in ${object}`, cure: issue.message }
}

/** The first thing wrong with `value`, as `field must be …: value`, or undefined. */
export function firstFault(schema: z.ZodType, value: unknown): string | undefined {
  const issue = schema.safeParse(value, { reportInput: true }).error?.issues[0]
  if (issue === undefined) return undefined
  const found = z.union([z.string(), z.number(), z.boolean()]).safeParse(issue.input)
  const message =
    found.success && found.data !== ''
      ? `${issue.message}: ${inOneLine(found.data)}`
      : issue.message
  return issue.path.length > 0 ? `${issue.path.join('.')} ${message}` : message
}

/** A value as it is, unless it would break the line. */
export function inOneLine(value: string | number | boolean): string {
  const shown = String(value)
  return /\p{Cc}/u.test(shown) ? JSON.stringify(shown) : shown
}

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
