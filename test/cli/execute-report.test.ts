import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MOST_PAIRS } from '../../harness/asked/quantities.ts'
import { executeReport } from '../../harness/cli/report.ts'
import { REPORT_FORMATS } from '../../harness/cli/report-formats.ts'
import { sampleCatalogue } from '../render/sample-catalogue.ts'
import { sampleReport } from '../render/sample-report.ts'
import { sampleSweep } from '../render/sample-sweep.ts'
import { renderBrief } from '../../harness/render/report/brief.ts'
import { renderHtml, renderMarkdown, renderTerminal } from '../../harness/render/report/render.ts'

const ALL_FILES = [
  'report.html',
  'report.json',
  'report.md',
  'sharded-20.hgrm',
  'sharded-50.hgrm',
  'sharded-80.hgrm',
  'sharded.hlog',
  'staged-20.hgrm',
  'staged-50.hgrm',
  'staged-80.hgrm',
  'staged.hlog',
  'trials.csv',
]

let folder = ''
let stdout = ''
let stderr = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-report-'))
  writeFileSync(join(folder, 'report.json'), JSON.stringify(sampleReport()))
  stdout = ''
  stderr = ''
  vi.stubEnv('GITHUB_STEP_SUMMARY', '')
  vi.spyOn(console, 'log').mockImplementation((text) => void (stdout += `${text}\n`))
  vi.spyOn(console, 'error').mockImplementation((text) => void (stderr += `${text}\n`))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const filesIn = (path: string): string[] => readdirSync(path).toSorted()
const report = (format: string, out?: string): Promise<void> =>
  executeReport(folder, { format, ...(out === undefined ? {} : { out }) })

test('by default the page is made beside the JSON and the summary is printed', async () => {
  await report('terminal,html')
  expect(filesIn(folder)).toEqual(['report.html', 'report.json'])
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe(renderHtml(sampleReport()))
  const further = { folder, mostRounds: MOST_PAIRS }
  const text = renderBrief(sampleReport(), { color: false, columns: 80 }, further)
  expect(stdout).toBe(`${text}\nreport: ${join(folder, 'report.html')}\n`)
  expect(stderr).toBe('')
})

test('with --verbose it is printed at length', async () => {
  await executeReport(folder, { verbose: true })
  const text = renderTerminal(sampleReport(), { color: false, columns: 80 })
  expect(stdout).toBe(`${text}\n\nreport: ${join(folder, 'report.html')}\n`)
})

test.each([
  ['html', ['report.html']],
  ['markdown', ['report.md']],
  ['csv', ['trials.csv']],
  ['hlog', ['staged.hlog', 'sharded.hlog']],
  ['csv, markdown', ['report.md', 'trials.csv']],
])('%s makes its files, prints their paths and nothing else', async (format, names) => {
  await report(format)
  expect(filesIn(folder)).toEqual([...names, 'report.json'].toSorted())
  expect(stdout).toBe(names.map((name) => `report: ${join(folder, name)}\n`).join(''))
})

test('the terminal’s summary needs no folder to write to', async () => {
  await report('terminal', join(folder, 'report.json', 'below'))
  expect(filesIn(folder)).toEqual(['report.json'])
  expect(stdout).toContain('sharded is')
  expect(stdout).toMatch(/ --verbose\n$/)
})

test('all formats, into a folder that is made', async () => {
  const out = join(folder, 'deep/exports')
  await report('all', out)
  expect(filesIn(out)).toEqual(ALL_FILES.filter((name) => name !== 'report.json'))
  expect(filesIn(folder)).toEqual(['deep', 'report.json'])
})

test('what is rendered twice is the same', async () => {
  await report('all')
  const first = ALL_FILES.map((name) => readFileSync(join(folder, name), 'utf8'))
  await report('all')
  expect(ALL_FILES.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(first)
})

test('a report of an earlier version is told so', async () => {
  const earlier = { ...sampleReport(), schemaVersion: 2 }
  writeFileSync(join(folder, 'report.json'), JSON.stringify(earlier))
  await report('terminal')
  expect(stderr).toBe(
    'report has schemaVersion 2: what was not recorded then is shown as not available\n',
  )
})

test('an unknown format is refused before anything is read', async () => {
  await expect(executeReport('/nowhere', { format: 'htlm' })).rejects.toThrow(
    expect.objectContaining({
      kind: 'usage',
      message: '--format: no format has this name: htlm',
      cure: `did you mean html? formats: ${REPORT_FORMATS.join(', ')}, all`,
    }),
  )
})

test('a folder below a file is the user’s to mend', async () => {
  await expect(report('csv', join(folder, 'report.json', 'below'))).rejects.toThrow(
    expect.objectContaining({ kind: 'usage', cure: expect.stringContaining('--out <folder>') }),
  )
})

test('a file that is in the way is the user’s to mend', async () => {
  mkdirSync(join(folder, 'trials.csv'))
  await expect(report('csv')).rejects.toThrow(
    expect.objectContaining({
      kind: 'usage',
      message: expect.stringContaining(`path=${join(folder, 'trials.csv')}`),
      cure: 'choose a folder you may write to: --out <folder>',
    }),
  )
})

// Root may write anywhere.
test.skipIf(process.getuid?.() === 0)(
  'a folder without permission is the user’s to mend',
  async () => {
    const out = join(folder, 'closed')
    mkdirSync(out, { mode: 0o500 })
    await expect(report('csv', out)).rejects.toThrow(expect.objectContaining({ kind: 'usage' }))
    chmodSync(out, 0o700)
  },
)

test('in a step of GitHub Actions Markdown is added to what the summary holds', async () => {
  const path = join(folder, 'summary.md')
  writeFileSync(path, 'before\n')
  vi.stubEnv('GITHUB_STEP_SUMMARY', path)
  await report('html')
  expect(readFileSync(path, 'utf8')).toBe('before\n')
  await report('markdown')
  expect(readFileSync(path, 'utf8')).toBe(`before\n${renderMarkdown(sampleReport())}\n`)
})

test('a summary that cannot be written is a warning', async () => {
  vi.stubEnv('GITHUB_STEP_SUMMARY', folder)
  await report('markdown')
  expect(stderr).toBe(
    `warning: cannot add to the summary of the step: it is a folder: GITHUB_STEP_SUMMARY=${folder}\n`,
  )
  expect(existsSync(join(folder, 'report.md'))).toBe(true)
})

const MAIN = fileURLToPath(new URL('../../harness/cli/main.ts', import.meta.url))

test('the command line: 0 and the files, or 2 and two lines', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [MAIN, 'report', ...args], { encoding: 'utf8', cwd: folder })
  const made = run('.', '--format', 'csv')
  expect({ ...made, pid: 0 }).toMatchObject({
    status: 0,
    stderr: '',
    stdout: 'report: trials.csv\n',
  })
  cpSync(join(folder, 'trials.csv'), join(folder, 'other.json'))
  const refused = run('other.json')
  expect(refused.status).toBe(2)
  expect(refused.stderr).toMatch(
    /^error: report is not valid JSON: .*: path=other\.json\ncure: .*\n$/,
  )
}, 30_000)

test('of another measurement text, page and Markdown are made, and nothing else', async () => {
  const sweep = join(folder, 'a-sweep')
  mkdirSync(sweep)
  writeFileSync(join(sweep, 'sweep.json'), JSON.stringify(sampleSweep()))
  await executeReport(sweep, { format: 'terminal,html,markdown' })
  expect(filesIn(sweep)).toEqual(['sweep.html', 'sweep.json', 'sweep.md'])
  expect(stdout).toContain(`sweep: ${join(sweep, 'sweep.html')}\n`)
  await expect(executeReport(sweep, { format: 'hlog' })).rejects.toThrow(
    /^--format hlog is for runs, and .*sweep\.json is a sweep, made by crossover sweep$/,
  )
  await expect(executeReport(join(sweep, 'sweep.json'), { verbose: true })).rejects.toThrow(
    /^--verbose is for runs/,
  )
})

test('the page of a catalogue is made anew from its figures', async () => {
  const catalogue = join(folder, 'a-catalogue')
  mkdirSync(catalogue)
  writeFileSync(join(catalogue, 'catalogue.json'), JSON.stringify(sampleCatalogue()))
  await executeReport(catalogue, {})
  expect(filesIn(catalogue)).toEqual(['catalogue.json', 'index.html'])
})
