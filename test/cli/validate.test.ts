import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  buildValidation,
  validateExecution,
  type ValidateFlags,
} from '../../harness/cli/validate.ts'
import type { runValidation } from '../../harness/experiment/validate/validate.ts'
import { execute } from '../../harness/cli/execute.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import { MACHINE_FILE } from '../../harness/results/machine.ts'
import type { Validation } from '../../harness/results/validate.ts'
import { sampleReport } from '../render/sample-report.ts'

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

const ROW: Validation['rows'][number] = {
  part: 'theory',
  subject: 'staged, 8 servers, 50 %',
  figure: 'p99',
  measured: 24_100_000,
  expected: 24_000_000,
  unit: 'ns',
  difference: 0.004,
  limit: 0.05,
  passed: true,
  note: '',
}

function validationOf(changes: Partial<Validation> = {}): Validation {
  return {
    validationVersion: 1,
    complete: true,
    ending: null,
    startedAt: '2026-11-22T19:53:58.000Z',
    elapsedSeconds: 41,
    command: 'crossover validate --seed 9',
    seed: 9,
    quick: false,
    environment: sampleReport().environment,
    rows: [ROW],
    summaries: [{ part: 'theory', passed: true, sentence: 'staged: 16 of 16 cells within 5 %' }],
    identicalRuns: [],
    notes: [],
    warnings: [],
    ...changes,
  }
}

const giving = (changes: Partial<Validation> = {}): typeof runValidation => {
  return () => Promise.resolve(validationOf(changes))
}

async function executed(runner: typeof runValidation, json = false): Promise<void> {
  const flags: ValidateFlags = {
    out: folder,
    waitQuiet: 0,
    cpus: '0',
    seed: 9,
    only: 'theory',
    ...(json ? { json } : {}),
  }
  await execute({ ...validateExecution, runner }, buildValidation(flags, ['validate']), flags)
}

/** The error that the execution ends with. */
async function failureOf(runner: typeof runValidation): Promise<unknown> {
  return executed(runner).then(
    () => undefined,
    (error: unknown) => error,
  )
}

function saved(): unknown {
  const [name = '', ...more] = readdirSync(folder)
  expect(more).toEqual([])
  return JSON.parse(readFileSync(join(folder, name, 'validation.json'), 'utf8'))
}

test('a validation that passes is saved and printed, each row as it comes', async () => {
  await executed((request, hooks) => {
    expect(request).toMatchObject({ parts: ['theory'], cpus: [0], seed: 9 })
    hooks.onEvent({ kind: 'started', part: 'theory', what: 'staged, 8 servers' }, 0)
    hooks.onEvent({ kind: 'row', row: ROW }, 0.5)
    return giving()(request, hooks)
  })
  expect(saved()).toEqual(validationOf())
  expect(stderr).toMatch(/^validation: theory, on processors 0, seed 9, about \d+ (s|min)\n/)
  expect(stderr).toContain('staged, 8 servers, 50 %: p99 24.1 ms')
  expect(stdout.trimEnd()).toMatch(/\nvalidation: .*validation\.json$/)
})

test('a failed part is kept, named, and ends with exit code 1', async () => {
  const summaries = [
    { part: 'theory', passed: false, sentence: 'staged: 12 of 16 cells within 5 %' },
    { part: 'omission', passed: true, sentence: 'all percentiles within 5 %' },
  ] as const
  const failure = await failureOf(giving({ summaries: [...summaries] }))
  expect(failure).toMatchObject({
    message: 'the validation failed: theory: staged: 12 of 16 cells within 5 %',
    cure: expect.stringContaining(folder),
  })
  expect(exitCodeOf(failure)).toBe(1)
  expect(saved()).toMatchObject({ complete: true })
})

test('a damaged machine file ends the validation before it begins', async () => {
  writeFileSync(join(folder, MACHINE_FILE), '{')
  const runner = vi.fn<typeof runValidation>(giving())
  const failure = await failureOf(runner)
  expect(failure).toMatchObject({ kind: 'usage', code: 'machine-invalid' })
  expect(exitCodeOf(failure)).toBe(2)
  expect(runner).not.toHaveBeenCalled()
  expect(readdirSync(folder)).toEqual([MACHINE_FILE])
})
