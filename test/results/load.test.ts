import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CrossoverError } from '../../harness/base/errors.ts'
import { loadReport } from '../../harness/results/load.ts'
import type { Report } from '../../harness/results/schema.ts'
import { repeatedSet, sampleReport } from '../render/sample-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossover-load-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileWith(content: string, name = 'report.json'): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function folderWith(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name)
  mkdirSync(path)
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content)
  return path
}

function failureOf(path: string): CrossoverError {
  try {
    loadReport(path)
  } catch (error) {
    if (error instanceof CrossoverError) return error
    throw error
  }
  throw new Error('it was loaded')
}

/** The line and the cure of a file that is refused; every line ends with the file. */
function refusal(path: string): { code: string; what: string; cure: string } {
  const { kind, code, message, cure = '' } = failureOf(path)
  expect(kind).toBe('usage')
  expect(message + cure).not.toContain('\n')
  expect(message).toMatch(/: path=/)
  const [what = '', where] = message.split(/: path=(?=[^ ]*$)/)
  expect(where).toBe(path)
  return { code, what, cure }
}

const whole = JSON.stringify(sampleReport())
const lines = JSON.stringify(sampleReport(), undefined, 1)

/** The sample after somebody has been at it. */
function edited(edit: (report: Report) => void): string {
  const report = sampleReport()
  edit(report)
  return JSON.stringify(report)
}
const firstTrial = (report: Report) => report.loads[0]!.sets[0]!.trials['staged']!

test.each([
  ['a missing file', join(folder, 'nowhere'), /^cannot read the report: no such file or folder$/],
  ['a part of the path that is a file', join(fileWith(whole, 'f'), 'x'), /a part of the path is a/],
])('%s is named, with a cure', (_, path, what) => {
  expect(refusal(path)).toMatchObject({
    code: 'report-unreadable',
    what: expect.stringMatching(what),
    cure: expect.stringContaining('name the folder of a run'),
  })
})

test('a folder without a report is told so, with the newest report below it', () => {
  const path = folderWith('reports', {})
  for (const name of ['2026-01-01-a', '2026-01-02-b']) {
    mkdirSync(join(path, name))
    writeFileSync(join(path, name, 'report.json'), whole)
  }
  expect(refusal(path)).toEqual({
    code: 'report-unreadable',
    what: 'folder holds no report.json',
    cure: `name the folder of a run, e.g. ${join(path, '2026-01-02-b')}`,
  })
})

test.each([
  ['an empty file', '', 'report-truncated', /^report is empty$/, /run the scenario again/],
  ['a file of blanks', ' \n', 'report-truncated', /^report is empty$/, /run the scenario again/],
  [
    'a truncated file',
    lines.slice(0, 1_000),
    'report-truncated',
    /^report is cut off at byte 1,0\d\d \(line \d+, column \d+\)$/,
    /restore the file/,
  ],
  [
    'a text that is no JSON',
    'Dear all, this is no report.',
    'report-invalid',
    /^report is not valid JSON: unexpected token 'D' at byte 1 \(line 1, column 1\)$/,
    /restore the file/,
  ],
  [
    'a slip of the hand',
    lines.replace('"seed": 42,', '"seed": 42'),
    'report-invalid',
    /^report is not valid JSON: expected ',' or '}' after property value at byte \d+ \(line 10, column 3\)$/,
    /restore the file/,
  ],
  [
    'a binary file',
    '\u001F\u0008\u0000',
    'report-invalid',
    /^report is not valid JSON: unexpected token '\?'$/,
    /restore the file/,
  ],
  ['a list', '[]', 'report-foreign', /^this is JSON that is a list, not a rep/, /name the report/],
  [
    'null',
    'null',
    'report-foreign',
    /^this is JSON that is null, not a report$/,
    /name the report/,
  ],
  [
    'another JSON file',
    '{"name":"x","schemaVersion":4}',
    'report-foreign',
    /^this is JSON without schemaVersion and loads, not a report$/,
    /name the report\.json of a run/,
  ],
])('%s is refused with a clear line', (_, content, code, what, cure) => {
  expect(refusal(fileWith(content))).toEqual({
    code,
    what: expect.stringMatching(what),
    cure: expect.stringMatching(cure),
  })
})

test.each([
  [5, 'read it with the crossover that wrote it (0.1.0) or a later one'],
  [1, 'read it with the crossover that wrote it (0.1.0), or run the scenario again'],
])('version %d is refused, and the crossover that can read it is named', (version, cure) => {
  expect(
    refusal(fileWith(whole.replace('"schemaVersion":4', `"schemaVersion":${version}`))),
  ).toEqual({
    code: 'report-version',
    what: `report has schemaVersion ${version}, this crossover reads 2, 3 and 4`,
    cure,
  })
})

test.each([
  ['"3"', /is "3", it must be a whole number$/],
  ['3.5', /is 3\.5, it must/],
  ['null', /is null, it must/],
])('a schemaVersion of %s is none', (version, what) => {
  const content = whole.replace('"schemaVersion":4', `"schemaVersion":${version}`)
  expect(refusal(fileWith(content)).what).toMatch(what)
})

test('a report without a schemaVersion is told so', () => {
  expect(refusal(fileWith(whole.replace('"schemaVersion":4,', '')))).toMatchObject({
    code: 'report-invalid',
    what: 'schemaVersion of the report is missing, it must be a whole number',
  })
})

test.each([
  [
    'a text in place of a number',
    whole.replace('"seed":42', '"seed":"42"'),
    /^report does not have the expected shape: run\.seed: expected number, received string$/,
  ],
  [
    'an unknown word',
    whole.replace('"metric":"p99"', '"metric":"p98"'),
    /: run\.metric: expected one of "p50"\|"p90"\|"p99"\|"p99_9"\|"max"/,
  ],
  [
    'a missing figure, and others',
    whole.replaceAll('"minNs":', '"least":'),
    /: loads\[0\]\.sets\[0\]\.trials\.staged\.minNs: missing, expected number \(and \d+ more\)$/,
  ],
  [
    'one arm',
    edited((report) => report.arms.pop()),
    /: arms: Too small: expected array to have >=2 items$/,
  ],
  [
    'an instant that is none',
    edited((report) => (report.run.startedAt = 'soon')),
    /^report contradicts itself: run\.startedAt: expected an instant, e\.g\. 2026-/,
  ],
  [
    'another count',
    edited((report) => (firstTrial(report).counts.completed = 7)),
    /^report contradicts itself: loads\[0\]\.sets\[0\]\.trials\.staged\.counts\.completed: 7, its histogram holds 800$/,
  ],
  [
    'a damaged histogram',
    edited((report) => (firstTrial(report).histogram = 'HISTFAAAA')),
    /: loads\[0\]\.sets\[0\]\.trials\.staged\.histogram: expected HdrHistogram V2, compressed, in base64$/,
  ],
  [
    'a damaged histogram in a set that was played again',
    edited((report) => {
      const discarded = repeatedSet('staged', 1, ['noise'])
      discarded.trials['sharded']!.histogram = ''
      report.loads[0]!.sets[2]!.discarded.push(discarded)
    }),
    /: loads\[0\]\.sets\[2\]\.discarded\[0\]\.trials\.sharded\.histogram: expected HdrHistogram V2/,
  ],
  [
    'a comparison of an arm that is not there',
    edited((report) => (report.comparisons[0]!.second = 'fused')),
    /: comparisons\[0\]\.second: no such arm, expected \["staged","sharded"\]$/,
  ],
  [
    'an arm that is not compared',
    edited((report) => {
      const pair = report.loads[1]!.sets[2]!
      pair.trials = { ...pair.trials, 'fused:batch=8': firstTrial(report) }
    }),
    /: loads\[1\]\.sets\[2\]\.trials\["fused:batch=8"\]: no such arm, expected \["staged","sharded"\]$/,
  ],
])('%s in a report is told with its place and what would be right', (_, content, what) => {
  expect(refusal(fileWith(content))).toEqual({
    code: 'report-invalid',
    what: expect.stringMatching(what),
    cure: 'it was changed or damaged: restore the file, or run the scenario again',
  })
})

test('a byte order mark before a report does no harm', () => {
  expect(loadReport(fileWith(`\uFEFF${whole}`)).report).toEqual(sampleReport())
})

test('what is loaded says where it came from, from the file or its folder', () => {
  const path = folderWith('run', { 'report.json': whole })
  const file = join(path, 'report.json')
  const expected = { report: sampleReport(), file, schemaVersion: 4 }
  expect(loadReport(path)).toEqual(expected)
  expect(loadReport(file)).toEqual(expected)
})
