import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runError } from '../../harness/base/errors.ts'
import type { AblateFlags } from '../../harness/cli/ablate-flags.ts'
import { buildAblation } from '../../harness/cli/build-ablation.ts'
import { type AblationRunner, executeAblate } from '../../harness/cli/execute-ablate.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import { ablationSchema } from '../../harness/results/ablation.ts'
import { sampleAblation, troubledAblation } from '../render/sample-ablation.ts'

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

async function execute(runner: AblationRunner, json = false): Promise<void> {
  const flags: AblateFlags = {
    load: '50%',
    level: '0.95',
    out: folder,
    seed: 9,
    ...(json ? { json } : {}),
  }
  await executeAblate(await buildAblation('kv-update', flags, ['ablate']), flags, runner)
}

/** The error that the execution ends with. */
async function failureOf(runner: AblationRunner): Promise<unknown> {
  return execute(runner).then(
    () => undefined,
    (error: unknown) => error,
  )
}

const giving: AblationRunner = () => Promise.resolve(sampleAblation())

function savedFolder(): string {
  const [name = '', ...more] = readdirSync(folder)
  expect(more).toEqual([])
  return join(folder, name)
}

function saved(): unknown {
  return JSON.parse(readFileSync(join(savedFolder(), 'ablation.json'), 'utf8'))
}

test('an ablation is planned, saved as JSON and page, and printed', async () => {
  await execute(giving)
  expect(ablationSchema.parse(saved())).toEqual(sampleAblation())
  expect(readdirSync(savedFolder()).toSorted()).toEqual(['ablation.html', 'ablation.json'])
  expect(stderr).toMatch(/^kv-update: 10 arms, .*seed 9\n[^]*\nabout \d+ s in all\n$/)
  expect(stdout).toMatch(/^Of the p99 ratio/)
  expect(stdout.trimEnd()).toMatch(/\nablation: .*-ablate-kv-update\/ablation\.html$/)
})

test('with --json stdout holds one object and nothing else', async () => {
  await execute(giving, true)
  expect(JSON.parse(stdout)).toMatchObject({
    path: savedFolder(),
    complete: true,
    sentence: expect.stringMatching(/^Of the p99 ratio/),
    load: { label: '50%', perSecond: 30_000 },
    agreement: { p99: true },
    markedTrials: { count: 0 },
  })
})

test('the first Ctrl-C keeps what was measured and ends with exit code 3', async () => {
  const failure = await failureOf((_, hooks) => {
    hooks.save(troubledAblation())
    process.emit('SIGINT')
    expect(hooks.signal.aborted).toBe(true)
    return Promise.reject(runError('interrupted', 'the run was interrupted'))
  })
  expect(failure).toMatchObject({ code: 'interrupted', cure: expect.stringContaining(folder) })
  expect(exitCodeOf(failure)).toBe(3)
  expect(saved()).toMatchObject({ complete: false, ending: 'the run was interrupted' })
  expect(readdirSync(savedFolder())).toContain('ablation.html')
  expect(stdout).toContain('This ablation is incomplete')
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
    hooks.save({ ...sampleAblation(), complete: false })
    return Promise.reject(runError('void', 'void: arm=staged latency round=2: lost update'))
  })
  expect(failure).toMatchObject({ code: 'void', cure: expect.stringContaining(folder) })
  expect(exitCodeOf(failure)).toBe(3)
  expect(saved()).toMatchObject({ complete: false, ending: expect.stringContaining('lost update') })
})
