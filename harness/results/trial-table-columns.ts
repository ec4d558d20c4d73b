import { type JsonSchema, reportJsonSchema } from './json-schema.ts'
import type { Trial } from './schema.ts'

/** A figure of a trial by its place in `report.json`. */
export interface TrialColumn {
  /** The path below the trial, e.g. `percentiles.p99.ns`: the last part says the unit. */
  readonly name: string
  readonly read: (trial: Trial) => Cell
}
/** Null: not available, an empty cell. */
export type Cell = string | number | boolean | null

/** Whole histograms: `.hlog` files hold them. */
const LEFT_OUT = 'histogram'
const SCALARS = new Set(['string', 'number', 'integer', 'boolean'])

/**
 * Every figure of a trial, in the order of the schema, so that each report of a version has the same columns and new
 * fields come by themselves. Lists and records of scalars are one text cell (`a; b`, `name=value; …`); threads, windows
 * and gates, lists of objects, are left out.
 */
export function trialColumns(): readonly TrialColumn[] {
  return pathsBelow(trialSchema(), []).map((path) => ({
    name: path.join('.'),
    read: (trial) => cellOf(path.reduce(propertyOf, trial)),
  }))
}

function trialSchema(): JsonSchema {
  const sets = reportJsonSchema().properties?.['loads']?.items?.properties?.['sets']
  const trial = sets?.items?.properties?.['trials']?.additionalProperties
  if (typeof trial !== 'object') throw new TypeError('the schema of a report has no trials')
  return trial
}

function pathsBelow(schema: JsonSchema, path: readonly string[]): readonly (readonly string[])[] {
  const solid = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema
  if (solid.properties !== undefined) {
    return Object.entries(solid.properties).flatMap(([name, property]) =>
      name === LEFT_OUT ? [] : pathsBelow(property, [...path, name]),
    )
  }
  const { items, additionalProperties } = solid
  const inner = items ?? (typeof additionalProperties === 'object' ? additionalProperties : solid)
  return isScalar(inner) ? [path] : []
}

function isScalar({ type }: JsonSchema): boolean {
  return [type].flat().some((one) => one !== undefined && SCALARS.has(one))
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : null
}

function cellOf(value: unknown): Cell {
  if (Array.isArray(value)) return value.join('; ')
  if (typeof value === 'object' && value !== null) return listed(value)
  return (value ?? null) as Cell
}

/** `name=value; …` */
export function listed(values: object): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join('; ')
}
