import type { Expectations } from '../rounds/experiment.ts'
import { trialSeconds } from '../rounds/round-times.ts'
import type { PointRequest } from './contexts.ts'

/** What the parts take, as measured on two cores; the loop corrects itself by what they really take. */
const DEPLOY_SECONDS = 1
const WARM_UP_SECONDS = 1.2
const SEARCH_SECONDS = 3.5
/** Of a trial besides its phases: loading of a trace, check of the answers. */
const TRIAL_SECONDS = 0.15

/** Numbers of steps. */
export interface StepCounts {
  readonly deployments: number
  /** Of these, those in which capacity is searched. */
  readonly searches: number
  readonly pairs: number
}

/** How long each kind of step takes where none has been made yet. */
export function pointExpectations(
  request: Pick<PointRequest, 'arms' | 'durationSeconds'>,
): Expectations {
  const { settleSeconds, steadySeconds } = trialSeconds({
    ...request,
    transport: { kind: 'replay' },
  })
  return {
    deploy: DEPLOY_SECONDS,
    'warm-up': WARM_UP_SECONDS,
    search: SEARCH_SECONDS,
    // Each search is a whole one.
    capacity: SEARCH_SECONDS,
    set: request.arms.length * (settleSeconds + steadySeconds + TRIAL_SECONDS),
    aside: 0,
  }
}

/** About how long so many steps take. */
export function pointSeconds(
  request: PointRequest,
  expected: Expectations,
  counts: StepCounts,
): number {
  const arms = request.arms.length
  const warmUp = request.answersOnly === true ? 0 : arms * expected['warm-up']
  return (
    counts.deployments * (expected.deploy + warmUp) +
    counts.searches * arms * expected.search +
    counts.pairs * expected.set
  )
}
