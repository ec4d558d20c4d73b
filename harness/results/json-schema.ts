import { z } from 'zod'
import { reportSchema, SCHEMA_VERSION } from './schema.ts'

/** A JSON Schema of draft 2020-12, or a part of one: what of it is read here. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
}

/**
 * The shape of `report.json` for programs in other languages, made from `reportSchema`. It allows properties that it does
 * not name: fields may be added without a new version, and readers pass over them. Some milliseconds.
 */
export function reportJsonSchema(): JsonSchema {
  const { $schema, ...shape } = z.toJSONSchema(reportSchema, { io: 'input' })
  return {
    $schema,
    title: `report.json of crossover, schemaVersion ${SCHEMA_VERSION}`,
    ...shape,
  } as JsonSchema
}
