import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runError } from '../../harness/base/errors.ts'
import type { SweepFlags } from '../../harness/cli/sweep-flags.ts'
import { buildSweep } from '../../harness/cli/build-sweep.ts'
import { type SweepRunner, executeSweep } from '../../harness/cli/execute-sweep.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import { sweepSchema } from '../../harness/results/sweep.ts'
import { sampleSweep, troubledSweep } from '../render/sample-sweep.ts'

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

async function execute(runner: SweepRunner, json = false): Promise<void> {
  const flags: SweepFlags = {
    over: 'load=10%..95%',
    level: '0.95',
    out: folder,
    seed: 9,
    ...(json ? { json } : {}),
  }
  await executeSweep(await buildSweep('kv-update', flags, ['sweep']), flags, runner)
}

/** The error that the execution ends with. */
async function failureOf(runner: SweepRunner): Promise<unknown> {
  return execute(runner).then(
    () => undefined,
    (error: unknown) => error,
  )
}

const giving: SweepRunner = () => Promise.resolve(sampleSweep())

function savedFolder(): string {
  const [name = '', ...more] = readdirSync(folder)
  expect(more).toEqual([])
  return join(folder, name)
}

function saved(): unknown {
  return JSON.parse(readFileSync(join(savedFolder(), 'sweep.json'), 'utf8'))
}

test('a sweep is planned, saved as JSON and page, and printed', async () => {
  await execute(giving)
  expect(sweepSchema.parse(saved())).toEqual(sampleSweep())
  expect(readdirSync(savedFolder()).toSorted()).toEqual(['sweep.html', 'sweep.json'])
  expect(stderr).toMatch(/^kv-update over load 10%, .*seed 9\n[^]*\nabout \d+ s in all\n$/)
  expect(stdout).toMatch(/^sharded's p99 is lower than staged's up to theta 0\.6/)
  expect(stdout.trimEnd()).toMatch(/\nsweep: .*-sweep-kv-update\/sweep\.html$/)
})

test('with --json stdout holds one object and nothing else', async () => {
  await execute(giving, true)
  expect(JSON.parse(stdout)).toMatchObject({
    path: savedFolder(),
    complete: true,
    sentence: expect.stringMatching(/^sharded's p99 is lower than staged's up to theta 0\.6/),
    prediction: { winner: 'staged' },
    predictionOutcome: { confirmed: [1, 1.2], undecided: [0.8] },
    predictionText: expect.stringMatching(
      /Outcome: refuted up to theta 0\.6, undecided at theta 0\.8 /,
    ),
    load: { label: '50%' },
    metric: 'p99',
    values: expect.arrayContaining([
      expect.objectContaining({ value: 1.2, outcome: 'higher', pairs: 6 }),
    ]),
    markedTrials: { count: 0 },
  })
})

test('the first Ctrl-C keeps what was measured and ends with exit code 3', async () => {
  const failure = await failureOf((_, hooks) => {
    hooks.save(troubledSweep())
    process.emit('SIGINT')
    expect(hooks.signal.aborted).toBe(true)
    return Promise.reject(runError('interrupted', 'the run was interrupted'))
  })
  expect(failure).toMatchObject({ code: 'interrupted', cure: expect.stringContaining(folder) })
  expect(exitCodeOf(failure)).toBe(3)
  expect(saved()).toMatchObject({ complete: false, ending: 'the run was interrupted' })
  expect(readdirSync(savedFolder())).toContain('sweep.html')
  expect(stdout).toContain('This sweep is incomplete')
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
    hooks.save({ ...sampleSweep(), complete: false })
    return Promise.reject(runError('void', 'void: arm=staged latency round=2: lost update'))
  })
  expect(failure).toMatchObject({ code: 'void', cure: expect.stringContaining(folder) })
  expect(exitCodeOf(failure)).toBe(3)
  expect(saved()).toMatchObject({ complete: false, ending: expect.stringContaining('lost update') })
})
