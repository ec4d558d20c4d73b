import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ablationSchema } from '../../harness/results/ablate.ts'
import { calibrationSchema } from '../../harness/results/calibrate.ts'
import { catalogueSchema } from '../../harness/results/catalogue.ts'
import { crossingSchema } from '../../harness/results/find.ts'
import { loadReport } from '../../harness/results/load.ts'
import { OTHER_FILES } from '../../harness/results/kinds.ts'
import { sweepSchema } from '../../harness/results/sweep.ts'
import { machineSchema, validationSchema } from '../../harness/results/validate.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossover-other-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Something with the properties of that kind, under a name that says nothing. */
function fileLike(schema: { readonly shape: object }): string {
  const path = join(folder, 'renamed.json')
  const properties = Object.keys(schema.shape).map((name) => [name, 1])
  writeFileSync(path, JSON.stringify(Object.fromEntries(properties)))
  return path
}

test.each([
  ['an ablation', ablationSchema, 'an ablation, made by crossover ablate', 'ablation.html'],
  ['a sweep', sweepSchema, 'a sweep, made by crossover sweep', 'sweep.html'],
  [
    'a crossing',
    crossingSchema,
    'a search for a crossing, made by crossover find',
    'crossing.html',
  ],
  [
    'a catalogue',
    catalogueSchema,
    'the index of a catalogue, made by',
    'open index.html beside it',
  ],
  [
    'a calibration',
    calibrationSchema,
    'a calibration, made by cross',
    'crossover calibrate prints',
  ],
  [
    'a validation',
    validationSchema,
    'a validation, made by crossover',
    'crossover validate prints',
  ],
  ['a machine file', machineSchema, 'the A/A band of a machine', 'leave it where it is'],
])('%s in place of a report is recognised under any name', (_, schema, what, cure) => {
  const path = fileLike(schema)
  expect(() => loadReport(path)).toThrow(
    expect.objectContaining({
      kind: 'usage',
      code: 'report-foreign',
      message: expect.stringMatching(new RegExp(`^this is ${what}.*, not a report: path=${path}$`)),
      cure: expect.stringContaining(cure),
    }),
  )
})

test.each(OTHER_FILES)('a folder with %s and no report says what it holds', (name) => {
  const path = join(folder, `of-${name}`)
  mkdirSync(path)
  writeFileSync(join(path, name), '{}')
  expect(() => loadReport(path)).toThrow(
    expect.objectContaining({
      code: 'report-foreign',
      message: expect.stringMatching(/^this is (?:an?|the) .*, not a report: path=.*\.json$/),
    }),
  )
})
