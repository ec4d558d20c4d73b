import { join } from 'node:path'
import type { TransportRequest } from '../../asked/requests.ts'
import type { Arm } from '../../contract/architecture.ts'
import { bandFor, loadMachine, MACHINE_FILE } from '../../results/machine.ts'
import type { Report } from '../../results/schema.ts'
import { SMALLEST_RATIO } from '../../stats/verdict.ts'
import { createTrialContext } from '../../trial/context.ts'
import { ServerFactory, type ServerPlan } from '../../trial/server-factory.ts'
import { warningsBefore } from '../../trial/watch-machine.ts'
import { measureByRounds } from '../rounds/loop.ts'
import type { Planned } from '../rounds/pacing.ts'
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
  const { plan, objective, cpus } = request
  const context = createTrialContext({ ...request, signal: hooks.signal })
  const { clock, transport, blockFile } = context
  const report = emptyReport(request, context.setAffinity !== null)
  const run = new RunState(request, context, report, hooks)
  warnBefore(run)
  const servers = new ServerFactory()
  try {
    await measureByRounds(
      objective === null ? new RunRounds(run) : new ObjectiveRounds(run, objective),
      {
        servers,
        makeServer: (arm) => servers.make(context, serverPlan(run, arm)),
        expectations: plan.expectations,
        pacing: run.pacing,
        cpus,
        clock,
      },
    )
  } finally {
    if (transport.kind === 'http') await transport.client.close()
    blockFile?.close()
  }
  return report
}

/** What the server of an arm is in the present round. */
function serverPlan({ request, context, report }: RunState, arm: Arm): ServerPlan {
  const { transport, arms, planted, flags, durationSeconds, loads } = request
  const orders = ordersOf(request)
  const round = report.rounds.length - 1
  return {
    arm,
    transport: transportOf(transport, arms.indexOf(arm), context.cores.length),
    burnFactor: planted?.label === arm.label ? planted.factor : 1,
    flags: flags?.[arm.label],
    durationSeconds,
    answersOnly: request.answersOnly === true,
    seed: orders.warmUpSeed(round),
    traceSeeds: loads.map(({ label }) => orders.traceSeed(round, label)),
  }
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
  if (request.objective === null) warnOfBand(run)
  const warning = run.context.blockFile?.warning
  if (warning) report.warnings.push(warning)
}

/** Takes the band of this machine for the run, or says why there is none. */
function warnOfBand(run: RunState): void {
  const { report, request } = run
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
