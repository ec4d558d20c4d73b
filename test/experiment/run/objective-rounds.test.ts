import { beforeAll, expect, test } from 'vitest'
import type { Clock } from '../../../harness/base/clock.ts'
import { NS_PER_SECOND } from '../../../harness/base/units.ts'
import { emptyReport, RunState } from '../../../harness/experiment/run/state.ts'
import { loadScenario } from '../../../harness/scenario/load.ts'
import { planRun } from '../../../harness/experiment/run/plan.ts'
import { measureByRounds } from '../../../harness/experiment/rounds/loop.ts'
import { ObjectiveRounds } from '../../../harness/experiment/run/objective-rounds.ts'
import type { Capacity } from '../../../harness/trial/server-under-test.ts'
import type { RunRequest } from '../../../harness/experiment/run/request.ts'
import type { LoadedScenario } from '../../../harness/asked/requests.ts'
import { createTrialContext } from '../../../harness/trial/context.ts'
import { type Behaviour, FakeServers } from '../rounds/fake-servers.ts'
import { CPUS, sampleRequest } from '../rounds/sample-request.ts'

const OBJECTIVE = { percentile: 'p99', limitNs: 1e6 } as const

let loaded: LoadedScenario
beforeAll(async () => {
  // Its services are waits, so that plain calls are no ceiling.
  loaded = await loadScenario('queue-discipline', {})
})

/** What a server that keeps the objective up to a load finds. */
function upTo(load: number): Partial<Capacity> {
  const latency = { ns: 8e5, atLeast: false }
  return {
    bracket: { kept: load, failed: load },
    tried: [
      { perSecond: load, latency, kept: true, failedGates: [] },
      {
        perSecond: 1.03 * load,
        latency: { ns: 3e6, atLeast: false },
        kept: false,
        failedGates: [],
      },
    ],
  }
}

async function searched(
  capacity: NonNullable<Behaviour['capacity']>,
  changes: Partial<RunRequest> = {},
) {
  const request = sampleRequest(loaded, 'staged,sharded', {
    rounds: 8,
    objective: OBJECTIVE,
    ...changes,
  })
  const { arms } = request
  const servers = new FakeServers({ capacity })
  const { signal } = new AbortController()
  const clock = { nowNs: () => servers.seconds * NS_PER_SECOND } as Clock
  const context = {
    ...createTrialContext({ loaded, arms, cpus: CPUS, virtualCores: null, signal }),
    clock,
  }
  const report = emptyReport(request, false)
  const events: string[] = []
  const hooks = {
    onEvent: ({ kind }: { kind: string }) => events.push(kind),
    save: () => {},
    signal,
  }
  const run = new RunState(request, context, report)
  const failure: unknown = await measureByRounds(new ObjectiveRounds(run, hooks, OBJECTIVE), {
    servers: { cpuSeconds: () => 0 },
    makeServer: servers.make,
    expectations: planRun(request).expectations,
    pacing: run.pacing,
    cpus: CPUS,
    clock,
  }).catch((error: unknown) => error)
  return { objective: report.objective!, report, servers, failure, events }
}

test('in each pair of rounds both arms search once before the other', async () => {
  const { servers } = await searched(() => upTo(1_000))
  for (const step of ['start', 'warm-up', 'capacity']) {
    const steps = servers.log.filter((line) => line.startsWith(`${step} `))
    const firsts = steps.filter((_, place) => place % 2 === 0)
    expect(firsts).toHaveLength(8)
    for (let round = 0; round < 8; round += 2)
      expect(firsts.slice(round, round + 2).toSorted()).toEqual([
        `${step} sharded`,
        `${step} staged`,
      ])
  }
})

test('the figure is the median over rounds, the ratio that of their pairs', async () => {
  const { objective, failure, report, servers } = await searched((arm, round) =>
    upTo((arm === 'staged' ? 1_000 : 2_000) * (1 + round / 100)),
  )
  expect(failure).toBeUndefined()
  expect(servers.all).toHaveLength(16)
  expect(report.rounds).toHaveLength(8)
  const { staged, sharded } = objective.arms
  expect(staged).toMatchObject({ kept: 8, of: 8, confirmed: true, atLeast: false })
  expect(staged!.perSecond.value).toBeCloseTo(1_035)
  expect(sharded!.perSecond).toMatchObject({ n: 8, unit: 'requests/s' })
  expect(sharded!.latencyNs).toMatchObject({ value: 8e5 })
  expect(objective.ratio!.value).toBeCloseTo(2)
  expect(objective.ratio).toMatchObject({ n: 8, unit: '×' })
  expect(objective.ratio!.level).toBeGreaterThan(0.95)
  expect(objective.sentence).toBe(
    "Within p99 ≤ 1 ms sharded sustains 2.07k/s (in 8 of 8 rounds), 2.00× staged's 1.03k/s (in 8 of 8 rounds) (2.00–2.00).",
  )
})

test('every load that was tried is kept and told', async () => {
  const { objective, events } = await searched(() => upTo(500), { rounds: 2 })
  expect(objective.probes).toHaveLength(8)
  expect(objective.probes[1]).toMatchObject({ kept: false, latency: { ns: 3e6 } })
  expect(events.filter((kind) => kind === 'probe')).toHaveLength(8)
})

test('an arm that keeps it nowhere sustains nothing, and there is no ratio', async () => {
  const nothing = { bracket: null, tried: [] }
  const { objective } = await searched((arm) => (arm === 'staged' ? nothing : upTo(700)))
  expect(objective.arms['staged']).toBeNull()
  expect(objective.ratio).toBeNull()
  expect(objective.sentence).toContain('staged sustains none of the loads that were tried')
})

test('what keeps it in less than half of the rounds is not confirmed', async () => {
  const { objective } = await searched((_, round) =>
    round < 2 ? upTo(700) : { bracket: null, tried: [] },
  )
  expect(objective.arms['staged']).toMatchObject({ kept: 2, of: 8, confirmed: false })
  expect(objective.sentence).toContain('not confirmed: in 2 of 8 rounds')
})

test('a round searches from where the latest one that found something ended', async () => {
  const around: (number | null)[] = []
  await searched((arm, round, plan) => {
    if (arm === 'staged') around.push(plan.around?.kept ?? null)
    return round === 1 ? { bracket: null, tried: [] } : upTo(100 * (round + 1))
  })
  expect(around.slice(0, 4)).toEqual([null, 100, 100, 300])
})

test('an arm that kept every load has a lower bound and no ratio', async () => {
  const open = { bracket: { kept: 9_000, failed: null }, tried: [] }
  const { objective } = await searched((arm) => (arm === 'staged' ? upTo(700) : open))
  expect(objective.arms['sharded']).toMatchObject({ atLeast: true })
  expect(objective.ratio).toBeNull()
})

test('a budget cuts rounds off, and one that fails says so', async () => {
  const cut = await searched(() => upTo(700), { budgetSeconds: 60 })
  expect(cut.failure).toBeUndefined()
  expect(cut.report.warnings.map(({ code }) => code)).toContain('budget-used')
  expect(cut.objective.arms['staged']!.of).toBeLessThan(8)
  const { failure, report, servers } = await searched((_, round) => {
    if (round === 3) throw new Error('the run was interrupted')
    return upTo(700)
  })
  expect(failure).toMatchObject({ message: 'the run was interrupted' })
  expect(report).toMatchObject({ complete: false })
  expect(report.objective!.arms['staged']!.of).toBeGreaterThan(2)
  expect(servers.alive()).toEqual([])
})
