import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runError } from '../../harness/base/errors.ts'
import { executeAll } from '../../harness/cli/catalogue.ts'
import type { RunFlags } from '../../harness/cli/run-flags.ts'
import { runExperiment } from '../../harness/experiment/run/run.ts'
import type { RunRequest } from '../../harness/experiment/run/request.ts'
import { type Catalogue, catalogueSchema } from '../../harness/results/catalogue.ts'
import type { Report } from '../../harness/results/schema.ts'
import { sampleReport } from '../render/sample-report.ts'

vi.mock('../../harness/experiment/run/run.ts', () => ({
  runExperiment: vi.fn<typeof runExperiment>(),
}))

const NAMES = ['kv-update', 'wake-up', 'cross-shard']
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

/** The sample's measurements as if they were of this scenario. */
function reportOf({ loaded }: RunRequest): Report {
  const report = sampleReport()
  const { name, question, claim = null, prediction = null } = loaded.scenario
  return { ...report, scenario: { name, question, claim, prediction, params: {} } }
}

/** What is asked for with each scenario's experiment in turn; without one it is sound. */
async function execute(
  experiments: Readonly<Record<string, typeof runExperiment>>,
  changes: Partial<RunFlags> = {},
  names = NAMES,
): Promise<unknown> {
  vi.mocked(runExperiment).mockImplementation((request, hooks) => {
    const experiment = experiments[request.loaded.scenario.name]
    return experiment?.(request, hooks) ?? Promise.resolve(reportOf(request))
  })
  const flags: RunFlags = {
    profile: 'smoke',
    level: '0.95',
    transport: 'replay',
    out: folder,
    seed: 7,
    reference: true,
    ...changes,
  }
  const args = ['run', ...names, '--seed', '7']
  return executeAll(names, flags, args).catch((error: unknown) => error)
}

function path(...parts: readonly string[]): string {
  const [name = '', ...more] = readdirSync(folder)
  expect(more).toEqual([])
  return join(folder, name, ...parts)
}

function catalogue(): Catalogue {
  return catalogueSchema.parse(JSON.parse(readFileSync(path('catalogue.json'), 'utf8')))
}

const states = () => catalogue().scenarios.map(({ state }) => state)

test('each scenario has its report in a folder of its own, beside index and catalogue', async () => {
  expect(await execute({})).toBeUndefined()
  expect(path()).toMatch(/Z-catalogue$/)
  expect(readdirSync(path()).toSorted()).toEqual([
    'catalogue.json',
    'cross-shard',
    'index.html',
    'kv-update',
    'wake-up',
  ])
  expect(readdirSync(path('kv-update'))).toContain('report.html')
  expect(catalogue()).toMatchObject({
    complete: true,
    ending: null,
    seed: 7,
    command: 'npx crossover run kv-update wake-up cross-shard --seed 7',
    scenarios: [
      {
        name: 'kv-update',
        state: 'sound',
        folder: 'kv-update',
        claim: 'C02',
        outcome: { confirmed: ['20%', '50%'], refuted: [], undecided: ['80%'] },
        outcomeText: 'confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%)',
        failure: null,
      },
      { name: 'wake-up' },
      { name: 'cross-shard' },
    ],
  })
})

test('it tells each scenario’s headline and outcome, then all in one sentence and where the index is', async () => {
  await execute({})
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^kv-update: sharded is faster: /)
  expect(lines[1]).toBe(
    '  prediction: confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%)',
  )
  expect(lines.at(-3)).toBe('3 scenarios: 3 sound. Predictions: 3 confirmed in part.')
  expect(lines.at(-1)).toBe(`index: ${path('index.html')}`)
  expect(stderr).toMatch(
    /^3 scenarios, about \d+ s in all\nscenario 1\/3\ncompares {2}kv-update: staged/,
  )
})

test('each report’s command repeats that run alone, with the same seed', async () => {
  const commands: string[] = []
  const told: typeof runExperiment = (request) => {
    commands.push(`${request.command} | ${request.seed}`)
    return Promise.resolve(reportOf(request))
  }
  await execute({ 'kv-update': told, 'wake-up': told })
  expect(commands).toEqual([
    'npx crossover run kv-update --seed 7 | 7',
    'npx crossover run wake-up --seed 7 | 7',
  ])
})

test('one that breaks off is told with its name and kept; the others go on', async () => {
  const breaking: typeof runExperiment = (request, hooks) => {
    hooks.save({ ...reportOf(request), complete: false, ending: null })
    return Promise.reject(runError('thread-failed', 'a thread ended'))
  }
  expect(await execute({ 'wake-up': breaking })).toMatchObject({
    kind: 'run',
    message: '1 of 3 scenarios failed: wake-up',
    cure: expect.stringContaining(path('index.html')),
  })
  expect(states()).toEqual(['sound', 'failed', 'sound'])
  expect(stderr).toMatch(/^error: wake-up: a thread ended$/m)
  expect(catalogue().scenarios[1]).toMatchObject({
    folder: 'wake-up',
    failure: { kind: 'run', code: 'thread-failed', message: 'a thread ended' },
  })
})

test('one that breaks off before anything was saved leaves no folder', async () => {
  const refusing = () => Promise.reject(runError('thread-failed', 'a thread ended'))
  await execute({ 'wake-up': refusing })
  expect(readdirSync(path())).not.toContain('wake-up')
  expect(catalogue().scenarios[1]).toMatchObject({ state: 'failed', folder: null })
})

test('a void trial is a failure', async () => {
  const wrong: typeof runExperiment = (request) => {
    const report = reportOf(request)
    Object.values(report.loads[0]!.sets[0]!.trials)[0]!.void = 'lost update: key=3'
    return Promise.resolve(report)
  }
  expect(await execute({ 'kv-update': wrong })).toMatchObject({ kind: 'run' })
  expect(states()).toEqual(['failed', 'sound', 'sound'])
  expect(stderr).toMatch(/^error: kv-update: answers are wrong: .*lost update: key=3$/m)
})

test('a mistaken name is told first, the others run, and the mistake is the user’s', async () => {
  const failure = await execute({}, {}, ['kv-updaet', 'wake-up'])
  expect(failure).toMatchObject({ kind: 'usage', message: '1 of 2 scenarios failed: kv-updaet' })
  expect(stderr).toMatch(/^error: no scenario has this name: kv-updaet\ncure: did you mean/)
  expect(states()).toEqual(['failed', 'sound'])
})

test('a wrong flag is told once, before anything is made', async () => {
  expect(await execute({}, { loads: 'much' })).toMatchObject({
    kind: 'usage',
    message: '--loads: not a load: much',
  })
  expect(readdirSync(folder)).toEqual([])
})

test('Ctrl-C ends all, keeps what is there, and the catalogue says so', async () => {
  const stopping: typeof runExperiment = (request, hooks) => {
    process.emit('SIGINT')
    hooks.save(reportOf(request))
    return Promise.reject(runError('interrupted', 'the run was interrupted'))
  }
  expect(await execute({ 'wake-up': stopping })).toMatchObject({
    kind: 'run',
    message: 'the run was interrupted: 1 of 3 scenarios were measured',
    cure: `what was measured is in ${path('index.html')}`,
  })
  expect(stderr).not.toContain('error:')
  expect(states()).toEqual(['sound', 'unfinished', 'unfinished'])
  expect(catalogue().scenarios[1]).toMatchObject({ folder: 'wake-up', failure: null })
  expect(catalogue()).toMatchObject({ complete: false, ending: 'the run was interrupted' })
  expect(stderr).toContain('stopping; what was measured is kept')
})

test('afterwards Ctrl-C is node’s again', async () => {
  const before = process.listenerCount('SIGINT')
  await execute({})
  expect(process.listenerCount('SIGINT')).toBe(before)
})

test('with --json stdout holds one document and nothing else', async () => {
  await execute({}, { json: true })
  const { path: at, complete, scenarios } = JSON.parse(stdout)
  expect({ at, complete }).toEqual({ at: path(), complete: true })
  expect(scenarios[0]).toMatchObject({
    name: 'kv-update',
    state: 'sound',
    summary: { scenario: 'kv-update', arms: ['staged', 'sharded'] },
  })
})

test('--verbose is for one run: of several it is refused before anything is made', async () => {
  const flags = { ...FLAGS_FOR_VERBOSE, out: folder }
  await expect(executeAll(['kv-update', 'wake-up'], flags, ['run'])).rejects.toMatchObject({
    kind: 'usage',
    message: '--verbose and 2 scenarios exclude each other',
  })
  expect(readdirSync(folder)).toEqual([])
})

const FLAGS_FOR_VERBOSE = {
  profile: 'smoke',
  level: '0.95',
  transport: 'replay',
  reference: true,
  verbose: true,
} as const
