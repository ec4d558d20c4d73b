import { expect, test } from 'vitest'
import { usageError } from '../../../harness/base/errors.ts'
import {
  closedRow,
  readRow,
  sortedRows,
  unreadableRow,
} from '../../../harness/render/history/rows.ts'
import { sampleIndex, runAfter } from '../sample-index.ts'
import { sampleReport, troubledReport } from '../sample-report.ts'

const FILE = 'reports/2026-11-21T08-00-01Z-catalogue/kv-update/report.json'

test('a run’s row has its headline, its ratios and what must be known', () => {
  const source = { kind: 'run', file: FILE, page: null } as const
  const report = troubledReport()
  const row = readRow(source, { kind: 'run', content: report })
  expect(row).toMatchObject({
    startedAt: '2026-11-22T19:53:58.000Z',
    scenarios: ['kv-update'],
    profile: 'default',
    arms: ['staged', 'sharded'],
    sentence: report.loads[1]!.comparisons[0]!.verdict!.sentence,
    notices: ['This run is incomplete: stopped by Ctrl-C.'],
    warnings: 1,
  })
  expect(row.ratios.map(({ subject, winner }) => [subject, winner])).toEqual([
    ['20%: p99', 'sharded'],
    ['50%: p99', 'sharded'],
    ['80%: p99', null],
  ])
  expect(row.ratios[0]!.ratio).toEqual(report.loads[0]!.comparisons[0]!.verdict!.ratio)
  expect(row.ratios[2]!.ratio).toBeNull()
})

test('a row keeps nothing of a report’s trials', () => {
  const source = { kind: 'run', file: FILE, page: null } as const
  const row = readRow(source, { kind: 'run', content: sampleReport() })
  expect(JSON.stringify(row).length).toBeLessThan(3_000)
})

test('every kind has a row with what it found', () => {
  const rows = sampleIndex().filter((row) => row.state === 'read')
  const sentences = new Map(rows.map(({ kind, sentence }) => [kind, sentence]))
  expect(sentences.get('catalogue')).toMatch(/^4 scenarios: 2 sound/)
  expect(sentences.get('sweep')).toMatch(/^sharded's p99 is /)
  expect(sentences.get('search')).toMatch(/^sharded’s p99 crosses /)
  expect(sentences.get('ablation')).toMatch(/^Of the p99 ratio /)
  expect(sentences.get('calibration')).toMatch(/^20 of 20 building blocks were measured\. C15, /)
  expect(sentences.get('validation')).toMatch(/checks? passed/)
})

test('an objective’s ratio is of loads, and its winner sustains more', () => {
  const row = sampleIndex().find(({ scenarios }) => scenarios[0] === 'queue-discipline')
  expect(row).toMatchObject({
    ratios: [{ subject: 'Highest load within p99 ≤ 1 ms', load: null, winner: 'sharded' }],
    notices: [expect.stringContaining('8 virtual cores')],
  })
})

test.each([
  ['run', FILE, '2026-11-21T08:00:01.000Z', ['kv-update']],
  ['run', 'r/2026-11-21T08-00-01Z-hot-key/report.json', '2026-11-21T08:00:01.000Z', ['hot-key']],
  ['sweep', '2026-11-21T08-00-01Z-sweep-a/sweep.json', '2026-11-21T08:00:01.000Z', ['a']],
  ['validation', 'r/2026-11-21T08-00-01Z-validate/v.json', '2026-11-21T08:00:01.000Z', []],
  ['run', 'old/report.json', null, ['old']],
  ['run', '2026-99-21T08-00-01Z-x/report.json', null, ['x']],
] as const)(
  'of an unreadable %s, %s, the folder tells start and scenario',
  (kind, file, start, names) => {
    const row = unreadableRow({ kind, file, page: null }, new Error('it is\n  broken'))
    expect(row).toMatchObject({ startedAt: start, scenarios: names, problem: 'it is broken' })
  },
)

test('a closed folder is a row of its own', () => {
  const folder = 'reports/2026-11-21T08-00-01Z-kv-update'
  expect(closedRow(folder, usageError('x', 'closed', 'open it'))).toMatchObject({
    kind: 'folder',
    file: folder,
    startedAt: '2026-11-21T08:00:01.000Z',
    problem: 'closed',
  })
})

test('newest first, those without a start last, in the order of their paths', () => {
  const [old, recent] = [runAfter(1), runAfter(2)]
  const a = unreadableRow({ kind: 'run', file: 'a/report.json', page: null }, 'no')
  const b = unreadableRow({ kind: 'run', file: 'b/report.json', page: null }, 'no')
  expect(sortedRows([b, old, a, recent])).toEqual([recent, old, a, b])
})
