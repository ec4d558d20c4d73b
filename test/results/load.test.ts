import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadReport } from '../../harness/results/load.ts'
import { sampleReport } from '../render/sample-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossover-load-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileWith(content: string): string {
  const path = join(folder, 'report.json')
  writeFileSync(path, content)
  return path
}

function errorOf(path: string): unknown {
  try {
    loadReport(path)
  } catch (error) {
    return error
  }
  return undefined
}

const whole = JSON.stringify(sampleReport())

test.each([
  ['a missing file', join(folder, 'nowhere'), 'report-unreadable', 'no such file or folder'],
  ['a folder without a report', tmpdir(), 'report-unreadable', 'no such file or folder'],
])('%s is named, with a cure', (_what, path, code, message) => {
  expect(errorOf(path)).toMatchObject({ kind: 'usage', code, cure: expect.any(String) })
  expect(() => loadReport(path)).toThrow(message)
})

test.each([
  [
    'a truncated file',
    whole.slice(0, 1_000),
    'report-truncated',
    'not valid JSON, perhaps cut off',
  ],
  ['an empty file', '', 'report-truncated', '0 characters'],
  ['another JSON file', '{"name":"x"}', 'report-invalid', 'is not a report of crossover'],
  ['JSON that is no object', '[]', 'report-invalid', 'is not a report of crossover'],
  [
    'a report of an earlier version',
    whole.replace('"schemaVersion":3', '"schemaVersion":1'),
    'report-version',
    'schema version 1, this crossover reads version 3',
  ],
  [
    'a damaged report',
    whole.replace('"seed":42', '"seed":"42"'),
    'report-invalid',
    'at run.seed: path=',
  ],
])('%s is refused with a clear line', (_what, content, code, message) => {
  const path = fileWith(content)
  expect(errorOf(path)).toMatchObject({ kind: 'usage', code, cure: expect.any(String) })
  expect(() => loadReport(path)).toThrow(message)
})

test('another version names the crossover that can read it', () => {
  const path = fileWith(whole.replace('"schemaVersion":3', '"schemaVersion":4'))
  expect(errorOf(path)).toMatchObject({ cure: expect.stringContaining('0.1.0') })
})
