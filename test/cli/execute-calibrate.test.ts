import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runError } from '../../harness/base/errors.ts'
import { type CalibrationRunner, executeCalibrate } from '../../harness/cli/execute-calibrate.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import { planCalibration } from '../../harness/experiment/calibration/calibration-plan.ts'
import { sampleCalibration, troubledCalibration } from '../render/sample-calibration.ts'

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

async function execute(runner: CalibrationRunner, json = false): Promise<void> {
  const request = { cpus: [0, 1], plan: planCalibration(20), command: 'npx crossover calibrate' }
  const flags = { out: folder, seconds: 20, ...(json ? { json } : {}) }
  await executeCalibrate(request, flags, runner)
}

/** The error that the execution ends with. */
async function failureOf(runner: CalibrationRunner): Promise<unknown> {
  return execute(runner).then(
    () => undefined,
    (error: unknown) => error,
  )
}

const whole: CalibrationRunner = (_, hooks) => {
  hooks.onProgress('one thread, round 1 of 25', 0.1)
  hooks.save(sampleCalibration())
  return Promise.resolve(sampleCalibration())
}

function saved(): unknown {
  const [name = '', ...more] = readdirSync(folder)
  expect(more).toEqual([])
  return JSON.parse(readFileSync(join(folder, name, 'calibration.json'), 'utf8'))
}

test('a calibration is saved and printed', async () => {
  await execute(whole)
  expect(saved()).toEqual(sampleCalibration())
  expect(stderr).toMatch(/^calibration: on processors 0, 1, about 20 s\n/)
  expect(stdout).toMatch(/^What the building blocks cost on this machine\n/)
  expect(stdout.trimEnd()).toMatch(/\ncalibration: .*calibration\.json$/)
})

test('with --json stdout holds one object and nothing else', async () => {
  await execute(whole, true)
  const { rows, claims } = sampleCalibration()
  expect(JSON.parse(stdout)).toEqual({
    path: join(folder, readdirSync(folder)[0] ?? ''),
    complete: true,
    rows,
    claims,
    warnings: [],
  })
})

test('what was measured before an interruption is kept and printed; exit code 3', async () => {
  const failure = await failureOf((_, hooks) => {
    hooks.save(troubledCalibration())
    return Promise.reject(runError('interrupted', 'the calibration was interrupted'))
  })
  expect(failure).toMatchObject({ message: 'the calibration was interrupted' })
  expect((failure as { cure: string }).cure).toMatch(/^what was measured until then is in /)
  expect(exitCodeOf(failure)).toBe(3)
  expect(saved()).toMatchObject({ complete: false })
  expect(stdout).toContain('This calibration is incomplete')
})

test('a failure before anything was measured is passed on', async () => {
  const failure = runError('thread-error', 'no thread')
  expect(await failureOf(() => Promise.reject(failure))).toBe(failure)
  expect(stdout).toBe('')
})

test('a calibration that did not come to its end says so', async () => {
  const failure = await failureOf((_, hooks) => {
    hooks.save(troubledCalibration())
    return Promise.resolve(troubledCalibration())
  })
  expect(failure).toMatchObject({ code: 'incomplete' })
  expect(exitCodeOf(failure)).toBe(3)
})
