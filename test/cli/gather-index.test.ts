import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gatherIndex } from '../../harness/cli/history.ts'
import { sampleCatalogue } from '../render/sample-catalogue.ts'
import { sampleReport } from '../render/sample-report.ts'
import { sampleSweep } from '../render/sample-sweep.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'crossover-gather-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function put(path: string, content: object | string): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
}

/** The sample with another start. */
function started(startedAt: string) {
  const report = sampleReport()
  report.run.startedAt = startedAt
  return report
}

const gathered = async (): Promise<readonly string[]> =>
  (await gatherIndex(folder)).map(
    ({ state, kind, startedAt, file }) =>
      `${state} ${kind} ${startedAt?.slice(0, 10) ?? '–'} ${file.slice(folder.length + 1)}`,
  )

test('runs, catalogues and what is in them, newest first', async () => {
  put('2026-11-23T08-00-00Z-kv-update/report.json', started('2026-11-23T08:00:00.000Z'))
  put('2026-11-22T19-53-58Z-catalogue/catalogue.json', sampleCatalogue())
  put('2026-11-22T19-53-58Z-catalogue/kv-update/report.json', started('2026-11-24T08:00:00.000Z'))
  put('example/run/report.json', started('2026-11-21T08:00:00.000Z'))
  put('example/sweep/sweep.json', sampleSweep())
  expect(await gathered()).toEqual([
    'read run 2026-11-24 2026-11-22T19-53-58Z-catalogue/kv-update/report.json',
    'read run 2026-11-23 2026-11-23T08-00-00Z-kv-update/report.json',
    'read catalogue 2026-11-22 2026-11-22T19-53-58Z-catalogue/catalogue.json',
    'read sweep 2026-11-22 example/sweep/sweep.json',
    'read run 2026-11-21 example/run/report.json',
  ])
})

test('truncated, empty, foreign, too new and hand-edited files are rows, and the others are there', async () => {
  const whole = JSON.stringify(sampleReport(), undefined, 1)
  put('a/report.json', whole.slice(0, 2_000))
  put('b/report.json', '')
  put('c/report.json', sampleSweep())
  put('d/report.json', { ...sampleReport(), schemaVersion: 99 })
  put('e/report.json', whole.replace('"complete": true', '"complete": "yes"'))
  put('f/catalogue.json', '[]')
  put('g/report.json', whole)
  const rows = await gatherIndex(folder)
  expect(rows.map(({ state }) => state)).toEqual(['read', ...Array<string>(6).fill('unreadable')])
  const problems = rows.flatMap((row) => (row.state === 'unreadable' ? [row.problem] : []))
  expect(problems).toEqual([
    expect.stringMatching(/^report is cut off at byte 2,0\d\d .*: path=.*a\/report\.json$/),
    expect.stringMatching(/^report is empty: path=/),
    expect.stringMatching(/^this is a sweep, .* not a report: path=/),
    expect.stringMatching(/^report has schemaVersion 99, this crossover reads /),
    expect.stringMatching(/^report does not have the expected shape: complete: /),
    expect.stringMatching(/^catalogue does not have the expected shape: the whole: /),
  ])
})
