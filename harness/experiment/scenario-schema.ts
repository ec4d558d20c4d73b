import { z } from 'zod'
import { DRAWN } from '../contract/scenario.ts'

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const ASCII = /^\p{ASCII}*$/u
const PRINTABLE_ASCII = /^[ -~]*$/
/** RFC 3986, 2.3 `unreserved`, and the slash. */
const PATH = /^\/[\w.~/-]*$/
/** Paths that the server answers by itself. */
const TAKEN_PATH = /^\/(?:healthz$|stats$|kv\/)/

/** The message of a field that is absent or not what it must be. */
function must(be: string): { error: (issue: { input?: unknown }) => string } {
  return { error: (issue) => (issue.input === undefined ? 'is missing' : `must be ${be}`) }
}

const text = z.string(must('a string')).min(1, 'must not be empty')
const number = z.number(must('a number'))
const callable = z.custom((value) => typeof value === 'function', must('a function'))
const kebabCase = text.regex(KEBAB_CASE, 'must be lower-case words joined by -')

const parameterSchema = z.discriminatedUnion(
  'kind',
  [
    z
      .looseObject({
        kind: z.literal('number'),
        default: number,
        minimum: number,
        maximum: number,
        unit: z.string(must('a string')),
        description: text,
        integer: z.boolean(must('true or false')).optional(),
      })
      .refine(
        (spec) => spec.minimum <= spec.default && spec.default <= spec.maximum,
        'must have a default from minimum to maximum',
      ),
    z
      .looseObject({
        kind: z.literal('choice'),
        default: text,
        choices: z.array(text, must('an array of strings')),
        description: text,
      })
      .refine(
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
export const scenarioSchema = z.looseObject(
  {
    name: kebabCase,
    question: text,
    claim: text.optional(),
    prediction: z
      .looseObject(
        {
          winner: z.enum(['staged', 'sharded', 'none'], must('staged, sharded or none')),
          because: text,
        },
        must('an object'),
      )
      .optional(),
    params: z.record(z.string(), parameterSchema, must('an object')),
    workload: callable,
    stages: callable,
    verify: callable,
  },
  must('an object'),
)

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

/** An integer from 1 to `maximum`. */
function count(maximum: number): z.ZodNumber {
  return number
    .int('must be an integer')
    .min(1, 'must be at least 1')
    .max(maximum, `must be at most ${maximum}`)
}

function atMost(characters: number): [number, string] {
  return [characters, `must have at most ${characters} characters`]
}

/** Path and type are part of heads, for which a slot has bounded room. */
const documentSchema = z.looseObject(
  {
    path: text
      .max(...atMost(256))
      .regex(PATH, 'must begin with / and hold only letters, digits and -._~/')
      .refine((path) => !TAKEN_PATH.test(path), 'must not be /healthz, /stats or below /kv/'),
    contentType: text.max(...atMost(128)).regex(PRINTABLE_ASCII, 'must be printable ASCII'),
    text: text.regex(ASCII, 'must be ASCII'),
  },
  must('an object'),
)

const clientsSchema = z.looseObject(
  { connections: count(4_096), pipelining: count(64) },
  must('an object'),
)

const weight = number.min(0, 'must not be negative')

/** What `workload(params)` returns. */
export const workloadSchema = z.looseObject(
  {
    recordCount: number
      .int('must be an integer')
      .min(1, 'must be at least 1')
      .max(2 ** 30, 'must be at most 2^30'),
    valueBytes: number
      .min(8, 'must be at least 8')
      .max(1_024, 'must be at most 1024')
      .multipleOf(4, 'must be a multiple of 4'),
    operations: z
      .looseObject({ read: weight, update: weight }, must('an object'))
      .refine((mix) => mix.read + mix.update > 0, 'must have a weight above zero'),
    keys: z
      .looseObject(
        {
          kind: z.enum(
            ['uniform', 'scrambled-zipfian', 'zipf'],
            must('uniform, scrambled-zipfian or zipf'),
          ),
          theta: number.min(0, 'must not be negative').max(10, 'must be at most 10').optional(),
        },
        must('an object'),
      )
      .refine((keys) => keys.kind !== 'zipf' || keys.theta !== undefined, {
        path: ['theta'],
        message: 'is missing: kind zipf',
      }),
    arrivals: z.looseObject(
      { kind: z.enum(['poisson', 'constant'], must('poisson or constant')) },
      must('an object'),
    ),
    remoteShare: number.min(0, 'must not be negative').max(1, 'must be at most 1').optional(),
    serviceTimes: z
      .looseObject(
        {
          kind: z.enum(['fixed', 'exponential'], must('fixed or exponential')),
          meanMicros: number.min(1, 'must be at least 1').max(100_000, 'must be at most 100000'),
        },
        must('an object'),
      )
      .optional(),
    document: documentSchema.optional(),
    clients: clientsSchema.optional(),
  },
  must('an object'),
)

/** One element of what `stages(params)` returns. */
export const stageSchema = z
  .looseObject(
    {
      name: text,
      codec: z.enum(['decode', 'encode', 'both'], must('decode, encode or both')).optional(),
      run: callable.optional(),
      access: z
        .enum(['none', 'read', 'write', 'by-operation'], must('none, read, write or by-operation'))
        .optional(),
      burn: z.looseObject({ micros: declaredMicros(1_000_000) }, must('an object')).optional(),
      wait: z
        .looseObject(
          {
            micros: declaredMicros(10_000_000),
            blocking: z.boolean(must('true or false')).optional(),
          },
          must('an object'),
        )
        .optional(),
    },
    must('an object'),
  )
  .refine(
    (stage) => stage.codec !== undefined || stage.run !== undefined,
    'must have codec, run, or both',
  )
  .refine(
    (stage) => stage.codec !== 'both' || stage.run !== undefined,
    'must have run between its codec’s two halves: codec both',
  )

/** A stage whose form was checked; its functions are still unknown values. */
export type CheckedStage = z.infer<typeof stageSchema>

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
function inOneLine(value: string | number | boolean): string {
  const shown = String(value)
  return /\p{Cc}/u.test(shown) ? JSON.stringify(shown) : shown
}
