import { runError } from '../../base/errors.ts'
import type { DeploymentFigures, Load, TrialSet } from '../../results/schema.ts'
import type { LoadRequest } from '../run-request.ts'

/** Of a deployment of which nothing is known yet. */
export const NO_FIGURES: DeploymentFigures = {
  startSeconds: 0,
  warmUpSeconds: 0,
  quiet: null,
  helperSeconds: null,
  parkedSeconds: null,
  saturated: null,
  sustained: null,
  probes: 0,
  capacitySeconds: 0,
  residentBytes: null,
}

/** A load before its first set. */
export function emptyLoad(asked: LoadRequest): Load {
  return {
    label: asked.label,
    offeredPerSecond: asked.kind === 'absolute' ? asked.perSecond : null,
    fractionOfCapacity: null,
    sets: [],
    comparisons: [],
  }
}

/** @throws when every trial of a set's arm so far had a wrong answer: nothing will come of it. */
export function refuseVoid(load: Load, set: TrialSet): void {
  for (const arm of set.order) {
    const trials = load.sets.flatMap((one) => one.trials[arm] ?? [])
    const first = trials[0]?.void
    if (first !== undefined && first !== null && trials.every((trial) => trial.void !== null))
      throw runError('void', `void: arm=${arm} load=${load.label}: ${first}`)
  }
}
