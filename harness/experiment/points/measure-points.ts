import type { Sweep } from '../../results/sweep.ts'
import { valueText } from '../../words/format.ts'
import { begun, keptArms } from '../rounds/begun.ts'
import { measureReplayed } from '../rounds/measure-replayed.ts'
import { RoundOrders } from '../rounds/round-orders.ts'
import type { Planned } from '../rounds/pacing.ts'
import type { SetParts } from '../rounds/set-rounds.ts'
import { PointContexts, type PointRequest } from './contexts.ts'
import { needsCapacity, referenceText } from './load.ts'
import type { PairRounds, PointEvent, PointResult } from './pair-rounds.ts'

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
  const { range, load, metric, virtualCores } = request
  const common = begun(request, pinned)
  const { [range.subject === 'parameter' ? range.name : '']: _, ...fixed } = common.scenario.params
  const { subject, name, unit, integer } = range
  const ends = [range.from, range.to].map((end) => valueText(range, end)).join('..')
  const isRelative = references.length > 0 && needsCapacity(request)
  return {
    ...common,
    run: { ...common.run, virtualCores, metric },
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

/** Measures pairs at the values of a parameter. @throws as `measureReplayed` */
export async function measurePoints<
  Event extends PointEvent,
  Result extends PointResult,
  Rounds extends PairRounds<Event, Result>,
>(
  request: Planned<PointRequest>,
  hooks: SetParts<Event, Result>['hooks'],
  begin: (pinned: boolean, parts: SetParts<Event, Result>) => Rounds,
  conclude: (rounds: Rounds) => void,
): Promise<Result> {
  const { seed, scenario, fixed, range, arms } = request
  const contexts = new PointContexts(request, hooks.signal)
  // Two with other scenarios or parameters have other arrivals.
  const orders = new RoundOrders(seed, `${scenario} ${JSON.stringify(fixed)}`)
  return measureReplayed<Rounds>({
    request,
    armCount: arms.length,
    orders,
    contextAt: (at = range.from) => contexts.at(at),
    begin: (first, pacing) => begin(first.setAffinity !== null, { orders, pacing, hooks }),
    close: () => contexts.close(),
    conclude,
  })
}
