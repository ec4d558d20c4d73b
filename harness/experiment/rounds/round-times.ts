import type { Arm } from '../../contract/architecture.ts'
import type { TransportRequest } from '../../asked/requests.ts'
import { CONTROLLED_SETTLE_SECONDS } from '../../trial/player.ts'
import type { Expectations } from './pacing.ts'
import type { CapacityPlan, TrialOrder, WarmUpPlan } from '../../trial/server-under-test.ts'

/** Played before each steady state, unmeasured. */
const SETTLE_SECONDS = 0.1
/** With a client it is as long as its connections need. */
const HTTP_SETTLE_SECONDS = 0.3
const DRAIN_SECONDS = 0.5
/** Steady state with a closed window, where that is played beside a load. */
export const CLOSED_SECONDS = 0.25
/** Even a slow server answers so that every answer is checked. */
const ANSWERS_ONLY_DRAIN_SECONDS = 3
const LONGEST_WARM_UP_SECONDS = 6
/** Where a search follows, which plays at high loads for a second or more and says whether it was quiet at its end. */
const WARM_UP_BEFORE_SEARCH_SECONDS = 1.6
/** Of servers that play one set. */
const SINGLE_SET_WARM_UP_SECONDS = 1
/** Of claims' servers that do: ten threads of staged compile for 2 to 4 s, a sharded server's two for 1 to 1.5 s. */
const SINGLE_SET_OF_CLAIMS = { longestSeconds: 4, secondsByThreads: { least: 1, each: 0.15 } }
/** Of a closed window's throughput, the loads at which servers are made warm when no capacity is known yet. */
const GUESSED_SHARES = [0.2, 0.5, 0.8]
/** Rounds with a closed window: its throughput is a figure beside others and no verdict hangs on it. */
const SATURATED_ROUNDS = 3

/** Of a trial besides its phases: loading of a trace, check of the answers. */
const TRIAL_SECONDS = 0.15
const SEARCH_SECONDS = 3.5

/** What the lengths of a measurement's trials follow from. */
interface TrialsRequest {
  readonly arms: readonly Arm[]
  readonly transport: TransportRequest
  readonly durationSeconds: number
  readonly answersOnly?: boolean
}

/** Whether controllers of some arm have to settle before each trial. */
export function areControlled(arms: readonly Arm[]): boolean {
  return arms.some(({ options }) => (options['controllers'] ?? 'off') !== 'off')
}

/** How long the parts of a measurement's trials last. */
export function trialSeconds(
  request: TrialsRequest,
): Pick<TrialOrder, 'settleSeconds' | 'steadySeconds' | 'longestDrainSeconds'> {
  const settleSeconds = request.transport.kind === 'http' ? HTTP_SETTLE_SECONDS : SETTLE_SECONDS
  return {
    settleSeconds: areControlled(request.arms) ? CONTROLLED_SETTLE_SECONDS : settleSeconds,
    steadySeconds: request.durationSeconds,
    longestDrainSeconds: request.answersOnly ? ANSWERS_ONLY_DRAIN_SECONDS : DRAIN_SECONDS,
  }
}

/**
 * How long each kind of step takes where none has been made yet, on traces in shared memory and on two cores; the loop corrects itself
 * by what they really take. @param of what depends on how many servers there are
 */
export function replayedExpectations(
  request: Pick<TrialsRequest, 'arms' | 'durationSeconds'>,
  of: Pick<Expectations, 'deploy' | 'warm-up'>,
): Expectations {
  const { settleSeconds, steadySeconds } = trialSeconds({
    ...request,
    transport: { kind: 'replay' },
  })
  const set = request.arms.length * (settleSeconds + steadySeconds + TRIAL_SECONDS)
  // Each search is a whole one.
  return { ...of, search: SEARCH_SECONDS, capacity: SEARCH_SECONDS, set, aside: 0 }
}

/** How a server is made warm. @param loads of the run, as far as they are known. */
export function warmUpPlan(loads: readonly number[], isSearched: boolean): WarmUpPlan {
  const longestSeconds = isSearched ? WARM_UP_BEFORE_SEARCH_SECONDS : LONGEST_WARM_UP_SECONDS
  return { loads, shares: GUESSED_SHARES, longestSeconds }
}

/** The same of servers that do not live long enough to be worth the longest warm-up where they play a single set. */
export function briefWarmUpPlan(
  loads: readonly number[],
  isSearched: boolean,
  sets: number,
): WarmUpPlan {
  const plan = warmUpPlan(loads, isSearched)
  const most = sets > 1 ? Infinity : SINGLE_SET_WARM_UP_SECONDS
  return { ...plan, longestSeconds: Math.min(plan.longestSeconds, most) }
}

/** The same where each trial decides: so many threads as a server has, so long it may take until its compilers are at rest. */
export function patientWarmUpPlan(loads: readonly number[], sets: number): WarmUpPlan {
  const plan = warmUpPlan(loads, false)
  return sets > 1 ? plan : { ...plan, ...SINGLE_SET_OF_CLAIMS }
}

/** How its capacity is searched. @param round from 0 on. */
export function capacityPlan(
  { durationSeconds }: Pick<TrialsRequest, 'durationSeconds'>,
  round: number,
  start: Pick<CapacityPlan, 'around' | 'traceSeed'>,
): CapacityPlan {
  return { ...start, saturates: round < SATURATED_ROUNDS, confirmSeconds: durationSeconds }
}
