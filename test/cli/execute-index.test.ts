import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { executeIndex, gatherIndex } from '../../harness/cli/history.ts'
import { renderIndexPage } from '../../harness/render/history/view.ts'
import { sampleReport } from '../render/sample-report.ts'

const SENTENCE = '1 run of 1 scenario; the newest began 2026-11-22 19:53:58 UTC: kv-update.'

let folder = ''
let stdout = ''
let stderr = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-index-'))
  mkdirSync(join(folder, 'run'))
  writeFileSync(join(folder, 'run/report.json'), JSON.stringify(sampleReport()))
  stdout = ''
  stderr = ''
  vi.spyOn(console, 'log').mockImplementation((text) => void (stdout += `${text}\n`))
  vi.spyOn(console, 'error').mockImplementation((text) => void (stderr += `${text}\n`))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), 'utf8')

test('the page is made in the folder, and made anew', async () => {
  const page = join(folder, 'index.html')
  await executeIndex(folder, {})
  expect(stdout).toBe(`${SENTENCE}\n\nindex: ${page}\n`)
  expect(stderr).toBe('')
  expect(read('index.html')).toBe(renderIndexPage(await gatherIndex(folder), folder))
  await executeIndex(folder, {})
  expect(read('index.html')).toBe(renderIndexPage(await gatherIndex(folder), folder))
})

test('--out is a file or a folder, and links lead from there', async () => {
  await executeIndex(folder, { out: join(folder, 'pages/all.html') })
  expect(read('pages/all.html')).toContain('href="../run/report.json"')
  await executeIndex(folder, { out: join(folder, 'deep/pages') })
  expect(read('deep/pages/index.html')).toContain('href="../../run/report.json"')
  mkdirSync(join(folder, 'odd.html'))
  await executeIndex(folder, { out: join(folder, 'odd.html') })
  expect(existsSync(join(folder, 'odd.html/index.html'))).toBe(true)
})

test('a page that is no index, such as a catalogue’s, is never replaced', async () => {
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>mine</title>')
  await expect(executeIndex(folder, {})).rejects.toThrow(
    expect.objectContaining({
      kind: 'usage',
      message: `there is a page already that is no index of runs: path=${join(folder, 'index.html')}`,
      cure: expect.stringContaining('--out'),
    }),
  )
  expect(read('index.html')).toBe('<!doctype html><title>mine</title>')
  await executeIndex(folder, { out: join(folder, 'other.html') })
  expect(existsSync(join(folder, 'other.html'))).toBe(true)
})

test('--json prints the rows and makes no page', async () => {
  mkdirSync(join(folder, 'broken'))
  writeFileSync(join(folder, 'broken/report.json'), '{')
  await executeIndex(folder, { json: true })
  const rows = JSON.parse(stdout) as object[]
  expect(rows).toEqual(JSON.parse(JSON.stringify(await gatherIndex(folder))))
  expect(rows).toMatchObject([
    {
      state: 'read',
      kind: 'run',
      file: join(folder, 'run/report.json'),
      scenarios: ['kv-update'],
      ratios: [{ load: '20%', metric: 'p99' }, { load: '50%' }, { load: '80%' }],
      warnings: 1,
    },
    { state: 'unreadable', problem: expect.stringContaining('cut off') },
  ])
  expect(stderr).toBe('')
  expect(existsSync(join(folder, 'index.html'))).toBe(false)
})

test('files that cannot be read are a warning', async () => {
  mkdirSync(join(folder, 'broken'))
  writeFileSync(join(folder, 'broken/report.json'), '')
  await executeIndex(folder, {})
  expect(stderr).toBe('warning: 1 file cannot be read: its row says why.\n')
  expect(stdout).toContain(SENTENCE)
})

test('a folder of which nothing can be read has a page that says why, and is an error', async () => {
  const broken = join(folder, 'broken')
  mkdirSync(broken)
  writeFileSync(join(broken, 'report.json'), '{')
  await expect(executeIndex(broken, {})).rejects.toThrow(
    expect.objectContaining({
      kind: 'usage',
      message: expect.stringContaining('none of 1 results'),
    }),
  )
  expect(existsSync(join(broken, 'index.html'))).toBe(true)
})

test.each([
  [{ format: 'html' }, '--index and --format html exclude each other'],
  [{ json: true, out: 'x' }, '--json and --out x exclude each other'],
] as const)('%o is refused', async (flags, message) => {
  await expect(executeIndex(folder, flags)).rejects.toThrow(
    expect.objectContaining({ kind: 'usage', message, cure: expect.stringContaining('leave out') }),
  )
})

test('a place that cannot be written is the user’s to mend', async () => {
  const out = join(folder, 'run/report.json')
  await expect(executeIndex(folder, { out })).rejects.toThrow(
    expect.objectContaining({ kind: 'usage', cure: expect.stringContaining('--out <folder>') }),
  )
})

const MAIN = fileURLToPath(new URL('../../harness/cli/main.ts', import.meta.url))

test('the command line: reports by default, or 2 and two lines', () => {
  const run = (...args: readonly string[]) => {
    const ended = spawnSync(process.execPath, [MAIN, 'report', ...args], {
      encoding: 'utf8',
      cwd: folder,
    })
    return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr }
  }
  expect(run('--index')).toEqual({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^error: cannot look for runs: no such file or folder: path=reports\ncure: [^\n]*\n$/,
    ),
  })
  expect(run()).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error: .*\ncure: .*\n$/),
  })
  expect(run('run', '--json')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--index'),
  })
  mkdirSync(join(folder, 'reports'))
  writeFileSync(join(folder, 'reports/report.json'), read('run/report.json'))
  expect(run('--index')).toEqual({
    status: 0,
    stdout: `${SENTENCE}\n\nindex: reports/index.html\n`,
    stderr: '',
  })
}, 30_000)
