import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runError } from '../../harness/base/errors.ts'
import type { FindFlags } from '../../harness/cli/find-flags.ts'
import { buildFind } from '../../harness/cli/build-find.ts'
import { executeFind, type FindRunner } from '../../harness/cli/execute-find.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import { crossingSchema } from '../../harness/results/crossing.ts'
import { sampleCrossing, troubledSearch } from '../render/sample-crossing.ts'

let folder = ''
let stdout = ''
let stderr = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  stdout = ''
  stderr = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true))
  vi.spyOn(console, 'log').mockImplementation((text) => void (stdout += `${text}\n`))
  vi.spyOn(console, 'error').mockImplementation((text) => void (stderr += `${text}\n`))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

async function execute(runner: FindRunner, json = false): Promise<void> {
  const flags: FindFlags = {
    over: 'updatePercent',
    level: '0.95',
    until: '10%',
    out: folder,
    seed: 9,
    ...(json ? { json } : {}),
  }
  await executeFind(await buildFind('kv-update', flags, ['find']), flags, runner)
}

/** The error that the execution ends with. */
async function failureOf(runner: FindRunner): Promise<unknown> {
  return execute(runner).then(
    () => undefined,
    (error: unknown) => error,
  )
}

const giving: FindRunner = () => Promise.resolve(sampleCrossing())

function savedFolder(): string {
  const [name = '', ...more] = readdirSync(folder)
  expect(more).toEqual([])
  return join(folder, name)
}

function saved(): unknown {
  return JSON.parse(readFileSync(join(savedFolder(), 'crossing.json'), 'utf8'))
}

test('a search is planned, saved as JSON and page, and printed', async () => {
  await execute(giving)
  expect(crossingSchema.parse(saved())).toEqual(sampleCrossing())
  expect(readdirSync(savedFolder()).toSorted()).toEqual(['crossing.html', 'crossing.json'])
  expect(stderr).toMatch(
    /^kv-update over updatePercent from 0% to 100%: .*seed 9\n[^]*\nat most about 240 s in all\n$/,
  )
  expect(stdout).toMatch(/^sharded’s p99 crosses staged’s at theta = 0\.86/)
  expect(stdout.trimEnd()).toMatch(/\ncrossing: .*-find-kv-update\/crossing\.html$/)
})

test('with --json stdout holds one object and nothing else', async () => {
  await execute(giving, true)
  expect(JSON.parse(stdout)).toMatchObject({
    path: savedFolder(),
    complete: true,
    end: 'precise',
    sentence: expect.stringMatching(/^sharded’s p99 crosses/),
    prediction: { winner: 'sharded' },
    predictionText: expect.stringMatching(/Outcome: it depends: sharded below theta = 0\.8/),
    over: { name: 'theta', from: 0, to: 1.2 },
    metric: 'p99',
    load: { label: '50%', referencePerSecond: 60_000 },
    crossing: { outcome: 'crosses', level: 0.95 },
    markedTrials: { count: 0 },
  })
})

test('the first Ctrl-C keeps what was measured and ends with exit code 3', async () => {
  const failure = await failureOf((_, hooks) => {
    hooks.save(troubledSearch())
    process.emit('SIGINT')
    expect(hooks.signal.aborted).toBe(true)
    return Promise.reject(runError('interrupted', 'the run was interrupted'))
  })
  expect(failure).toMatchObject({ code: 'interrupted', cure: expect.stringContaining(folder) })
  expect(exitCodeOf(failure)).toBe(3)
  expect(saved()).toMatchObject({ complete: false, ending: 'the run was interrupted' })
  expect(readdirSync(savedFolder())).toContain('crossing.html')
  expect(stdout).toContain('This search is incomplete')
  expect(stderr).toContain('stopping')
})

test('one that breaks off before anything was saved leaves nothing behind', async () => {
  const failure = await failureOf(() => Promise.reject(runError('worker', 'a thread ended')))
  expect(failure).toMatchObject({ code: 'worker' })
  expect(stdout).toBe('')
  expect(readdirSync(folder)).toEqual([])
})

test('a wrong answer ends it with exit code 3, and says why in the result', async () => {
  const failure = await failureOf((_, hooks) => {
    hooks.save({ ...sampleCrossing(), complete: false })
    return Promise.reject(runError('void', 'void: arm=staged theta=0.3 pair=2: lost update'))
  })
  expect(failure).toMatchObject({ code: 'void', cure: expect.stringContaining(folder) })
  expect(exitCodeOf(failure)).toBe(3)
  expect(saved()).toMatchObject({ complete: false, ending: expect.stringContaining('lost update') })
})
