import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { Attribution } from '../../harness/results/trial-schema.ts'
import type { Report, Trial } from '../../harness/results/schema.ts'
import { partTable, trialTable } from '../../harness/results/export.ts'
import { detailedReport } from '../render/detailed-report.ts'
import { repeatedSet, sampleReport, troubledReport } from '../render/sample-report.ts'

type Row = Record<string, string>

function rowsOf(report: Report): Row[] {
  return parse(trialTable(report), { columns: true, record_delimiter: '\r\n' })
}

function firstTrial(report: Report): Trial {
  return report.loads[0]!.sets[0]!.trials['staged']!
}

/** Every number, text and truth in a trial, by its path; lists and histograms aside. */
function leaves(value: unknown, path: string): (readonly [string, unknown])[] {
  if (Array.isArray(value) || path.endsWith('histogram')) return []
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`),
  )
}

test('there is a row for every trial, also those that were played again', () => {
  const rows = rowsOf(troubledReport())
  const roles = Map.groupBy(rows, ({ role }) => role)
  expect(roles.get('counted')).toHaveLength(2 * 6 + 2 * 6)
  expect(roles.get('repeated')).toHaveLength(2 * 3)
  expect(rows[0]).toMatchObject({
    load: '20%',
    round: '1',
    seed: '40',
    arm: 'staged',
    position: '1',
  })
  expect(rows[1]).toMatchObject({ arm: 'sharded', position: '2', architecture: 'sharded' })
  expect(rows[2]).toMatchObject({ arm: 'sharded', position: '1', round: '2' })
  expect(roles.get('repeated')?.[0]).toMatchObject({
    load: '50%',
    round: '3',
    repeatedFor: 'noise of staged',
  })
})

test('every figure of a trial is in its row, with all digits', () => {
  const report = sampleReport()
  report.loads[0]!.sets[0]!.trials['staged']!.percentiles.p99.ns = 123_456.789_012_3
  const [row] = rowsOf(report)
  for (const [path, value] of leaves(firstTrial(report), '')) {
    // Lists of objects.
    if (path === 'stages' || path === 'classes') continue
    // Null in place of an object: its figures have columns, it has none.
    if (Object.keys(row ?? {}).some((name) => name.startsWith(`${path}.`))) continue
    expect([path, row?.[path]]).toEqual([
      path,
      value === null ? '' : JSON.stringify(value).replaceAll('"', ''),
    ])
  }
  expect(row?.['percentiles.p99.ns']).toBe('123456.7890123')
})

test('what an arm was not asked for has a column all the same, empty', () => {
  const [row] = rowsOf(sampleReport())
  expect(row).toMatchObject({
    'client.sendLateness.p99Ns': '',
    'attribution.bands.p50.partsNs': '',
  })
})

test('lists, settings and gates are one cell each', () => {
  const report = sampleReport()
  const attribution: Attribution = {
    parts: ['ingress wait', 'service'],
    requestsPerSample: 32,
    samples: 100,
    dropped: 0,
    sumsWithinShare: 1,
    bands: { p50: { samples: 9, latencyNs: 30, partsNs: [10.5, 19.5] }, p99: null, p99_9: null },
    slowestByCause: { 'ingress wait': 0.75, service: 0.25 },
  }
  Object.assign(firstTrial(report), { attribution, tuned: { batch: 8, threads: 2 } })
  firstTrial(report).gates.push(
    { name: 'halves', passed: false, figure: '', message: '' },
    { name: 'noise', passed: false, figure: '', message: '' },
  )
  expect(rowsOf(report)[0]).toMatchObject({
    'attribution.parts': 'ingress wait; service',
    'attribution.bands.p50.partsNs': '10.5; 19.5',
    'attribution.bands.p99.latencyNs': '',
    'attribution.slowestByCause': 'ingress wait=0.75; service=0.25',
    tuned: 'batch=8; threads=2',
    failedGates: 'halves; noise',
  })
})

test('texts with commas, quotes and line breaks come back as they were', () => {
  const report = sampleReport()
  firstTrial(report).void = 'lost "update",\r\nkey=3'
  const text = trialTable(report)
  expect(text).toContain('"lost ""update"",\r\nkey=3"')
  expect(parse(text, { columns: true })[0]).toMatchObject({ void: 'lost "update",\r\nkey=3' })
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
  'the text %j is no formula to a spreadsheet',
  (text) => {
    const report = sampleReport()
    report.scenario.name = text
    const pair = report.loads[0]!.sets[0]!
    pair.trials = { [text]: { ...firstTrial(report), arm: text, void: text } }
    const [row] = parse<Row>(trialTable(report), { columns: true })
    expect(row).toMatchObject({ scenario: `'${text}`, arm: `'${text}`, void: `'${text}` })
  },
)

test('a negative number stays a number', () => {
  const report = sampleReport()
  firstTrial(report).startedAtSeconds = -1.5
  expect(rowsOf(report)[0]).toMatchObject({ startedAtSeconds: '-1.5' })
})

test('all reports of a version have the same columns', () => {
  const repeated = sampleReport()
  repeated.loads[0]!.sets[0]!.discarded.push(repeatedSet('staged', 1, ['noise']))
  const [header, other] = [sampleReport(), repeated].map((one) => trialTable(one).split('\r\n')[0])
  expect(header).toBe(other)
})

test('a run without a trial is a table without a row', () => {
  const report = { ...sampleReport(), loads: [] }
  expect(trialTable(report).match(/\r\n/g)).toHaveLength(1)
})

test('the table of stages has a row for every stage of every trial, with the trial’s place', () => {
  const report = detailedReport()
  report.loads[0]!.sets[0]!.trials['staged']!.stages![1]!.wait!.p99Ns = 123_456.789_012_3
  report.loads[0]!.sets[1]!.trials['sharded']!.stages = null
  const rows: Row[] = parse(partTable(report, 'stages'), {
    columns: true,
    record_delimiter: '\r\n',
  })
  const trials = rowsOf(report)
  expect(rows).toHaveLength(2 * (trials.length - 1))
  for (const [index, row] of rows.slice(0, 4).entries()) {
    const trial = trials[Math.floor(index / 2)]!
    for (const name of ['load', 'round', 'position', 'role', 'arm', 'architecture', 'void'])
      expect([name, row[name]]).toEqual([name, trial[name]])
    expect(row).toMatchObject(index % 2 === 0 ? { stage: '1', name: 'decode' } : { stage: '2' })
  }
  const [, apply, ofSharded] = rows
  const stage = firstTrial(report).stages![1]!
  for (const [path, value] of leaves(stage, ''))
    expect([path, apply![path]]).toEqual([path, String(value)])
  expect(apply).toMatchObject({ 'wait.p99Ns': '123456.7890123', requestsPerBatch: '2.5' })
  // Sharded has no queues: the same columns, empty.
  expect(ofSharded).toMatchObject({ arm: 'sharded', 'wait.p99Ns': '', threads: '' })
  expect(ofSharded!['service.p50Ns']).not.toBe('')
  expect(Object.keys(apply!).some((name) => name.endsWith('histogram'))).toBe(false)
})
