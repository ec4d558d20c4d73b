import { z } from 'zod'
import {
  atMost,
  fields,
  inOneLine,
  integer,
  kebabCase,
  must,
  number,
  share,
  text,
  truth,
  within,
} from './fields.ts'

const ASCII = /^\p{ASCII}*$/u
const PRINTABLE_ASCII = /^[ -~]*$/
/** RFC 3986, 2.3 `unreserved`, and the slash. */
const PATH = /^\/[\w.~/-]*$/
/** Paths that the server answers by itself. */
const TAKEN_PATH = /^\/(?:healthz$|stats$|kv\/)/

/** Path and type are part of heads, for which a slot has bounded room. */
const documentSchema = fields({
  path: text
    .max(...atMost(256))
    .regex(PATH, 'must begin with / and hold only letters, digits and -._~/')
    .refine((path) => !TAKEN_PATH.test(path), 'must not be /healthz, /stats or below /kv/'),
  contentType: text.max(...atMost(128)).regex(PRINTABLE_ASCII, 'must be printable ASCII'),
  text: text.regex(ASCII, 'must be ASCII'),
})

const clientsSchema = fields({ connections: integer(1, 4_096), pipelining: integer(1, 64) })

const weight = number.min(0, 'must not be negative')

/** A union by `kind`, or another field, one object per kind: `message` lists the kinds. */
function byKind(
  schemas: readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
  message: string,
  field: 'kind' | 'by' = 'kind',
): z.ZodType {
  return z.discriminatedUnion(field, schemas, {
    error: (issue) => {
      if (issue.input === undefined) return 'is missing'
      if (issue.code !== 'invalid_union') return 'must be an object'
      const { [field]: found } = issue.input as { kind?: unknown; by?: unknown }
      return `must be ${message}${typeof found === 'string' ? `: ${inOneLine(found)}` : ''}`
    },
  })
}

function kind<K extends string, F extends z.core.$ZodLooseShape>(
  name: K,
  others: F,
): z.ZodObject<{ kind: z.ZodLiteral<K> } & F> {
  return fields({ kind: z.literal(name), ...others }) as unknown as z.ZodObject<
    { kind: z.ZodLiteral<K> } & F
  >
}

const operationsSchema = fields({
  read: weight,
  update: weight,
  insert: weight.optional(),
  readModifyWrite: weight.optional(),
}).refine(
  ({ read, update, insert = 0, readModifyWrite = 0 }) =>
    read + update + insert + readModifyWrite > 0,
  'must have a weight above zero',
)

const keysSchema = byKind(
  [
    kind('uniform', {}),
    kind('scrambled-zipfian', {}),
    kind('zipf', { theta: within(0, 10) }),
    kind('latest', {}),
    kind('hot-key', { share }),
    kind('hotspot', {
      keyShare: number.gt(0, 'must be above 0').lt(1, 'must be below 1'),
      requestShare: share,
    }),
  ],
  'uniform, scrambled-zipfian, zipf, latest, hot-key or hotspot',
)

const arrivalsSchema = byKind(
  [
    kind('poisson', {}),
    kind('constant', {}),
    kind('generalized-pareto', { shape: within(0, 0.5) }),
    kind('bursts', { onShare: within(0.001, 1), requests: within(1, 100_000) }),
  ],
  'poisson, constant, generalized-pareto or bursts',
)

const servicesSchema = byKind(
  [
    kind('fixed', { meanMicros: within(1, 100_000) }),
    kind('exponential', { meanMicros: within(1, 100_000) }),
    kind('mixture', {
      parts: z
        .array(
          fields({ weight, micros: within(0, 2_000_000) }),
          must('an array of { weight, micros }'),
        )
        .min(1, 'must have a part')
        .refine((parts) => parts.some((part) => part.weight > 0), 'must have a weight above zero'),
    }),
  ],
  'fixed, exponential or mixture',
)

const keysPerRequestSchema = fields({
  minimum: integer(1, 100),
  maximum: integer(1, 100),
  spread: z.enum(['neighbours', 'scattered'], must('neighbours or scattered')),
}).refine(({ minimum, maximum }) => minimum <= maximum, 'must have a minimum up to the maximum')

const heavyClientsSchema = fields({
  clients: integer(1, 10_000),
  heavyShare: share,
  requestShare: share,
})

const backgroundSchema = fields({
  share: within(0, 0.9),
  sliceMicros: within(10, 10_000),
  priorities: truth,
})

const memorySchema = fields({
  megabytes: integer(1, 1_024),
  state: z.enum(['cold', 'touched', 'locked'], must('cold, touched or locked')),
})

const fileSchema = fields({
  blocks: integer(1, 1_000_000),
  blockBytes: integer(512, 65_536).multipleOf(512, 'must be a multiple of 512'),
  cachedBlocks: integer(0, 1_000_000),
  cache: z.enum(['own', 'page', 'none'], must('own, page or none')),
})

const threeNames = z.tuple([kebabCase, kebabCase, kebabCase], must('three names'))
const twoNames = z.tuple([kebabCase, kebabCase], must('two names'))

const classesSchema = byKind(
  [
    fields({ by: z.literal('hot-key'), names: threeNames }),
    fields({ by: z.literal('client'), names: twoNames }),
    fields({
      by: z.literal('service-time'),
      upToMicros: z
        .array(within(0, 2_000_000), must('an array of numbers'))
        .min(1, 'must have a limit'),
      names: z.array(kebabCase, must('an array of names')).max(8, 'must have at most 8 names'),
    }),
    fields({ by: z.literal('operation'), names: twoNames }),
  ],
  'hot-key, client, service-time or operation',
  'by',
)

const sizes = z.enum(['fixed', 'facebook-etc'], must('fixed or facebook-etc'))

/** What `workload(params)` returns. */
export const workloadSchema = fields({
  recordCount: integer(1, 2 ** 26),
  insertRoom: integer(0, 1_000_000).optional(),
  valueBytes: within(8, 8_192).multipleOf(4, 'must be a multiple of 4'),
  valueSizes: sizes.optional(),
  keySizes: sizes.optional(),
  operations: operationsSchema,
  keys: keysSchema,
  keysPerRequest: keysPerRequestSchema.optional(),
  arrivals: arrivalsSchema,
  remoteShare: share.optional(),
  heavyClients: heavyClientsSchema.optional(),
  serviceTimes: servicesSchema.optional(),
  document: documentSchema.optional(),
  clients: clientsSchema.optional(),
  background: backgroundSchema.optional(),
  burners: integer(0, 16).optional(),
  memory: memorySchema.optional(),
  file: fileSchema.optional(),
  classes: classesSchema.optional(),
})
