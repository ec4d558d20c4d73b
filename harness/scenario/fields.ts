import { z } from 'zod'
import { nearestName } from '../base/text.ts'

/** The fields that schemas of scenarios, workloads and stages are made of, with messages that name what would be right. */

/** The message of a field that is absent or not what it must be. */
export function must(be: string): { error: (issue: { input?: unknown }) => string } {
  return { error: (issue) => (issue.input === undefined ? 'is missing' : `must be ${be}`) }
}

export const text = z.string(must('a string')).min(1, 'must not be empty')
/** A name of lower-case words. */
export const kebabCase = text.regex(
  /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  'must be lower-case words joined by -',
)
export const number = z.number(must('a number'))
export const truth = z.boolean(must('true or false'))

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
