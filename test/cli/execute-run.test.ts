import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runError } from '../../harness/base/errors.ts'
import { buildRequest } from '../../harness/cli/run-request.ts'
import { executeRun } from '../../harness/cli/execute-run.ts'
import type { RunFlags } from '../../harness/cli/run-flags.ts'
import { runExperiment } from '../../harness/experiment/run/run.ts'
import { loadReport } from '../../harness/results/load.ts'
import type { Report } from '../../harness/results/schema.ts'
import { sampleReport } from '../render/sample-report.ts'

vi.mock('../../harness/experiment/run/run.ts', () => ({
  runExperiment: vi.fn<typeof runExperiment>(),
}))
vi.mock('../../harness/experiment/run/plan.ts', () => ({
  planRun: () => ({ lines: ['the plan'], seconds: 9 }),
  reservedSeconds: () => 0,
}))

let folder = ''
let stdout = ''
let stderr = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  stdout = ''
  stderr = ''
  const toStdout = (text: unknown): boolean => ((stdout += String(text)), true)
  vi.spyOn(process.stdout, 'write').mockImplementation(toStdout)
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true))
  vi.spyOn(console, 'log').mockImplementation((text) => void toStdout(`${text}\n`))
  vi.spyOn(console, 'error').mockImplementation((text) => void (stderr += `${text}\n`))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** Executes a run whose experiment gives this report, or throws. */
async function execute(
  experiment: typeof runExperiment,
  more: Pick<RunFlags, 'json' | 'verbose'> = {},
): Promise<void> {
  vi.mocked(runExperiment).mockImplementation(experiment)
  const flags: RunFlags = {
    profile: 'smoke',
    metric: 'p99',
    level: '0.95',
    transport: 'replay',
    out: folder,
    reference: true,
    ...more,
  }
  await executeRun(await buildRequest('kv-update', flags, ['run']), flags)
}

const giving = (report: Report) => (): Promise<Report> => Promise.resolve(report)

/** The one report folder that the run made. */
function reportFolder(): string {
  const [name = '', ...more] = readdirSync(folder)
  expect(more).toEqual([])
  return join(folder, name)
}

test('a sound run is saved as JSON, page and exports, and printed', async () => {
  await execute(giving(sampleReport()))
  expect(loadReport(reportFolder()).report).toEqual(sampleReport())
  expect(readdirSync(reportFolder()).toSorted()).toEqual([
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
  ])
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`report: ${join(reportFolder(), 'report.html')}`)
  expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(25)
  expect(stderr).toMatch(/^the plan\n/)
})

test('with --verbose all is printed', async () => {
  await execute(giving(sampleReport()), { verbose: true })
  expect(stdout).toContain('Prediction, written down before measuring')
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`report: ${join(reportFolder(), 'report.html')}`)
})

test('with --json stdout holds one object and nothing else', async () => {
  await execute(giving(sampleReport()), { json: true })
  expect(JSON.parse(stdout)).toMatchObject({
    path: reportFolder(),
    complete: true,
    summary: { scenario: sampleReport().scenario.name, arms: ['staged', 'sharded'], level: 0.95 },
  })
})

test('a run that was stopped is saved and fails', async () => {
  const stopped = { ...sampleReport(), complete: false, ending: 'stopped by the user' }
  await expect(execute(giving(stopped))).rejects.toMatchObject({
    kind: 'run',
    code: 'incomplete',
    message: expect.stringContaining('stopped by the user'),
  })
  expect(loadReport(reportFolder()).report.complete).toBe(false)
})

test('a void trial fails the run', async () => {
  const report = sampleReport()
  const trial = Object.values(report.loads[0]?.sets[0]?.trials ?? {})[0]
  if (trial === undefined) throw new Error('the sample has no trial')
  trial.void = 'lost update: key=3'
  await expect(execute(giving(report))).rejects.toMatchObject({
    kind: 'run',
    code: 'void',
    message: expect.stringContaining('lost update: key=3'),
  })
})

test('a run that breaks off keeps and prints what it had saved, and says why it ended', async () => {
  const breaking: typeof runExperiment = (_, hooks) => {
    hooks.save({ ...sampleReport(), complete: false, ending: null })
    return Promise.reject(runError('worker', 'a thread ended'))
  }
  await expect(execute(breaking)).rejects.toMatchObject({
    code: 'worker',
    cure: expect.stringContaining(`what was measured until then is in ${folder}`),
  })
  expect(loadReport(reportFolder()).report).toMatchObject({
    complete: false,
    ending: 'a thread ended',
  })
  expect(readdirSync(reportFolder())).toContain('report.html')
  expect(stdout).toContain('This run is incomplete: a thread ended')
})

test('a run that breaks off before anything was saved prints nothing', async () => {
  await expect(
    execute(() => Promise.reject(runError('worker', 'a thread ended'))),
  ).rejects.toMatchObject({ code: 'worker' })
  expect(stdout).toBe('')
  expect(readdirSync(reportFolder())).toEqual([])
})

test('the first Ctrl-C asks the run to stop', async () => {
  const stopping: typeof runExperiment = (_, hooks) => {
    process.emit('SIGINT')
    return Promise.resolve({
      ...sampleReport(),
      complete: !hooks.signal.aborted,
      ending: 'stopped',
    })
  }
  await expect(execute(stopping)).rejects.toMatchObject({ code: 'incomplete' })
  expect(stderr).toContain('stopping')
})

test('afterwards Ctrl-C is node’s again', async () => {
  const before = process.listenerCount('SIGINT')
  await execute(giving(sampleReport()))
  expect(process.listenerCount('SIGINT')).toBe(before)
})
