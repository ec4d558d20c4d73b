import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type CompareFlags, executeCompare } from '../../harness/cli/compare.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import type { Report } from '../../harness/results/schema.ts'
import { scaledReport } from '../results/scaled-report.ts'

let folder = ''
let stdout = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-compare-'))
  stdout = ''
  vi.stubEnv('GITHUB_STEP_SUMMARY', '')
  vi.spyOn(console, 'log').mockImplementation((text) => void (stdout += `${text}\n`))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** Saves reports as a run, or, with names, as a folder of several. */
function save(place: string, report: Report): string {
  const path = join(folder, place)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'report.json'), JSON.stringify(report))
  return path
}

const named = (name: string, report: Report): Report => {
  report.scenario.name = name
  return report
}

/** The exit code, and the line that would be printed. */
function compare(flags: Partial<CompareFlags> = {}, before = 'old', after = 'new') {
  try {
    const all = { level: '0.95', control: 'other', format: 'terminal', ...flags }
    executeCompare(join(folder, before), join(folder, after), all)
    return { code: 0, message: '', cure: '' }
  } catch (error) {
    const { message, cure } = error as { message: string; cure?: string }
    return { code: exitCodeOf(error), message, cure }
  }
}

test('two runs of the same exceed nothing', () => {
  save('old', scaledReport())
  save('new', scaledReport({ seed: 2 }))
  expect(compare({ failIf: ['p99 > 10%', 'throughput < -5%', 'cpu > 10%'] }).code).toBe(0)
  expect(stdout).toMatch(/^No change that matters: /)
})

test('a slow-down of one arm is found, and told with its interval', () => {
  save('old', scaledReport())
  save('new', scaledReport({ staged: 1.04, sharded: 1.25, seed: 2 }))
  const { code, message, cure } = compare({ failIf: ['p99 > 10%'] })
  expect(code).toBe(1)
  expect(message).toMatch(
    /^p99 > 10%: failed, surely exceeded by sharded in kv-update at 20%, 1\.\d\d× \(1\.1\d–1\.\d\d\)/,
  )
  expect(cure).toContain('next baseline')
  expect(stdout).toContain('limit p99 > 10%: failed, surely exceeded')
  expect(compare({ failIf: ['staged p99 > 10%'] }).code).toBe(0)
  expect(compare({ failIf: ['sharded p99 > 50%'] }).code).toBe(0)
})

test('folders of several scenarios; one that cannot be compared ends in 2, and the others are told', () => {
  save('old/a', named('a', scaledReport()))
  save('new/a', named('a', scaledReport({ seed: 2 })))
  expect(compare({ failIf: ['p99 > 10%'] }).code).toBe(0)
  const stopped = named('b', scaledReport())
  stopped.complete = false
  save('old/b', named('b', scaledReport()))
  save('new/b', stopped)
  const { code, message } = compare({ failIf: ['p99 > 10%'] })
  expect({ code, message }).toEqual({
    code: 2,
    message: `not compared: report is incomplete (it ended for no known reason): path=${join(folder, 'new/b/report.json')}`,
  })
  expect(stdout).toContain('1 scenario compared: none surely changed; 1 could not be compared.')
})

test('a limit that is exceeded goes before a scenario that cannot be compared', () => {
  save('old/a', named('a', scaledReport()))
  save('new/a', named('a', scaledReport({ sharded: 1.5, seed: 2 })))
  const other = named('b', scaledReport())
  other.run.durationSeconds = 5
  save('old/b', named('b', scaledReport()))
  save('new/b', other)
  expect(compare({ failIf: ['p99 > 10%'] }).code).toBe(1)
})

test('a limit that nothing can be held against is no success', () => {
  save('old', scaledReport())
  save('new', scaledReport({ load: 1.05, seed: 2 }))
  expect(compare().code).toBe(0)
  const { code, message, cure } = compare({ failIf: ['p99 > 10%'] })
  expect({ code, message }).toEqual({
    code: 4,
    message: 'p99 > 10%: cannot tell (0 surely within it, 6 not judged)',
  })
  expect(stdout).toContain('its loads are 5.0 % apart')
  expect(cure).toContain(`--baseline ${join(folder, 'old')}`)
})

test('what noise hides is neither passed nor failed, and told with what was in sight', () => {
  save('old', scaledReport({ noise: 0.5 }))
  save('new', scaledReport({ noise: 0.5, seed: 2 }))
  const { code, message } = compare({ failIf: ['p99 > 10%'] })
  expect(code).toBe(4)
  expect(message).toMatch(
    /^p99 > 10%: cannot tell \(0 surely within it, 6 undecided\); a change beyond \+\d+ % would have been found everywhere, the tightest limit that surely held is \+\d+ %$/,
  )
  expect(stdout).toContain('undecided: sharded in kv-update at 50%: ')
  expect(compare({ failIf: ['p99 > 10%'], undecided: 'pass' }).code).toBe(0)
  expect(compare({ failIf: ['p99 > 1000%'] }).code).toBe(0)
  expect(compare({ failIf: ['goodput < -5%'], undecided: 'pass' }).code).toBe(2)
  expect(compare({ undecided: 'green' })).toMatchObject({
    code: 2,
    message: '--undecided: no way has this name: green',
  })
})

test('green for what cannot be told is not green for what surely is', () => {
  save('old', scaledReport())
  save('new', scaledReport({ sharded: 1.5, seed: 2 }))
  expect(compare({ failIf: ['p99 > 10%'], undecided: 'pass' }).code).toBe(1)
})

test('JSON is one document with the comparison', () => {
  save('old', scaledReport())
  save('new', scaledReport({ sharded: 1.3, seed: 2 }))
  expect(compare({ json: true, failIf: ['p99 > 10%'] }).code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    old: join(folder, 'old'),
    options: { level: 0.95, control: 'other' },
    refused: [],
    limits: [{ limit: { text: 'p99 > 10%', ratio: 1.1 }, kept: 3 }],
    scenarios: [{ scenario: 'kv-update', loads: [{ label: '20%' }, {}, {}] }],
  })
})

test('Markdown is printed, and added to the summary of a step', () => {
  save('old', scaledReport())
  save('new', scaledReport({ seed: 2 }))
  const summary = join(folder, 'summary.md')
  vi.stubEnv('GITHUB_STEP_SUMMARY', summary)
  compare({ format: 'markdown' })
  expect(stdout).toMatch(/^## Old against new\n/)
  expect(readFileSync(summary, 'utf8')).toBe(`${stdout}\n`)
})

test.each<[string, Partial<CompareFlags>, string]>([
  ['format', { format: 'html' }, '--format: no format has this name: html'],
  ['level', { level: '2' }, '--level 2: not a confidence'],
  ['limit', { failIf: ['p99 > 10'] }, '--fail-if p99 > 10: not a limit'],
])('a wrong %s is refused before anything is read', (_name, flags, message) => {
  expect(compare(flags, 'nowhere', 'nowhere')).toMatchObject({ code: 2, message })
})

test('a report is not compared with itself', () => {
  save('old', scaledReport())
  expect(compare({}, 'old', 'old/../old')).toMatchObject({
    code: 2,
    message: `old and new are the same: ${join(folder, 'old')}`,
  })
})

test('nor with a copy of itself, whatever its name, or a part of it', () => {
  const report = scaledReport()
  save('old', report)
  symlinkSync(join(folder, 'old'), join(folder, 'link'))
  const part = structuredClone(report)
  part.run.id = 'another'
  part.run.startedAt = '2027-01-01T00:00:00.000Z'
  part.loads = part.loads.slice(1)
  save('copy', report)
  save('part', part)
  save('many/a', report)
  for (const after of ['old/report.json', 'link', 'copy', 'part', 'many']) {
    expect(compare({ failIf: ['p99 > 10%'] }, 'old', after)).toMatchObject({
      code: 2,
      message: expect.stringMatching(/^old and new are the same run, or share trials: /),
    })
  }
})

const MAIN = fileURLToPath(new URL('../../harness/cli/main.ts', import.meta.url))

test('the command line: 0, 1 or 2, an error with its cure', () => {
  save('old', scaledReport())
  save('new', scaledReport({ sharded: 1.5, seed: 2 }))
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [MAIN, 'compare', ...args], { encoding: 'utf8', cwd: folder })
  const slower = run('old', 'new', '--fail-if', 'cpu > 50%', '--fail-if', 'p99 > 10%')
  expect(slower.status).toBe(1)
  expect(slower.stderr).toMatch(
    /^error: p99 > 10%: failed, surely exceeded by sharded.*\ncure: .*\n$/,
  )
  expect(slower.stdout).toMatch(/^sharded is slower than before at 20%, 50%, 80%/)
  expect(run('old', 'new').status).toBe(0)
  const refused = run('old', 'nowhere')
  expect(refused.status).toBe(2)
  expect(refused.stderr).toMatch(/^error: cannot read the report: .*: path=nowhere\ncure: .*\n$/)
}, 30_000)

test('a parameter that differs is refused, unless it is what is compared; a wrong name has its cure', () => {
  const withKeys = (keys: number, report: Report): Report => {
    report.scenario.params = { ...report.scenario.params, keys }
    return report
  }
  save('old', withKeys(5, scaledReport()))
  save('new', withKeys(7, scaledReport({ sharded: 1.25, seed: 2 })))
  expect(compare()).toMatchObject({ code: 2, cure: expect.stringContaining('--changed keys') })
  expect(compare({ changed: ['keyss'] })).toMatchObject({
    code: 2,
    message: '--changed: no parameter has this name: keyss',
    cure: expect.stringContaining('did you mean keys?'),
  })
  expect(compare({ changed: ['keys'], failIf: ['p99 > 10%'] })).toMatchObject({
    code: 1,
    message: expect.stringMatching(/^p99 > 10% with keys 5 → 7: failed/),
  })
  expect(stdout).toMatch(/^With keys 5 → 7: sharded is slower than before/)
  stdout = ''
  compare({ changed: ['keys'], format: 'markdown' })
  expect(stdout).toContain('- parameter keys: 5 then, 7 now')
  save('new', withKeys(5, scaledReport({ seed: 2 })))
  expect(compare({ changed: ['keys'] }).message).toBe('--changed keys: it is the same in both')
})
