import type { TrialContext } from '../../trial/measured.ts'
import type { Sweep } from '../../results/sweep.ts'
import { valueText } from '../../words/format.ts'
import { begun, keptArms } from '../rounds/begun.ts'
import { measureReplayed } from '../rounds/measure-replayed.ts'
import { RoundOrders } from '../rounds/round-orders.ts'
import type { Experiment } from '../rounds/experiment.ts'
import { type Hooks, pacingOf, type Planned } from '../rounds/pacing.ts'
import type { SetParts } from '../rounds/set-rounds.ts'
import { pointContexts, type PointRequest } from './contexts.ts'
import { needsCapacity, referenceText } from './plan.ts'

/** A sweep without what a search has not. */
type BegunPoints = Omit<
  Sweep,
  'schemaVersion' | 'run' | 'predictionOutcome' | 'values' | 'scaling' | 'slopes'
> & {
  readonly run: Omit<Sweep['run'], 'plannedPairs' | 'throughput' | 'plannedCapacityPairs'>
}

/**
 * What the results of a sweep and of a search have in common before anything is measured.
 * @param references values at which capacity is measured, because a load in percent refers to it
 */
export function begunPoints(
  request: PointRequest,
  pinned: boolean,
  references: readonly number[],
): BegunPoints {
  const { range, load, metric, withinNs, virtualCores } = request
  const common = begun(request, pinned)
  const { [range.subject === 'parameter' ? range.name : '']: _, ...fixed } = common.scenario.params
  const { subject, name, unit, integer } = range
  const ends = [range.from, range.to].map((end) => valueText(range, end)).join('..')
  const isRelative = references.length > 0 && needsCapacity(request)
  return {
    ...common,
    run: { ...common.run, virtualCores, metric, ...(withinNs !== undefined && { withinNs }) },
    scenario: { ...common.scenario, params: fixed },
    arms: keptArms(request.arms),
    over: { subject, name, unit, integer },
    load: {
      label: subject === 'load' ? ends : load.label,
      reference: isRelative ? referenceText(range, references) : null,
      referencePerSecond: null,
      sustained: [],
      perCore: subject === 'cores',
    },
    capacityPairs: [],
    markedTrials: { count: 0, of: 0, byGate: {} },
  }
}

/** Pairs at the values of a parameter, about to be measured. */
interface BegunMeasurement<Event, Result> {
  readonly request: Planned<PointRequest>
  readonly contexts: ReturnType<typeof pointContexts>
  /** Of the range's first value. */
  readonly first: TrialContext
  readonly parts: SetParts<Event, Result>
}

/** Sets up the first value. @throws CrossoverError of kind `usage` when the scenario cannot be run */
export async function beginPoints<Event, Result>(
  request: Planned<PointRequest>,
  hooks: Hooks<Event, Result>,
): Promise<BegunMeasurement<Event, Result>> {
  const { seed, scenario, fixed, range } = request
  const contexts = pointContexts(request, hooks.signal)
  const first = await contexts.at(range.from)
  // Two with other scenarios or parameters have other arrivals.
  const orders = new RoundOrders(seed, `${scenario} ${JSON.stringify(fixed)}`)
  const pacing = pacingOf(first.clock, request.budgetSeconds)
  return { request, contexts, first, parts: { orders, pacing, hooks } }
}

/** Measures all of them. @throws as `measureReplayed` */
export async function measurePoints(
  rounds: Experiment,
  { request, contexts, first, parts }: BegunMeasurement<never, never>,
): Promise<void> {
  const { orders, pacing } = parts
  const armCount = request.arms.length
  try {
    await measureReplayed(rounds, { request, armCount, orders, pacing, first, contexts })
  } finally {
    await contexts.close()
  }
}
