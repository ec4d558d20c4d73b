import { beforeAll, expect, test } from 'vitest'
import { loadScenario } from '../../harness/scenario/load.ts'
import { chooseComparisons, parseArms } from '../../harness/asked/arms.ts'
import { planRun } from '../../harness/experiment/run/plan.ts'
import { runExperiment } from '../../harness/experiment/run/run.ts'
import type { RunEvent, RunRequest } from '../../harness/experiment/run/request.ts'
import { type Report, reportSchema } from '../../harness/results/schema.ts'
import { CPUS } from './bench.ts'

const TIME_LIMIT_MS = 40_000
const ARMS = parseArms('staged:layout=fused,sharded')

async function requestOf(changes: Partial<RunRequest> = {}): Promise<RunRequest> {
  return {
    loaded: await loadScenario('kv-update', { keys: '1000' }),
    arms: ARMS,
    comparisons: chooseComparisons(ARMS),
    loads: [{ kind: 'absolute', label: '5000/s', perSecond: 5_000 }],
    rounds: 1,
    metric: 'p99',
    level: 0.95,
    precision: null,
    objective: null,
    virtualCores: null,
    transport: { kind: 'replay' },
    machineFolder: '/nonexistent',
    durationSeconds: 0.15,
    budgetSeconds: null,
    cpus: CPUS,
    seed: 7,
    profile: 'test',
    command: 'crossover run kv-update',
    ...changes,
  }
}

/** What a run returned or threw, every report it saved, as JSON, and what it told. */
async function observe(request: RunRequest, onEvent: (event: RunEvent, abort: () => void) => void) {
  const interruption = new AbortController()
  const saved: string[] = []
  const events: RunEvent[] = []
  const fractions: number[] = []
  const outcome = await runExperiment(
    { ...request, plan: planRun(request) },
    {
      onEvent: (event, _report, { fraction }) => {
        events.push(event)
        fractions.push(fraction)
        onEvent(event, () => interruption.abort())
      },
      save: (report) => saved.push(JSON.stringify(report)),
      signal: interruption.signal,
    },
  ).catch((error: unknown) => error)
  const reports = saved.map((text) => reportSchema.parse(JSON.parse(text)))
  return { outcome, reports, last: reports.at(-1)!, events, fractions }
}

const trialsIn = (report: Report) =>
  report.loads.flatMap((load) => load.sets.flatMap((set) => Object.values(set.trials)))

let whole: Awaited<ReturnType<typeof observe>>

beforeAll(async () => {
  whole = await observe(await requestOf(), () => {})
}, TIME_LIMIT_MS)

test('a run returns a complete report of the schema’s shape', () => {
  const report = reportSchema.parse(JSON.parse(JSON.stringify(whole.outcome)))
  expect(report).toMatchObject({ complete: true, ending: null })
  expect(trialsIn(report).map((trial) => trial.void)).toEqual([null, null])
  expect(Object.keys(report.loads[0]!.sets[0]!.trials).toSorted()).toEqual([
    'sharded',
    'staged:layout=fused',
  ])
  expect(report.loads[0]!.comparisons[0]!.verdict!.winner).toBe('inconclusive')
  expect(report.loads[0]!.comparisons[0]!.ratios!.achievedPerSecond!.n).toBe(1)
})

test('the report is saved after every trial, incomplete until the end', () => {
  const progress = whole.reports.map((report) => `${trialsIn(report).length} ${report.complete}`)
  // A noisy machine repeats a trial, and what is discarded is saved, too.
  const seen = new Set(progress.filter((step) => step !== '0 false'))
  expect([...seen]).toEqual(['1 false', '2 false', '2 true'])
  expect(progress.at(-1)).toBe('2 true')
})

test('it tells of each trial’s beginning and end, and of the verdict', () => {
  // A noisy machine may repeat any of them.
  expect(whole.events.map((event) => event.kind).join(' ')).toMatch(
    /^(?:round )+(?:(?:trial-started trial-ended ){2}(?:repeated )?)+verdict$/,
  )
  expect(whole.fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true)
  expect(whole.fractions).toEqual(whole.fractions.toSorted((a, b) => a - b))
})

test('both arms play the same trace', () => {
  const { traceHash, order } = whole.last.loads[0]!.sets[0]!
  expect(new Set(Object.values(traceHash)).size).toBe(1)
  expect(Object.keys(traceHash).toSorted()).toEqual(order.toSorted())
})

test(
  'the same seed gives the same traces and orders, another one others',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const pairOf = async (seed: number) => {
      const { last } = await observe(await requestOf({ seed, answersOnly: true }), () => {})
      const { traceHash, order } = last.loads[0]!.sets[0]!
      return { hash: Object.values(traceHash)[0], order }
    }
    const { traceHash, order } = whole.last.loads[0]!.sets[0]!
    expect(await pairOf(7)).toEqual({ hash: Object.values(traceHash)[0], order })
    expect((await pairOf(8)).hash).not.toBe(Object.values(traceHash)[0])
  },
)

test(
  'an interrupted run keeps what it has measured and says why it ended',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const request = await requestOf({ rounds: 3, answersOnly: true })
    let ended = 0
    const { outcome, last } = await observe(request, (event, abort) => {
      if (event.kind === 'trial-ended' && ++ended === 3) abort()
    })
    expect(outcome).toMatchObject({ kind: 'run', code: 'interrupted' })
    expect(last.complete).toBe(false)
    expect(last.ending).toBe('the run was interrupted')
    expect(trialsIn(last)).toHaveLength(3)
    expect(last.loads[0]!.sets).toHaveLength(2)
  },
)

test(
  'a run whose budget is used up before the first trial is not done and says so',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const request = await requestOf({ rounds: 2, budgetSeconds: 0.001 })
    const { outcome, last } = await observe(request, () => {})
    expect(outcome).toMatchObject({ kind: 'run', code: 'nothing-measured' })
    expect(trialsIn(last)).toEqual([])
    expect(last.warnings.map((warning) => warning.code)).toContain('budget-used')
  },
)
