import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadReportOf, loadReports } from '../../harness/compare/runs.ts'
import { sampleReport } from '../render/sample-report.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'crossover-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function save(name: string, scenario: string, content?: string): void {
  mkdirSync(join(folder, name))
  const report = sampleReport()
  report.scenario.name = scenario
  writeFileSync(join(folder, name, 'report.json'), content ?? JSON.stringify(report))
}

const scenariosAt = (path: string) => loadReports(path).map(({ report }) => report.scenario.name)

test('a file, the folder of a run, and a folder of several', () => {
  save('b-run', 'kv-update')
  save('a-run', 'hot-key')
  mkdirSync(join(folder, 'notes'))
  expect(scenariosAt(join(folder, 'b-run', 'report.json'))).toEqual(['kv-update'])
  expect(scenariosAt(join(folder, 'b-run'))).toEqual(['kv-update'])
  expect(scenariosAt(folder)).toEqual(['hot-key', 'kv-update'])
})

test('a report of an earlier version is made one of the present version', () => {
  save('old', 'kv-update', JSON.stringify({ ...sampleReport(), schemaVersion: 2 }))
  expect(loadReports(join(folder, 'old'))).toMatchObject([{ schemaVersion: 2 }])
})

test('two runs of the same cannot both be meant', () => {
  save('first', 'kv-update')
  save('second', 'kv-update')
  expect(() => loadReports(folder)).toThrow(
    expect.objectContaining({
      kind: 'usage',
      message: `folder holds two reports of kv-update with the same parameters: ${join(folder, 'first/report.json')} and ${join(folder, 'second/report.json')}`,
      cure: `name one of them instead of ${folder}`,
    }),
  )
})

test.each([
  ['nothing', '/nowhere/at/all', 'cannot read the report: no such file or folder'],
  ['an empty folder', '', 'folder holds no report.json'],
])('%s is refused', (_name, path, message) => {
  expect(() => loadReports(path || folder)).toThrow(
    expect.objectContaining({ kind: 'usage', message: expect.stringContaining(message) }),
  )
})

test('a damaged report among several is refused with its file', () => {
  save('good', 'kv-update')
  save('bad', 'hot-key', '{"loads": [')
  expect(() => loadReports(folder)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(join(folder, 'bad')) }),
  )
})

test('one scenario’s report is read without the others', () => {
  save('hot-key', 'hot-key', 'damaged')
  save('kv-update', 'kv-update')
  expect(loadReportOf(folder, 'kv-update')?.report.scenario.name).toBe('kv-update')
  expect(loadReportOf(join(folder, 'kv-update'), 'hot-key')?.report.scenario.name).toBe('kv-update')
})

test('it is found in a folder of another name, and null when there is none', () => {
  save('2026-01-31T12-00-00Z-kv-update', 'kv-update')
  expect(loadReportOf(folder, 'kv-update')?.report.scenario.name).toBe('kv-update')
  expect(loadReportOf(folder, 'hot-key')).toBeNull()
})
