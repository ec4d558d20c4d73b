import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { buildRequest } from '../../harness/cli/run-request.ts'
import { executeAll } from '../../harness/cli/catalogue.ts'
import { executeRun } from '../../harness/cli/execute-run.ts'
import { exitCodeOf } from '../../harness/cli/failure.ts'
import type { RunFlags } from '../../harness/cli/run-flags.ts'
import { runExperiment } from '../../harness/experiment/run/run.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'
import type { RunRequest } from '../../harness/experiment/run/request.ts'
import type { Report } from '../../harness/results/schema.ts'
import { environmentHere } from '../../harness/trial/machine-look.ts'
import { objectiveReport } from '../render/sample-report.ts'
import { scaledReport } from '../results/scaled-report.ts'

vi.mock('../../harness/experiment/run/run.ts', () => ({
  runExperiment: vi.fn<typeof runExperiment>(),
}))

let folder = ''
let stdout = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-baseline-'))
  stdout = ''
  vi.stubEnv('GITHUB_STEP_SUMMARY', '')
  vi.spyOn(console, 'log').mockImplementation((text) => void (stdout += `${text}\n`))
  vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** A report as a run here would make it, but for the changes. */
function baseline(change: (report: Report) => void = () => {}, scales = {}): Report {
  const report = scaledReport(scales)
  report.scenario.params = {}
  report.run.cpus = [...availableCpus()]
  report.run.durationSeconds = 0.5
  report.arms = parseArms('staged,sharded').map((arm) => ({ ...arm, options: { ...arm.options } }))
  change(report)
  return report
}

function save(report: Report, place = 'old'): string {
  const path = join(folder, place)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'report.json'), JSON.stringify(report))
  return path
}

const flagsWith = (flags: Partial<RunFlags>): RunFlags => ({
  profile: 'default',
  level: '0.95',
  transport: 'replay',
  out: join(folder, 'reports'),
  waitQuiet: 0,
  reference: true,
  seed: 7,
  ...flags,
})
const request = (flags: Partial<RunFlags>, scenario = 'kv-update'): Promise<RunRequest> =>
  buildRequest(scenario, flagsWith(flags), ['run'])

test('arms, loads and duration are the baseline’s, parameters those of now; no budget cuts its pairs', async () => {
  const sound = baseline((report) => {
    report.scenario.params = { keys: 1_234 }
    report.loads[0]!.label = '800/s'
    report.loads[1]!.offeredPerSecond = 2_000.6
    report.loads[2]!.offeredPerSecond = null
  })
  expect(await request({ baseline: save(sound) })).toMatchObject({
    arms: [{ label: 'staged' }, { label: 'sharded' }],
    loads: [{ label: '800/s', perSecond: 800 }, { label: '2001/s' }, { kind: 'max' }],
    durationSeconds: 0.5,
    budgetSeconds: null,
    loaded: { params: { keys: 100_000 } },
  })
})

test('arms against themselves keep their labels', async () => {
  const identical = baseline((report) => {
    report.arms = parseArms('sharded,sharded').map((arm) => ({
      ...arm,
      options: { ...arm.options },
    }))
    report.comparisons = [{ first: 'sharded#1', second: 'sharded#2' }]
    for (const set of report.loads.flatMap(({ sets }) => sets)) {
      const { staged, sharded } = set.trials
      set.trials = { 'sharded#1': staged!, 'sharded#2': sharded! }
    }
  })
  const { arms } = await request({ baseline: save(identical) })
  expect(arms.map(({ label }) => label)).toEqual(['sharded#1', 'sharded#2'])
})

test('arms are compared as the baseline compared them', async () => {
  const path = save(
    baseline((report) => {
      report.comparisons = [{ first: 'sharded', second: 'staged' }]
    }),
  )
  expect((await request({ baseline: path })).comparisons).toEqual([
    { first: 'sharded', second: 'staged' },
  ])
  expect((await request({ baseline: path, against: 'staged' })).comparisons).toEqual([
    { first: 'staged', second: 'sharded' },
  ])
})

test('what flags say goes before', async () => {
  const path = save(baseline())
  const built = await request({ baseline: path, loads: '777/s', arms: 'sharded,staged' })
  expect(built.loads).toMatchObject([{ label: '777/s' }])
  expect(built.arms.map(({ label }) => label)).toEqual(['sharded', 'staged'])
})

test.each<[string, Partial<RunFlags>, string]>([
  ['duration', { duration: 2 }, 'kv-update: a trial’s steady state is 0.5 s'],
  ['options', { idle: 'poll' }, 'kv-update: option idle of staged is'],
  ['processors', { cpus: '0' }, 'kv-update: processors used are'],
])('a run with another %s is refused before it is measured', async (_name, flags, message) => {
  const path = save(baseline((report) => void (report.scenario.params = { keys: 1_234 })))
  if (flags.cpus !== undefined && availableCpus().length === 1) return
  await expect(request({ baseline: path, ...flags })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(message),
    cure: expect.stringContaining('the old report was made by: '),
  })
})

test('a baseline that is of something else, unsound or not there is refused', async () => {
  const path = save(baseline())
  await expect(request({ baseline: path }, 'hot-key')).rejects.toMatchObject({
    kind: 'usage',
    message: `--baseline ${path} is of kv-update, and this run of hot-key`,
  })
  const several = save(baseline(), 'several/kv-update').replace(/\/kv-update$/, '')
  await expect(request({ baseline: several }, 'hot-key')).rejects.toMatchObject({
    message: `--baseline ${several} is of other scenarios, and this run of hot-key`,
  })
  const stopped = save({ ...baseline(), complete: false }, 'stopped')
  await expect(request({ baseline: stopped })).rejects.toMatchObject({ code: 'compare-incomplete' })
  const search = objectiveReport()
  await expect(request({ baseline: save(search, 'search') })).rejects.toMatchObject({
    code: 'compare-loads',
  })
  await expect(request({ baseline: join(folder, 'nowhere') })).rejects.toMatchObject({
    code: 'report-unreadable',
  })
})

test('flags of a comparison without a baseline, and a search with one, are refused', async () => {
  const refusal = (flags: Partial<RunFlags>) =>
    expect(request(flags)).rejects.toMatchObject({
      kind: 'usage',
      code: 'conflict',
      message: expect.stringMatching(/without --baseline|exclude each other/),
    })
  await refusal({ failIf: ['p99 > 10%'] })
  await refusal({ control: 'staged' })
  await refusal({ baseline: save(baseline()), slo: 'p99=1ms' })
})

test('a limit that is none is refused before anything is measured', async () => {
  const path = save(baseline())
  await expect(request({ baseline: path, failIf: ['p99'] })).rejects.toMatchObject({
    message: '--fail-if p99: not a limit',
  })
})

test('too few pairs to hold anything against a limit are refused before anything is measured', async () => {
  const few = baseline((report) => {
    for (const load of report.loads) load.sets = load.sets.slice(0, 1)
  })
  const path = save(few)
  await expect(request({ baseline: path, failIf: ['p99 > 10%'] })).rejects.toMatchObject({
    kind: 'usage',
    code: 'compare-pairs',
    message: expect.stringContaining(
      '--fail-if: too few pairs for 95 %: 1 in the baseline, 8 in this run',
    ),
  })
  await expect(request({ baseline: path })).resolves.toBeDefined()
})

/** Runs with an experiment that gives this report; the exit code and the error. */
async function run(report: Report, flags: Partial<RunFlags>) {
  vi.mocked(runExperiment).mockResolvedValue(report)
  const all = flagsWith({ baseline: join(folder, 'old'), ...flags })
  try {
    await executeRun(await buildRequest('kv-update', all, ['run']), all)
    return { code: 0, message: '' }
  } catch (error) {
    return { code: exitCodeOf(error), message: (error as Error).message }
  }
}

test('the comparison stands at the end of the result', async () => {
  save(baseline())
  expect((await run(baseline(undefined, { seed: 2 }), { failIf: ['p99 > 10%'] })).code).toBe(0)
  const [result, comparison] = stdout.split('\nreport: ') as [string, string]
  expect(result).toContain('sharded is')
  expect(comparison).toMatch(/report\.html\n\nNo change that matters: /)
})

test('a limit that is exceeded ends in 1, behind the result', async () => {
  save(baseline())
  const { code, message } = await run(baseline(undefined, { sharded: 1.5, seed: 2 }), {
    failIf: ['p99 > 10%'],
  })
  expect(code).toBe(1)
  expect(message).toMatch(/^p99 > 10%: failed, surely exceeded by sharded/)
  expect(stdout).toContain('report.html')
})

test('of a limit that noise hides nobody can tell: 4, unless that is to pass', async () => {
  save(baseline(undefined, { noise: 0.5 }))
  const noisy = baseline(undefined, { noise: 0.5, seed: 2 })
  const failIf = ['p99 > 10%']
  expect((await run(noisy, { failIf })).code).toBe(4)
  expect((await run(noisy, { failIf, undecided: 'pass' })).code).toBe(0)
})

test('a run that is not sound is not compared', async () => {
  save(baseline())
  const stopped = { ...baseline(undefined, { sharded: 1.5 }), complete: false, ending: 'stopped' }
  expect((await run(stopped, { failIf: ['p99 > 10%'] })).code).toBe(3)
  expect(stdout).not.toContain('slower than before')
})

test('what cannot be compared after all ends in 2, and the result is printed', async () => {
  save(baseline())
  const far = await run(baseline(undefined, { load: 1.5, seed: 2 }), {})
  expect(far.code).toBe(2)
  expect(far.message).toContain('loads are 50 % apart')
  expect(stdout).toContain('report.html')
})

test('JSON holds result and comparison in one document', async () => {
  save(baseline())
  await run(baseline(undefined, { sharded: 1.5, seed: 2 }), { failIf: ['p99 > 10%'], json: true })
  expect(JSON.parse(stdout)).toMatchObject({
    complete: true,
    summary: { scenario: 'kv-update' },
    comparison: { scenarios: [{ scenario: 'kv-update' }], limits: [{ kept: 3 }] },
  })
})

test('several scenarios have their baselines in a folder of several', async () => {
  const named = (name: string, scales = {}): Report =>
    baseline((report) => void (report.scenario.name = name), scales)
  save(named('kv-update'), 'old/kv-update')
  save(named('wake-up'), 'old/wake-up')
  const loads: string[] = []
  vi.mocked(runExperiment).mockImplementation((asked) => {
    loads.push(asked.loads.map(({ label }) => label).join())
    return Promise.resolve(named(asked.loaded.scenario.name, { sharded: 1.5, seed: 2 }))
  })
  const flags = flagsWith({ baseline: join(folder, 'old'), failIf: ['p99 > 10%'] })
  const failure = await executeAll(['kv-update', 'wake-up'], flags, ['run']).catch(
    (error: unknown) => error,
  )
  expect(exitCodeOf(failure)).toBe(1)
  expect(loads).toEqual(['800/s,2000/s,3200/s', '800/s,2000/s,3200/s'])
  expect(stdout).toContain('2 scenarios compared: surely changed: kv-update, wake-up.')
  expect(readdirSync(join(folder, 'reports'))).toHaveLength(1)
})

const linesOf = async (flags: Partial<RunFlags>) =>
  (await buildRequest('kv-update', flagsWith(flags), ['run'])).plan.lines.filter((line) =>
    line.startsWith('differs '),
  )

test('what differs is said before anything is measured, one line per thing, and why a parameter is what it is', async () => {
  const path = save(
    baseline((report) => {
      report.scenario.params = { keys: 1_234, updatePercent: 5, valueBytes: 100 }
      report.scenario.defaults = { keys: 1_234, valueBytes: 100 }
      report.scenario.sources = { 'kv-update.ts': 'ab'.repeat(32), 'gone.ts': 'cd'.repeat(32) }
      report.environment = {
        ...environmentHere(),
        node: '24.1.0',
        commit: null,
        crossover: '0.0.9',
      }
    }),
  )
  const flags = { baseline: path, param: ['updatePercent=7'], loads: '777/s' }
  const lines = (await linesOf(flags)).map((line) => line.slice('differs   '.length))
  expect(lines).toEqual([
    'parameter keys: 1234 then, 100000 now, the default, which is measured: parameters are those of now; --param keys=1234 measures what the baseline did',
    'parameter updatePercent: 5 then, 7 now, by --param',
    'default of keys: 1234 then, 100000 now',
    expect.stringMatching(
      /^file kv-update\.ts: SHA-256 ababababab… then, SHA-256 [0-9a-f]{10}… now$/,
    ),
    'file gone.ts: SHA-256 cdcdcdcdcd… then, not there now',
    expect.stringMatching(/^crossover: 0\.0\.9 then, 0\.1\.0/),
    'loads: 800/s,2000/s,3200/s then, 777/s now',
    `node: 24.1.0 then, ${process.versions.node} now`,
  ])
  expect((await linesOf({ ...flags, changed: ['keys'] }))[0]).toBe(
    'differs   parameter keys: 1234 then, 100000 now, which is what is compared',
  )
})

test('of a baseline that differs in nothing nothing is said', async () => {
  const same = baseline((report) => void (report.environment = environmentHere()))
  expect(await linesOf({ baseline: save(same) })).toEqual([])
})

test.each([
  ['kesy', '--changed: no parameter has this name: kesy', 'did you mean keys?'],
  ['valueBytes', '--changed valueBytes: it is 100 in the baseline, too', 'leave out --changed'],
  ['', '--changed: no parameter has this name: (empty)', 'parameters: keys'],
])('--changed %s is refused before anything is measured', async (name, message, cure) => {
  const old = baseline((report) => void (report.scenario.params = { keys: 1, valueBytes: 100 }))
  await expect(request({ baseline: save(old), changed: [name] })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(message),
    cure: expect.stringContaining(cure),
  })
})

test('a limit does not judge a parameter that nobody named; one that is named is the subject of all texts', async () => {
  const old = baseline((report) => void (report.scenario.params = { keys: 1_234 }))
  const path = save(old)
  const failIf = ['p99 > 10%']
  await expect(request({ baseline: path, failIf })).rejects.toMatchObject({
    code: 'compare-parameter',
    message: expect.stringContaining('keys is 1234 in the baseline and by default 100000 now'),
  })
  const now = baseline((report) => void (report.scenario.params = { keys: 100_000 }), {
    sharded: 1.5,
    seed: 2,
  })
  const { code, message } = await run(now, { failIf, changed: ['keys'] })
  expect(code).toBe(1)
  expect(message).toMatch(/^p99 > 10% with keys 1234 → 100000: failed, surely exceeded by sharded/)
  const [, comparison] = stdout.split('\nreport: ') as [string, string]
  expect(comparison).toContain('\n\nWith keys 1234 → 100000: sharded is slower than before')
  expect(comparison).toMatch(/verdict on p99 with keys 1234 → 100000: /)
})

test('a parameter that is only told stands first in the comparison, and is no subject', async () => {
  save(baseline((report) => void (report.scenario.params = { keys: 1_234 })))
  const now = baseline((report) => void (report.scenario.params = { keys: 100_000 }), { seed: 2 })
  expect((await run(now, {})).code).toBe(0)
  const [, comparison] = stdout.split('\nreport: ') as [string, string]
  expect(comparison.indexOf('parameter keys: 1234 then, 100000 now')).toBeGreaterThan(0)
  expect(comparison.indexOf('parameter keys:')).toBeLessThan(comparison.indexOf('Load '))
  expect(comparison).not.toContain('With keys')
})
