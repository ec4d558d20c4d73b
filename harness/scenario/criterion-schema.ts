import { z } from 'zod'
import { CRITERION_METRICS, FIGURE_UNITS } from '../contract/claim.ts'
import { atMost, fields, integer, must, number, text } from './fields.ts'

/** The form of a criterion; what it means is checked in `criteria.ts`. */

const ID = /^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/

/** Form by form, each told by a field that no other has: a fault is told of that form alone. */
function byField(
  forms: readonly (readonly [field: string, schema: z.ZodType])[],
  be: string,
): z.ZodType {
  return z.unknown().check((context) => {
    const { value } = context
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    const form = isObject ? forms.find(([field]) => Object.hasOwn(value, field)) : undefined
    const issues = form?.[1].safeParse(value, { reportInput: true }).error?.issues
    if (form === undefined) {
      const message = must(be).error({ input: value })
      context.issues.push({ code: 'custom', message, input: value })
    }
    for (const issue of issues ?? [])
      context.issues.push({ ...issue, input: issue.input } as z.core.$ZodRawIssue)
  })
}

const pair = (item: z.ZodType, be: string) => z.tuple([item, item], must(be))

const metricFields = {
  metric: z.enum(CRITERION_METRICS, must(`one of ${CRITERION_METRICS.join(', ')}`)),
  class: text.optional(),
}

const roundFigure: z.ZodType = z.lazy(() => byField(ROUND_FIGURES, ROUND_FIGURE))

const ROUND_FIGURE = 'an object with cell and metric, or with ratio, difference, growth or share'
const TWO_FIGURES = 'an array of two figures'
const ROUND_FIGURES: readonly (readonly [string, z.ZodType])[] = [
  ['cell', fields({ cell: text, ...metricFields })],
  ['ratio', fields({ ratio: pair(roundFigure, TWO_FIGURES) })],
  ['difference', fields({ difference: pair(roundFigure, TWO_FIGURES), times: number.optional() })],
  [
    'growth',
    fields({
      growth: fields({
        over: text,
        cells: z.array(text, must('an array of names')).min(2, 'must name at least two cells'),
        ...metricFields,
      }),
    }),
  ],
  ['share', fields({ share: fields({ from: roundFigure, by: roundFigure, to: roundFigure }) })],
]

const grid = z.array(roundFigure, must('an array of figures')).min(1, 'must not be empty')

const figureOf = byField(
  [
    ...ROUND_FIGURES,
    ['largest', fields({ largest: grid })],
    ['smallest', fields({ smallest: grid })],
  ],
  `${ROUND_FIGURE}, or with largest or smallest of several`,
)

const TWO_NUMBERS = 'an array of two numbers, the larger not first'
const twoNumbers = pair(number, TWO_NUMBERS).refine(
  ([from, to]) => (from as number) <= (to as number),
  `must be ${TWO_NUMBERS}`,
)
const limit = byField(
  [
    ['above', fields({ above: number })],
    ['below', fields({ below: number })],
    ['within', fields({ within: twoNumbers })],
    ['outside', fields({ outside: twoNumbers })],
  ],
  'an object with above, below, within or outside',
)

const cellMetric = fields({ cell: text, ...metricFields })
const usefulTime = byField(
  [
    ['micros', fields({ micros: number.positive('must be above 0') })],
    [
      'times',
      fields({
        times: number.positive('must be above 0'),
        largest: z.array(cellMetric, must('an array of metrics')).min(1, 'must not be empty'),
      }),
    ],
  ],
  'an object with micros, or with times and largest',
)

const unit = z.enum(FIGURE_UNITS, must(`one of ${FIGURE_UNITS.map((one) => `'${one}'`).join(' ')}`))
const limits = { confirmed: limit.optional(), refuted: limit.optional() }

const cell = fields({
  arm: text,
  params: z
    .record(z.string(), z.union([z.string(), z.number()], must('a number or a text')))
    .optional(),
  load: text,
  loadOf: text.optional(),
  cores: z.union([z.literal('all'), integer(1, 1_024)], must('a number or all')).optional(),
  virtualCores: integer(1, 64).optional(),
})

const common = {
  id: text.max(...atMost(24)).regex(ID, 'must be letters and digits, words of them joined by -'),
  claim: text,
  source: text.optional(),
  needs: fields({
    processors: integer(1, 1_024).optional(),
    memoryNodes: integer(1, 64).optional(),
  }).optional(),
}

const figures = (figure: z.ZodType) =>
  z.array(figure, must('an array of figures')).min(1, 'must not be empty')

const byCells = fields({
  ...common,
  cells: z.record(z.string(), cell, must('an object of cells by name')),
  figures: figures(fields({ name: text, unit, of: figureOf, ...limits })),
  usefulWithin: usefulTime.optional(),
  durationTimes: integer(1, 8).optional(),
  rounds: integer(1, 64).optional(),
  screen: fields({ rounds: integer(1, 64), keep: integer(1, 64) }).optional(),
  refutedBy: z.enum(['any', 'all'], must('any or all')).optional(),
  onlyIf: z
    .array(fields({ name: text, unit, of: figureOf, holds: limit }), must('an array'))
    .optional(),
})

const byMeasurement = fields({
  ...common,
  by: z.enum(['calibrate', 'queueing'], must('calibrate or queueing')),
  figures: figures(fields({ name: text, unit, ...limits })).max(1, 'must be one'),
})

/** One element of a scenario’s `criteria`. */
export const criterionSchema: z.ZodType = byField(
  [
    ['untestable', fields({ ...common, untestable: text })],
    ['by', byMeasurement],
    ['id', byCells],
  ],
  'an object with id, claim, cells and figures',
)
