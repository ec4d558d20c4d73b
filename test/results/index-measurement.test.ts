import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CrossoverError } from '../../harness/base/errors.ts'
import { loadMeasurement } from '../../harness/results/history.ts'
import type { KindName } from '../../harness/results/kinds.ts'
import { sampleAblation } from '../render/sample-ablation.ts'
import { sampleCalibration } from '../render/sample-calibration.ts'
import { sampleCatalogue } from '../render/sample-catalogue.ts'
import { sampleCrossing } from '../render/sample-crossing.ts'
import { sampleReport } from '../render/sample-report.ts'
import { sampleSweep } from '../render/sample-sweep.ts'
import { sampleValidation } from '../render/sample-validation.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossover-measurement-'))
afterAll(() => rmSync(folder, { recursive: true }))

function source(kind: KindName, content: string) {
  const file = join(folder, `${kind}.json`)
  writeFileSync(file, content)
  return { kind, file, page: null }
}

const SAMPLES: readonly (readonly [KindName, () => object])[] = [
  ['run', sampleReport],
  ['catalogue', sampleCatalogue],
  ['sweep', sampleSweep],
  ['search', sampleCrossing],
  ['ablation', sampleAblation],
  ['calibration', sampleCalibration],
  ['validation', sampleValidation],
]

test.each(SAMPLES)('a %s is read as it was saved', (kind, sample) => {
  const content = sample()
  const text = `\uFEFF${JSON.stringify(content)}`
  expect(loadMeasurement(source(kind, text))).toEqual({ kind, content })
})

test('a report of an earlier version is read, too', () => {
  const text = JSON.stringify({ ...sampleReport(), schemaVersion: 2 })
  expect(loadMeasurement(source('run', text)).kind).toBe('run')
})

/** The line of the usage error that this throws. */
function refusal(load: () => unknown): string {
  try {
    load()
  } catch (error) {
    if (error instanceof CrossoverError && error.kind === 'usage') return error.message
    throw error
  }
  throw new Error('it was loaded')
}

const whole = JSON.stringify(sampleSweep(), undefined, 1)

test.each([
  ['an empty file', ' \n', /^sweep is empty$/],
  [
    'a truncated file',
    whole.slice(0, 500),
    /^sweep is cut off at byte \d+ \(line \d+, column \d+\)$/,
  ],
  [
    'a text',
    'Dear all, this is no sweep.',
    /^sweep is not valid JSON at byte 1 \(line 1, column 1\)$/,
  ],
  ['foreign JSON', '{"schemaVersion":1}', /^sweep does not have the expected shape: complete: /],
  ['a number', '7', /^sweep does not have the expected shape: the whole: /],
  ['a newer version', '{"schemaVersion":9}', /^sweep has version 9, this crossover reads 1$/],
])('%s is told in one line', (_, content, what) => {
  const broken = source('sweep', content)
  const [said = '', where] = refusal(() => loadMeasurement(broken)).split(': path=')
  expect(said).toMatch(what)
  expect(where).toBe(broken.file)
})

test('a file that cannot be read is told with its reason', () => {
  expect(() => loadMeasurement({ kind: 'sweep', file: folder, page: null })).toThrow(
    `cannot read the sweep: it is a folder: path=${folder}`,
  )
})
