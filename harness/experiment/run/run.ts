import type { TransportRequest } from '../../asked/requests.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { Report } from '../../results/schema.ts'
import { createTrialContext } from '../../trial/context.ts'
import { ServerFactory, type ServerPlan } from '../../trial/server-factory.ts'
import { measureByRounds } from '../rounds/loop.ts'
import type { Planned } from '../rounds/pacing.ts'
import { ordersOf } from '../rounds/round-orders.ts'
import { ObjectiveRounds } from './objective-rounds.ts'
import type { RunHooks, RunRequest } from './request.ts'
import { RunRounds } from './rounds.ts'
import { emptyReport, RunState } from './state.ts'
import { warnBefore } from './warnings.ts'

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
  const run = new RunState(request, context, report)
  warnBefore(run)
  const servers = new ServerFactory()
  try {
    await measureByRounds(
      objective === null ? new RunRounds(run, hooks) : new ObjectiveRounds(run, hooks, objective),
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
