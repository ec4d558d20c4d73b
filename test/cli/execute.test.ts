import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runError } from '../../harness/base/errors.ts'
import { buildAblation, ablateExecution } from '../../harness/cli/ablate.ts'
import { buildClaims, claimsExecution } from '../../harness/cli/claims.ts'
import { calibrateExecution } from '../../harness/cli/calibrate.ts'
import { execute } from '../../harness/cli/execute.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import { buildFind, findExecution } from '../../harness/cli/find.ts'
import { buildSweep, sweepExecution } from '../../harness/cli/sweep.ts'
import { buildValidation, validateExecution } from '../../harness/cli/validate.ts'
import { planCalibration } from '../../harness/experiment/calibrate/plan.ts'
import { KINDS, type KindName, SHAPES } from '../../harness/results/kinds.ts'
import type { Standing } from '../../harness/results/measurement.ts'
import { sampleAblation, troubledAblation } from '../render/sample-ablation.ts'
import { sampleCalibration, troubledCalibration } from '../render/sample-calibration.ts'
import { sampleClaims, troubledClaims } from '../render/sample-claims.ts'
import { sampleCrossing, troubledSearch } from '../render/sample-crossing.ts'
import { sampleSweep, troubledSweep } from '../render/sample-sweep.ts'
import { sampleValidation } from '../render/sample-validation.ts'

/** What stands in for the measurement itself. */
type Runner = (hooks: {
  save(result: never): void
  readonly signal: AbortSignal
}) => Promise<Standing>

interface Flags {
  readonly out: string
  readonly seed: number
  readonly level: string
  readonly waitQuiet: number
  readonly json?: true
}

/** A command, as a user calls it. */
interface Command {
  readonly kind: Exclude<KindName, 'run' | 'catalogue'>
  execute(runner: Runner, flags: Flags): Promise<void>
  readonly whole: () => Standing
  readonly partial: () => Standing
  readonly plan: RegExp
  /** How its text begins. */
  readonly answer: RegExp
  /** How its last line ends. */
  readonly shown: RegExp
  /** Part of what `--json` prints. */
  readonly json: object
  /** File beside its figures and its page. @default none */
  readonly beside?: string
}

const COMMANDS: readonly Command[] = [
  {
    kind: 'sweep',
    execute: async (runner, shared) => {
      const flags = { ...shared, over: 'load=10%..95%' }
      const run = (_: unknown, hooks: object) => runner(hooks as never)
      await execute(
        { ...sweepExecution, runner: run as never },
        await buildSweep('kv-update', flags, ['sweep']),
        flags,
      )
    },
    whole: sampleSweep,
    partial: troubledSweep,
    plan: /^compares {2}kv-update over load 10%, [^]*; seed 9\ntakes {5}\d+–\d+ s\n$/,
    answer: /^sharded's p99 is lower than staged's up to theta 0\.6/,
    shown: /\nsweep: .*-sweep-kv-update\/sweep\.html$/,
    json: {
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
    },
  },
  {
    kind: 'search',
    execute: async (runner, shared) => {
      const flags = { ...shared, over: 'updatePercent', until: '10%' }
      const run = (_: unknown, hooks: object) => runner(hooks as never)
      await execute(
        { ...findExecution, runner: run as never },
        await buildFind('kv-update', flags, ['find']),
        flags,
      )
    },
    whole: sampleCrossing,
    partial: troubledSearch,
    plan: /^compares {2}kv-update over updatePercent from 0% to 100%: [^]*; seed 9\ntakes {5}at most about 4 min; .*\n$/,
    answer: /^sharded’s p99 crosses staged’s at theta = 0\.86/,
    shown: /\ncrossing: .*-find-kv-update\/crossing\.html$/,
    json: {
      end: 'precise',
      sentence: expect.stringMatching(/^sharded’s p99 crosses/),
      prediction: { winner: 'sharded' },
      predictionText: expect.stringMatching(/Outcome: it depends: sharded below theta = 0\.8/),
      over: { name: 'theta', from: 0, to: 1.2 },
      metric: 'p99',
      load: { label: '50%', referencePerSecond: 60_000 },
      crossing: { outcome: 'crosses', level: 0.95 },
    },
  },
  {
    kind: 'ablation',
    execute: async (runner, shared) => {
      const flags = { ...shared, load: '50%' }
      const run = (_: unknown, hooks: object) => runner(hooks as never)
      await execute(
        { ...ablateExecution, runner: run as never },
        await buildAblation('kv-update', flags, ['ablate']),
        flags,
      )
    },
    whole: sampleAblation,
    partial: troubledAblation,
    plan: /^compares {2}kv-update: 11 arms, [^]*; seed 9\ntakes {5}\d+–\d+ min\n$/,
    answer: /^Of the p99 ratio/,
    shown: /\nablation: .*-ablate-kv-update\/ablation\.html$/,
    json: {
      sentence: expect.stringMatching(/^Of the p99 ratio/),
      load: { label: '50%', perSecond: 30_000 },
      agreement: { p99: true },
    },
  },
  {
    kind: 'calibration',
    execute: async (runner, flags) => {
      const request = {
        cpus: [0, 1],
        plan: planCalibration([0, 1], 20),
        command: 'npx crossover calibrate',
      }
      const run = (_: unknown, hooks: object) => runner(hooks as never)
      await execute({ ...calibrateExecution, runner: run as never }, request, flags)
    },
    whole: sampleCalibration,
    partial: troubledCalibration,
    plan: /^calibration: on processors 0, 1, about 20 s\n/,
    answer: /^What the building blocks cost on this machine\n/,
    shown: /\ncalibration: .*-calibrate\/calibration\.json$/,
    json: { rows: expect.anything(), claims: expect.anything(), warnings: [] },
  },
  {
    kind: 'validation',
    execute: async (runner, shared) => {
      const flags = { ...shared, cpus: '0', only: 'theory' }
      const run = (_: unknown, hooks: object) => runner(hooks as never)
      await execute(
        { ...validateExecution, runner: run as never },
        buildValidation(flags, ['validate']),
        flags,
      )
    },
    whole: passedValidation,
    partial: () => ({ ...passedValidation(), complete: false }),
    plan: /^validation: theory, on processors 0, seed 9, about \d+ (s|min)\n/,
    answer: /^(All checks passed|The only check passed)/,
    shown: /\nvalidation: .*-validate\/validation\.json$/,
    json: { passed: true, summaries: expect.anything() },
  },
  {
    kind: 'claims',
    execute: async (runner, flags) => {
      const run = (_: unknown, hooks: object) => runner(hooks as never)
      await execute(
        { ...claimsExecution, runner: run as never },
        await buildClaims(['C05'], flags, ['claims']),
        flags,
      )
    },
    whole: sampleClaims,
    partial: troubledClaims,
    plan: /^compares {2}1 claim, 1 testable here; .*\nmeasures {2}C05: 4 cells, 8 rounds[^]*; seed 9\ntakes {5}\d+–\d+ (?:s|min); .*\n$/,
    answer: /^6 claims: 1 confirmed, 1 refuted, 1 between, 1 undecided, 2 not testable here\./,
    shown: /\ntest of claims: .*-claims\/claims\.html$/,
    json: {
      sentence: expect.stringMatching(/^6 claims/),
      claims: expect.arrayContaining([
        expect.objectContaining({
          id: 'M2',
          outcome: 'refuted',
          sentence: expect.stringMatching(/^“Updates are dear” is refuted here/),
        }),
      ]),
    },
    beside: 'claims.md',
  },
]

function passedValidation() {
  const validation = sampleValidation()
  return {
    ...validation,
    summaries: validation.summaries.map((summary) => ({ ...summary, passed: true })),
  }
}

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

describe.each(COMMANDS)('$kind', (command) => {
  const { kind, whole, partial, beside = [] } = command
  const { file, page } = KINDS[kind]
  const files = [file, page ?? [], beside].flat().toSorted()

  const executed = (runner: Runner, json = false) =>
    command.execute(runner, {
      out: folder,
      seed: 9,
      level: '0.95',
      waitQuiet: 0,
      ...(json && { json }),
    })
  const giving: Runner = () => Promise.resolve(whole())
  /** The error that the execution ends with. */
  const failureOf = (runner: Runner): Promise<unknown> =>
    executed(runner).then(
      () => undefined,
      (error: unknown) => error,
    )

  function savedFolder(): string {
    const [name = '', ...more] = readdirSync(folder)
    expect(more).toEqual([])
    return join(folder, name)
  }
  const saved = (): unknown => JSON.parse(readFileSync(join(savedFolder(), file), 'utf8'))

  test('is planned, saved, and printed', async () => {
    await executed(giving)
    expect(SHAPES[kind].schema.parse(saved())).toEqual(whole())
    expect(readdirSync(savedFolder()).toSorted()).toEqual(files)
    expect(stderr).toMatch(command.plan)
    expect(stdout).toMatch(command.answer)
    expect(stdout.trimEnd()).toMatch(command.shown)
  })

  test('with --json stdout holds one object and nothing else', async () => {
    await executed(giving, true)
    expect(JSON.parse(stdout)).toMatchObject({
      path: savedFolder(),
      complete: true,
      ...command.json,
    })
  })

  test('the first Ctrl-C keeps what was measured and ends with exit code 3', async () => {
    const failure = await failureOf((hooks) => {
      hooks.save(partial() as never)
      process.emit('SIGINT')
      expect(hooks.signal.aborted).toBe(true)
      return Promise.reject(runError('interrupted', 'the run was interrupted'))
    })
    expect(failure).toMatchObject({ code: 'interrupted', cure: expect.stringContaining(folder) })
    expect(exitCodeOf(failure)).toBe(3)
    expect(saved()).toMatchObject({ complete: false, ending: 'the run was interrupted' })
    expect(readdirSync(savedFolder())).toHaveLength(files.length)
    expect(stdout).toMatch(/This \w+ is incomplete: the run was interrupted/)
    expect(stderr).toContain('stopping')
  })

  test('that breaks off before anything was saved leaves nothing behind', async () => {
    const failure = runError('worker', 'a thread ended')
    expect(await failureOf(() => Promise.reject(failure))).toBe(failure)
    expect(stdout).toBe('')
    expect(readdirSync(folder)).toEqual([])
  })

  test('a wrong answer ends it with exit code 3, and says why in the result', async () => {
    const failure = await failureOf((hooks) => {
      hooks.save({ ...whole(), complete: false } as never)
      return Promise.reject(runError('void', 'void: arm=staged round=2: lost update'))
    })
    expect(failure).toMatchObject({ code: 'void', cure: expect.stringContaining(folder) })
    expect(exitCodeOf(failure)).toBe(3)
    expect(saved()).toMatchObject({
      complete: false,
      ending: expect.stringContaining('lost update'),
    })
  })

  test('one that did not come to its end says so', async () => {
    const failure = await failureOf(() => Promise.resolve({ ...partial(), complete: false }))
    expect(failure).toMatchObject({ code: 'incomplete', cure: expect.stringContaining(folder) })
    expect(exitCodeOf(failure)).toBe(3)
  })

  test('afterwards Ctrl-C is node’s again', async () => {
    const before = process.listenerCount('SIGINT')
    await executed(giving)
    expect(process.listenerCount('SIGINT')).toBe(before)
  })
})
