import { join } from 'node:path'
import type { TransportRequest } from '../../asked/requests.ts'
import { bandFor, loadMachine, MACHINE_FILE } from '../../results/machine.ts'
import type { Report } from '../../results/schema.ts'
import { SMALLEST_RATIO } from '../../stats/verdict.ts'
import { createTrialContext } from '../../trial/context.ts'
import { ServerFactory } from '../../trial/server-factory.ts'
import { warningsBefore } from '../../trial/watch-machine.ts'
import { measureByRounds } from '../rounds/measure-by-rounds.ts'
import type { Plan, Planned } from '../rounds/pacing.ts'
import { ordersOf } from '../rounds/round-orders.ts'
import { ObjectiveRounds } from './objective-rounds.ts'
import type { RunHooks, RunRequest } from './request.ts'
import { RunRounds } from './rounds.ts'
import { emptyReport, RunState } from './state.ts'

/** A percentile of fewer requests says little: of p99 ten are behind it. */
const FEWEST_REQUESTS = 1_000

/** A doubt for each load at which a trial plays but a few requests of a log; none where requests are drawn. */
export function traceWarnings({
  loaded,
  loads,
  objective,
  durationSeconds,
}: Pick<RunRequest, 'loaded' | 'loads' | 'objective' | 'durationSeconds'>): Report['warnings'] {
  if (loaded.log === undefined || objective !== null) return []
  return loads.flatMap((load) => {
    if (load.kind !== 'absolute') return []
    const played = Math.round(load.perSecond * durationSeconds)
    if (played >= FEWEST_REQUESTS) return []
    return {
      code: 'few-requests',
      message: `a trial plays about ${played} requests of the log, too few for its tail: load=${load.label}`,
      cure: 'play it longer, e.g. --duration 10s, or faster, e.g. --loads 50%',
    }
  })
}

/**
 * Runs everything that the request asks for and returns the whole report. `hooks.save` gets the report after every
 * trial, so a run that ends early has lost nothing; then the report says `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, every answer of an arm is wrong, or the run is interrupted.
 */
export async function runExperiment(
  request: Planned<RunRequest>,
  hooks: RunHooks,
): Promise<Report> {
  const context = createTrialContext({ ...request, signal: hooks.signal })
  const run = new RunState(
    request,
    context,
    emptyReport(request, context.setAffinity !== null),
    hooks,
  )
  warnBefore(run)
  warnOfFile(run)
  await measureRounds(run, request.plan)
  return run.report
}

async function measureRounds(run: RunState, { expectations }: Plan): Promise<void> {
  const { request, context, report } = run
  const { transport, clock } = context
  const servers = new ServerFactory()
  const orders = ordersOf(request)
  const { objective } = request
  const rounds = objective === null ? new RunRounds(run) : new ObjectiveRounds(run, objective)
  await measureByRounds({
    result: report,
    experiment: rounds,
    servers,
    makeServer: (arm) => {
      const round = report.rounds.length - 1
      return servers.make(context, {
        arm,
        transport: transportOf(request.transport, request.arms.indexOf(arm), context.cores.length),
        burnFactor: request.planted?.label === arm.label ? request.planted.factor : 1,
        flags: request.flags?.[arm.label],
        durationSeconds: request.durationSeconds,
        answersOnly: request.answersOnly === true,
        seed: orders.warmUpSeed(round),
        traceSeeds: request.loads.map(({ label }) => orders.traceSeed(round, label)),
      })
    },
    expectations,
    pacing: run.pacing,
    cpus: request.cpus,
    clock,
    save: () => run.save(),
    close: async () => {
      if (transport.kind === 'http') await transport.client.close()
      context.blockFile?.close()
    },
    conclude: () => rounds.conclude(),
  })
}

/** All arms of a round listen at once. */
function transportOf(
  transport: TransportRequest,
  place: number,
  portCount: number,
): TransportRequest {
  if (transport.kind === 'replay') return transport
  return { ...transport, firstTcpPort: transport.firstTcpPort + place * portCount }
}

function warnOfFile({ context, report }: RunState): void {
  const warning = context.blockFile?.warning
  if (warning) report.warnings.push(warning)
}

/** Doubts that are known before the first trial, and the machine's band. */
function warnBefore(run: RunState): void {
  const { report, request } = run
  report.warnings.push(...warningsBefore(report.environment, request.cpus))
  report.warnings.push(...traceWarnings(request))
  if (!report.environment.pinned) {
    run.warn(
      'unpinned',
      'threads are not pinned to processors: sharded runs without one of its mechanisms',
      'run on Linux with the optional package koffi installed',
    )
  }
  if (run.context.workload.background?.priorities === true && process.platform !== 'linux') {
    run.warn(
      'no-priorities',
      'threads cannot be ranked here: background work of the staged arm runs beside the requests, not behind them',
      'run on Linux, or take the priorities out of the workload',
    )
  }
  // A search has no verdicts.
  if (request.objective !== null) return
  const machine = loadMachine(request.machineFolder)
  if (machine === null) {
    report.bandNote =
      'no A/A band of this machine: run `npx crossover validate` once, about 35 minutes'
    return
  }
  const wanted = {
    ...request,
    scenario: report.scenario.name,
    loads: request.loads.map((load) => load.label),
  }
  const path = join(request.machineFolder, MACHINE_FILE)
  const { band, why, stale } = bandFor(machine, report.environment, wanted, path)
  report.band = band
  if (band === null) {
    report.bandNote = `the machine's A/A band does not cover this run (${why}): judged by ${SMALLEST_RATIO}`
  }
  if (stale) {
    run.warn(
      'no-band',
      `the machine's A/A band does not fit this run: ${why}`,
      'run `npx crossover validate` to measure it anew, about 35 minutes',
    )
  }
}
