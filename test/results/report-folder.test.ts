import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HistogramLogReader, listTags } from 'hdr-histogram-js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadReport } from '../../harness/results/load.ts'
import { histogramLogFiles } from '../../harness/results/export.ts'
import { type FolderPlace, MeasurementFolder } from '../../harness/results/folder.ts'
import type { Report } from '../../harness/results/schema.ts'
import { repeatedSet, sampleReport, troubledReport } from '../render/sample-report.ts'

const startedAt = new Date('2026-11-22T19:53:58.123Z')
let parentFolder: string

const create = (place: FolderPlace) => MeasurementFolder.create<Report>('run', place)

beforeEach(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'crossover-save-'))
})
afterEach(() => {
  rmSync(parentFolder, { recursive: true, force: true })
})

test('the folder is named after the start and the scenario, and never used twice', () => {
  const place = { parentFolder: join(parentFolder, 'new'), startedAt, scenario: 'kv-update' }
  const names = [create(place), create(place)].map((folder) =>
    folder.path.slice(parentFolder.length),
  )
  expect(names).toEqual([
    '/new/2026-11-22T19-53-58Z-kv-update',
    '/new/2026-11-22T19-53-58Z-kv-update-2',
  ])
})

test('inside another folder it has the scenario’s name, and is a new one', () => {
  expect(MeasurementFolder.inside(parentFolder, 'run', 'kv-update').path).toBe(
    join(parentFolder, 'kv-update'),
  )
  expect(() => MeasurementFolder.inside(parentFolder, 'run', 'kv-update')).toThrow(
    'cannot make the report folder: a file of that name is in the way',
  )
})

test('a folder in which nothing was saved can be discarded, another one stays', () => {
  const place = { parentFolder, startedAt, scenario: 'kv-update' }
  const [empty, saved] = [create(place), create(place)]
  saved.save(sampleReport(), histogramLogFiles(sampleReport()))
  empty.discardIfEmpty()
  saved.discardIfEmpty()
  expect(readdirSync(parentFolder)).toEqual(['2026-11-22T19-53-58Z-kv-update-2'])
})

test('a scenario’s name cannot lead out of the folder', () => {
  const folder = create({ parentFolder, startedAt, scenario: '../../escaped' })
  expect(readdirSync(parentFolder)).toEqual([folder.path.slice(parentFolder.length + 1)])
})

test('what is saved is what is loaded, from the file or its folder', () => {
  const report = sampleReport()
  const folder = create({ parentFolder, startedAt, scenario: report.scenario.name })
  folder.save(report, histogramLogFiles(report))
  folder.savePage('<!doctype html>')
  expect(readdirSync(folder.path).toSorted()).toEqual([
    'report.html',
    'report.json',
    'sharded.hlog',
    'staged.hlog',
  ])
  expect(loadReport(folder.path).report).toEqual(report)
  expect(loadReport(folder.filePath).report).toEqual(report)
  expect(readFileSync(folder.shownPath, 'utf8')).toBe('<!doctype html>')
})

test('a log has one tagged histogram per load and pair, with the counts of the trial', () => {
  const report = sampleReport()
  const folder = create({ parentFolder, startedAt, scenario: 'kv' })
  folder.save(report, histogramLogFiles(report))
  const content = readFileSync(join(folder.path, 'sharded.hlog'), 'utf8')
  expect(listTags(content)).toEqual(['20%', '50%', '80%'])
  const reader = new HistogramLogReader(content, 64)
  for (const load of report.loads) {
    for (const pair of load.sets) {
      const trial = pair.trials['sharded']
      const histogram = reader.nextIntervalHistogram()
      expect(histogram?.tag).toBe(load.label)
      expect(histogram?.totalCount).toBe(trial?.counts.completed)
      expect(histogram?.endTimeStampMsec).toBe(
        startedAt.setMilliseconds(0) + ((trial?.startedAtSeconds ?? 0) + 1.5) * 1_000,
      )
    }
  }
  expect(reader.nextIntervalHistogram()).toBeNull()
})

test('the largest value in a log line is in milliseconds, as the format wants it', () => {
  const report = sampleReport()
  const folder = create({ parentFolder, startedAt, scenario: 'kv' })
  folder.save(report, histogramLogFiles(report))
  const line = readFileSync(join(folder.path, 'staged.hlog'), 'utf8').match(/^Tag=.*$/m)?.[0] ?? ''
  const maxNs = report.loads[0]?.sets[0]?.trials['staged']?.maxNs ?? 0
  expect(Number(line.split(',')[3])).toBeCloseTo(maxNs / 1e6, 2)
})

test('repeated trials are kept in the report and left out of the log', () => {
  const folder = create({ parentFolder, startedAt, scenario: 'kv' })
  const report = sampleReport()
  report.loads[0]?.sets[0]?.discarded.push(repeatedSet('sharded', 1, ['noise']))
  folder.save(report, histogramLogFiles(report))
  const content = readFileSync(join(folder.path, 'sharded.hlog'), 'utf8')
  expect(content.match(/^Tag=20%/gm)).toHaveLength(6)
  expect(loadReport(folder.path).report.loads[0]?.sets[0]?.discarded).toHaveLength(1)
})

test('void trials are left out of the log', () => {
  const folder = create({ parentFolder, startedAt, scenario: 'kv' })
  folder.save(troubledReport(), histogramLogFiles(troubledReport()))
  const content = readFileSync(join(folder.path, 'sharded.hlog'), 'utf8')
  expect(content.match(/^Tag=20%/gm)).toHaveLength(5)
})

test('a folder that cannot be made is the user’s to mend', () => {
  const file = join(parentFolder, 'file')
  writeFileSync(file, '')
  const createBelow = () =>
    create({ parentFolder: join(file, 'reports'), startedAt, scenario: 'kv' })
  expect(createBelow).toThrow(/^cannot make the report folder: .*file.*: path=/)
  expect(createBelow).toThrow(
    expect.objectContaining({ kind: 'usage', cure: expect.stringContaining('--out') }),
  )
})

// Root may write anywhere.
test.skipIf(process.getuid?.() === 0)('a folder without permission is the user’s to mend', () => {
  chmodSync(parentFolder, 0o500)
  expect(() => create({ parentFolder, startedAt, scenario: 'kv' })).toThrow(
    /^cannot make the report folder: permission denied: path=/,
  )
})

test.skipIf(process.platform !== 'linux')('a full disk keeps the previous report', () => {
  const report = sampleReport()
  const folder = create({ parentFolder, startedAt, scenario: 'kv' })
  folder.save(report, histogramLogFiles(report))
  symlinkSync('/dev/full', `${folder.filePath}.partial`)
  expect(() => folder.save({ ...report, complete: false })).toThrow(
    expect.objectContaining({
      kind: 'run',
      code: 'disk-full',
      message: `cannot save the report: no space left on the disk: path=${folder.filePath}`,
    }),
  )
  expect(loadReport(folder.path).report).toEqual(report)
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.partial'))).toEqual([])
})
