import type { Clock } from '../../../harness/base/clock.ts'
import { NS_PER_SECOND } from '../../../harness/base/units.ts'
import { emptyReport, RunState } from '../../../harness/experiment/run/state.ts'
import { loadScenario } from '../../../harness/scenario/load.ts'
import { parseLoads } from '../../../harness/asked/loads.ts'
import { planRun } from '../../../harness/experiment/run/plan.ts'
import { measureByRounds } from '../../../harness/experiment/rounds/loop.ts'
import { RunRounds } from '../../../harness/experiment/run/rounds.ts'
import type { RunRequest } from '../../../harness/experiment/run/request.ts'
import { createTrialContext } from '../../../harness/trial/context.ts'
import type { Capacity } from '../../../harness/trial/server-under-test.ts'
import type { Report, Trial } from '../../../harness/results/schema.ts'
import { type Behaviour, FakeServers } from './fake-servers.ts'
import { CPUS, sampleRequest } from './sample-request.ts'

/** Its services are waits: plain calls are no ceiling of it, so that no thread is needed. */
export const loaded = await loadScenario('queue-discipline', {})
export const BRACKET = (perSecond: number): Pick<Capacity, 'bracket'> => ({
  bracket: { kept: perSecond, failed: perSecond },
})

interface Asked extends Partial<RunRequest> {
  readonly armsText?: string
  readonly loadsText?: string
}

interface Measured {
  readonly report: Report
  readonly servers: FakeServers
  readonly failure: unknown
  /** Kinds of what was told. */
  readonly events: readonly string[]
  /** What was said to be left at each of them. */
  readonly secondsLeft: readonly number[]
  /** Of the report's warnings. */
  readonly codes: readonly string[]
}

/** Runs rounds with fake servers. */
export async function measured(
  behaviour: Behaviour,
  { armsText = 'staged,sharded', loadsText = '500/s', ...changes }: Asked = {},
): Promise<Measured> {
  const request = sampleRequest(loaded, armsText, { loads: parseLoads(loadsText), ...changes })
  const { arms } = request
  const servers = new FakeServers(behaviour)
  const { signal } = new AbortController()
  const context = {
    ...createTrialContext({ loaded, arms, cpus: CPUS, virtualCores: null, signal }),
    clock: clockOf(servers),
  }
  const report = emptyReport(request, false)
  const events: string[] = []
  const secondsLeft: number[] = []
  const run = new RunState(request, context, report)
  const rounds = new RunRounds(run, {
    onEvent: ({ kind }, _report, advance) => {
      events.push(kind)
      secondsLeft.push(advance.secondsLeft)
    },
    save: () => {},
    signal,
  })
  const failure = await measureByRounds(rounds, {
    servers: { cpuSeconds: () => 0 },
    makeServer: servers.make,
    expectations: planRun(request).expectations,
    pacing: run.pacing,
    cpus: CPUS,
    clock: context.clock,
  }).catch((error: unknown) => error)
  const codes = report.warnings.map(({ code }) => code)
  return { report, servers, failure, events, secondsLeft, codes }
}

/** Theirs, which stands still but for what they do. */
function clockOf(servers: FakeServers): Clock {
  return { nowNs: () => servers.seconds * NS_PER_SECOND } as Clock
}

export const trialsIn = (report: Report): readonly Trial[] =>
  report.loads.flatMap(({ sets }) => sets.flatMap(({ trials }) => Object.values(trials)))
