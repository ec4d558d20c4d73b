import { COMPARISON_NAMES } from '../../results/schema.ts'
import { type Sweep, SWEEP_VERSION } from '../../results/sweep.ts'
import { begunPoints, measurePoints } from '../points/measure-points.ts'
import { nothingOf } from '../rounds/begun.ts'
import type { Planned } from '../rounds/pacing.ts'
import { timerBoundWarning } from '../timer-bound.ts'
import { capacityValues, type SweepHooks, type SweepRequest } from './plan.ts'
import { SweepRounds } from './rounds.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptySweep(request: SweepRequest, pinned: boolean): Sweep {
  const points = begunPoints(request, pinned, capacityValues(request))
  return {
    schemaVersion: SWEEP_VERSION,
    ...points,
    run: {
      ...points.run,
      plannedPairs: request.pairs,
      throughput: request.throughput,
      plannedCapacityPairs: request.capacityPairs,
    },
    predictionOutcome: null,
    values: request.range.values.map((value) => ({
      value,
      offeredPerSecond: null,
      figures: {},
      ratios: nothingOf(COMPARISON_NAMES),
      outcome: 'unknown',
      timerBound: null,
      capacity: null,
      pairs: [],
    })),
    scaling: null,
    slopes: null,
  }
}

/**
 * Measures both arms at every value of one parameter. `hooks.save` gets the result after every trial, so that one that
 * ends early has lost nothing: since rounds visit all values, it has fewer pairs everywhere. Then it says
 * `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function runSweep(request: Planned<SweepRequest>, hooks: SweepHooks): Promise<Sweep> {
  return measurePoints(
    request,
    hooks,
    (pinned, parts) => new SweepRounds(request, emptySweep(request, pinned), parts),
    ({ result: { warnings, values } }) => {
      const warning = timerBoundWarning(request.range, values, consequenceOf(request))
      if (warning !== null) warnings.push(warning)
    },
  )
}

function consequenceOf({ metric }: SweepRequest): string {
  return metric === 'achievedPerSecond'
    ? 'latencies say nothing there, throughput does'
    : 'no winner is named there'
}
