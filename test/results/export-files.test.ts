import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { HistogramLogReader, listTags } from 'hdr-histogram-js'
import { afterAll, expect, test } from 'vitest'
import {
  distributionFiles,
  histogramLogFiles,
  saveFiles,
  tableFiles,
} from '../../harness/results/export.ts'
import type { Report } from '../../harness/results/schema.ts'
import { classedReport } from '../render/classed-report.ts'
import { detailedReport } from '../render/detailed-report.ts'
import { sampleReport, troubledReport } from '../render/sample-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossover-exports-'))
afterAll(() => rmSync(folder, { recursive: true }))

const namesOf = (files: readonly { readonly name: string }[]) => files.map(({ name }) => name)

test('there is a log per arm, a distribution per arm and load, and one table', () => {
  const report = sampleReport()
  expect(namesOf(histogramLogFiles(report))).toEqual(['staged.hlog', 'sharded.hlog'])
  expect(namesOf(distributionFiles(report))).toEqual([
    'staged-20.hgrm',
    'sharded-20.hgrm',
    'staged-50.hgrm',
    'sharded-50.hgrm',
    'staged-80.hgrm',
    'sharded-80.hgrm',
  ])
  expect(namesOf(tableFiles(report))).toEqual(['trials.csv'])
  // Of the sample’s stages nothing is known.
  expect(namesOf(tableFiles(detailedReport()))).toEqual(['trials.csv', 'stages.csv'])
})

test('a load without latencies has no distribution', () => {
  expect(namesOf(distributionFiles(troubledReport()))).not.toContain('staged-80.hgrm')
})

test('labels that look alike get files of their own, and none is a path', () => {
  const report: Report = sampleReport()
  report.loads[0]!.label = '50/s'
  report.loads[2]!.label = '../../50'
  const names = namesOf(distributionFiles(report))
  expect(new Set(names).size).toBe(6)
  for (const name of names) expect(name).toMatch(/^[\w.-]+\.hgrm$/)
})

test('files are written into a folder that is made', () => {
  saveFiles(join(folder, 'new/one'), [{ name: 'a.txt', content: 'µ' }])
  expect(readFileSync(join(folder, 'new/one/a.txt'), 'utf8')).toBe('µ')
  expect(readdirSync(join(folder, 'new/one'))).toEqual(['a.txt'])
})

test('a folder that cannot be made is the user’s to mend', () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  expect(() => saveFiles(join(file, 'below'), [])).toThrow(
    expect.objectContaining({ kind: 'usage', code: 'report-folder' }),
  )
})

test('classes of requests have a table of their own, read back with the figures of each trial', () => {
  const report = classedReport()
  const tables = tableFiles(report)
  expect(namesOf(tables)).toEqual(['trials.csv', 'classes.csv'])
  const rows = parse<Record<string, string>>(tables[1]!.content, { columns: true })
  const [set] = report.loads[0]!.sets
  const counted = Object.values(set!.trials).flatMap(({ arm, classes }) =>
    (classes ?? []).map(({ name, counts, percentiles }) => ({
      arm,
      load: report.loads[0]!.label,
      name,
      'counts.due': String(counts.due),
      'percentiles.p99.ns': String(percentiles.p99.ns),
    })),
  )
  expect(rows.slice(0, counted.length)).toMatchObject(counted)
})

test('logs have the histogram of each class behind that of its trial, tagged with load and class', () => {
  const report = classedReport()
  const [log] = histogramLogFiles(report)
  const labels = report.loads.map(({ label }) => label)
  expect(listTags(log!.content)).toEqual(
    labels.flatMap((label) => [label, `${label}:heavy`, `${label}:light`]),
  )
  const reader = new HistogramLogReader(log!.content, 64)
  const [whole, heavy, light] = [1, 2, 3].map(() => reader.nextIntervalHistogram()!)
  const { counts, classes } = report.loads[0]!.sets[0]!.trials['staged']!
  expect(whole!.totalCount).toBe(counts.completed)
  expect(heavy!.tag).toBe(`${labels[0]}:heavy`)
  expect(heavy!.totalCount).toBe(classes![0]!.counts.completed)
  expect([light!.totalCount, light!.minNonZeroValue]).toEqual([
    classes![1]!.counts.completed,
    expect.closeTo(100_000, -2),
  ])
})
