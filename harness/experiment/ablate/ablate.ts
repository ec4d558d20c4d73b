import type { Arm } from '../../contract/architecture.ts'
import { type Ablation, ABLATION_METRICS, ABLATION_VERSION } from '../../results/ablate.ts'
import { unroutedArm } from '../../scenario/rules.ts'
import { createTrialContext } from '../../trial/context.ts'
import { begun, keptArms, nothingOf } from '../rounds/begun.ts'
import { measureReplayed } from '../rounds/measure-replayed.ts'
import type { Planned } from '../rounds/pacing.ts'
import { ordersOf } from '../rounds/round-orders.ts'
import type { AblationHooks, AblationRequest } from './plan.ts'
import { AblationRounds } from './rounds.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptyAblation(request: AblationRequest, pinned: boolean): Ablation {
  const { chain, rounds, capacityRounds } = request
  const common = begun(request, pinned)
  const { prediction: _, ...scenario } = common.scenario
  const nothing = () => nothingOf(ABLATION_METRICS)
  return {
    schemaVersion: ABLATION_VERSION,
    ...common,
    run: { ...common.run, plannedRounds: rounds, plannedCapacityRounds: capacityRounds },
    scenario,
    arms: keptArms(chain.arms).map((arm) => ({ ...arm, figures: nothing() })),
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
  }
}

/**
 * Measures every arm of the chain against its predecessor, and its ends against each other. `hooks.save` gets the result
 * after every trial, so that one that ends early has lost nothing; then it says `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function runAblation(
  request: Planned<AblationRequest>,
  hooks: AblationHooks,
): Promise<Ablation> {
  const { loaded, cpus } = request
  const { arms } = request.chain
  const { signal } = hooks
  const context = createTrialContext({ loaded, arms, cpus, virtualCores: null, signal })
  const orders = ordersOf(request)
  return measureReplayed({
    request,
    armCount: arms.length,
    orders,
    contextAt: async () => context,
    begin: ({ setAffinity, workload }, pacing) => {
      const ablation = emptyAblation(request, setAffinity !== null)
      warnRouting(ablation, unroutedArm(arms, workload))
      return new AblationRounds(request, ablation, { orders, pacing, hooks })
    },
    close: () => context.blockFile?.close(),
  })
}

function warnRouting({ warnings }: Ablation, arm: Arm | undefined): void {
  if (arm === undefined) return
  warnings.push({
    code: 'routing',
    message: `${arm.label}: routing=shard-aware has no effect: workload has heavyClients, each of which stays with the port that it is connected to`,
    cure: 'read the step of shard-aware routing as noise, or give a --chain without it',
  })
}
