import { z } from 'zod'
import { usageError } from '../base/errors.ts'
import { namesCure } from '../base/text.ts'
import type { ParameterSpec, ParameterSpecs } from '../contract/scenario.ts'
import { formatWhole } from '../words/format.ts'

/** Values as the user wrote them, by name. */
export type Assignments = Readonly<Record<string, string>>

/** Values as a run uses them, by name. */
export type Values = Readonly<Record<string, number | string>>

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * Splits `name=value` texts. `where` names their place in an error, e.g. `--param`. A name may come once.
 */
export function parseAssignments(texts: readonly string[], where: string): Assignments {
  const assignments = new Map<string, string>()
  for (const text of texts) {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(text) ?? []
    if (name === undefined || value === undefined) {
      throw usageError(
        'assignment',
        `${where}: not of the form name=value: ${text}`,
        'write name=value, without spaces',
      )
    }
    if (assignments.has(name)) {
      throw usageError('assignment', `${where}: ${name} is given twice`, `give ${name} one value`)
    }
    assignments.set(name, value)
  }
  return Object.fromEntries(assignments)
}

/**
 * A value for each parameter: the assigned one, checked against its spec, or the default. `where` names the
 * parameters' owner in an error, e.g. `arm staged` or `scenario kv-update`.
 */
export function parseParameters(
  specs: ParameterSpecs,
  assignments: Assignments,
  where: string,
): Values {
  const shape = Object.entries(specs).map(([name, spec]) => [name, valueSchema(spec)] as const)
  const parsed = z.strictObject(Object.fromEntries(shape)).safeParse(assignments)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const name = String(issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.path[0])
  const fault = `${where}: ${name}=${assignments[name]}`
  const spec = issue.code === 'unrecognized_keys' ? undefined : specs[name]
  if (spec === undefined) {
    throw usageError(
      'unknown-parameter',
      `${fault} sets what does not exist`,
      namesCure(name, Object.keys(specs), 'names'),
    )
  }
  throw usageError(
    'parameter',
    `${fault} ${issue.message}`,
    `${name} takes ${describeParameter(spec)}`,
  )
}

/** What a parameter may be and is by default, e.g. `an integer from 1 to 1,000 requests (default 32)`. */
export function describeParameter(spec: ParameterSpec): string {
  if (spec.kind === 'choice') return `one of ${spec.choices.join(', ')} (default ${spec.default})`
  const [minimum, maximum, byDefault] = [spec.minimum, spec.maximum, spec.default].map((value) =>
    formatWhole(value),
  )
  return `${spec.integer ? 'an integer' : 'a number'} from ${minimum} to ${maximum} ${spec.unit} (default ${byDefault})`
}

function valueSchema(spec: ParameterSpec): z.ZodType<number | string> {
  if (spec.kind === 'choice')
    return z.enum(spec.choices, 'is not one of its choices').default(spec.default)
  const inRange = z
    .number('is out of range')
    .min(spec.minimum, 'is out of range')
    .max(spec.maximum, 'is out of range')
  return z
    .string()
    .regex(DECIMAL, 'is not a number')
    .transform(Number)
    .pipe(spec.integer ? inRange.int('is not an integer') : inRange)
    .default(spec.default)
}
