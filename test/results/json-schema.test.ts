import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { reportJsonSchema } from '../../harness/results/export.ts'
import { objectiveReport, sampleReport, troubledReport } from '../render/sample-report.ts'

const FILE = fileURLToPath(new URL('../../harness/results/report.schema.json', import.meta.url))

test('the committed JSON Schema is that of this version; -u makes it anew', async () => {
  await expect(`${JSON.stringify(reportJsonSchema(), undefined, 1)}\n`).toMatchFileSnapshot(FILE)
})

/** Checks by the JSON Schema alone: zod’s own types are not looked at. */
const byJsonSchema = z.fromJSONSchema(reportJsonSchema() as z.core.JSONSchema.JSONSchema)

test.each([
  ['a run', sampleReport()],
  ['a search within an objective', objectiveReport()],
  ['a run with everything that can go wrong', troubledReport()],
])('the JSON Schema accepts the report of %s', (_, report) => {
  expect(byJsonSchema.safeParse(JSON.parse(JSON.stringify(report))).error).toBeUndefined()
})

test('the JSON Schema accepts fields that a later crossover adds', () => {
  const report = { ...sampleReport(), later: 1 }
  expect(byJsonSchema.safeParse(report).success).toBe(true)
})

test.each([
  ['a missing field', { ...sampleReport(), loads: undefined }],
  ['a text in place of a number', { ...sampleReport(), schemaVersion: '4' }],
  ['one arm', { ...sampleReport(), arms: sampleReport().arms.slice(1) }],
])('the JSON Schema refuses %s', (_, report) => {
  expect(byJsonSchema.safeParse(JSON.parse(JSON.stringify(report))).success).toBe(false)
})
