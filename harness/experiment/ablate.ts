import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Ablation } from '../results/ablation.ts'
import { ablationExpectations } from './ablation-plan.ts'
import type { AblationHooks, AblationRequest } from './ablation-request.ts'
import { AblationRounds } from './ablation-rounds.ts'
import { emptyAblation } from './empty-ablation.ts'
import { warningsBefore } from './environment-warnings.ts'
import { unroutedArm } from './refuse-routing.ts'
import { measureByRounds } from './rounds/measure-by-rounds.ts'
import { Pacing } from './rounds/pacing.ts'
import { ordersOf } from './rounds/round-orders.ts'
import { ServerFactory } from './rounds/server-factory.ts'
import { createTrialContext } from './trial-context.ts'

/**
 * Measures every arm of the chain against its predecessor, and its ends against each other. `hooks.save` gets the result
 * after every trial, so that one that ends early has lost nothing; then it says `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function runAblation(
  request: AblationRequest,
  hooks: AblationHooks,
): Promise<Ablation> {
  const { loaded, cpus } = request
  const { arms } = request.chain
  const { signal } = hooks
  const context = createTrialContext({ loaded, arms, cpus, virtualCores: null, signal })
  const { clock, blockFile, workload } = context
  const ablation = emptyAblation(request, context.setAffinity !== null)
  ablation.warnings.push(...warningsBefore(ablation.environment, cpus))
  if (blockFile?.warning) ablation.warnings.push(blockFile.warning)
  warnRouting(ablation, unroutedArm(arms, workload))
  const pacing = new Pacing(
    () => clock.nowNs() / NS_PER_SECOND,
    request.budgetSeconds ?? Number.POSITIVE_INFINITY,
  )
  const orders = ordersOf(request)
  const servers = new ServerFactory()
  const experiment = new AblationRounds(request, ablation, { orders, pacing, hooks })
  await measureByRounds({
    result: ablation,
    experiment,
    servers,
    makeServer: (arm) =>
      servers.make(context, {
        arm,
        transport: { kind: 'replay' },
        durationSeconds: request.durationSeconds,
        answersOnly: request.answersOnly === true,
        seed: orders.warmUpSeed(Math.floor(servers.count / arms.length)),
        traceSeeds: [],
      }),
    expectations: ablationExpectations(request),
    pacing,
    cpus,
    clock,
    save: () => experiment.save(),
    close: () => blockFile?.close(),
    conclude: () => {},
  })
  return ablation
}

function warnRouting({ warnings }: Ablation, arm: Arm | undefined): void {
  if (arm === undefined) return
  warnings.push({
    code: 'routing',
    message: `${arm.label}: routing=shard-aware has no effect: workload has heavyClients, each of which stays with the port that it is connected to`,
    cure: 'read the step of shard-aware routing as noise, or give a --chain without it',
  })
}
