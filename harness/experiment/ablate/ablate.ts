import { wallClock } from '../../base/clock.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import type { Arm } from '../../contract/architecture.ts'
import { readEnvironment } from '../../measure/environment.ts'
import {
  type Ablation,
  ABLATION_METRICS,
  ABLATION_VERSION,
  type AblationMetric,
} from '../../results/ablate.ts'
import { unroutedArm } from '../../scenario/refusals.ts'
import { createTrialContext } from '../../trial/context.ts'
import { ServerFactory } from '../../trial/server-factory.ts'
import { warningsBefore } from '../../trial/watch-machine.ts'
import { measureByRounds } from '../rounds/measure-by-rounds.ts'
import { Pacing } from '../rounds/pacing.ts'
import { ordersOf } from '../rounds/round-orders.ts'
import { ablationExpectations, type AblationHooks, type AblationRequest } from './plan.ts'
import { AblationRounds } from './rounds.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptyAblation(request: AblationRequest, pinned: boolean): Ablation {
  const { chain, loaded } = request
  const { scenario, params } = loaded
  return {
    schemaVersion: ABLATION_VERSION,
    complete: false,
    ending: null,
    run: {
      startedAt: wallClock().toISOString(),
      command: request.command,
      seed: request.seed,
      elapsedSeconds: 0,
      cpus: [...request.cpus],
      durationSeconds: request.durationSeconds,
      plannedRounds: request.rounds,
      plannedCapacityRounds: request.capacityRounds,
      level: request.level,
    },
    environment: readEnvironment(pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      params: { ...params },
    },
    arms: chain.arms.map((arm) => ({
      ...arm,
      options: { ...arm.options },
      figures: nothing(),
    })),
    load: null,
    steps: chain.steps.map((step, index) => ({
      ...step,
      from: index,
      to: index + 1,
      ratios: nothing(),
    })),
    mechanisms: [],
    product: nothing(),
    productOfEstimates: nothing(),
    endpoints: nothing(),
    agreement: nothing(),
    markedTrials: { count: 0, of: 0, byGate: {} },
    measured: { capacity: { rounds: [], ends: [] }, latency: { rounds: [], ends: [] } },
    warnings: [],
  }
}

/** For no metric is anything known. */
function nothing(): Record<AblationMetric, null> {
  const entries = ABLATION_METRICS.map((metric) => [metric, null])
  return Object.fromEntries(entries) as Record<AblationMetric, null>
}

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
