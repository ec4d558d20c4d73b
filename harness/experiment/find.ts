import { runError } from '../base/errors.ts'
import { combineSeeds, seededRandom } from '../base/random.ts'
import { valueText } from '../base/value-text.ts'
import type { CrossingSearch } from '../results/crossing.ts'
import { contradiction } from '../stats/contradiction.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { warningsBefore } from './environment-warnings.ts'
import {
  firstRound,
  isResolved,
  nextRound,
  reasonToStop,
  type FindStatus,
} from './find-allocation.ts'
import { capacityValues } from './find-plan.ts'
import type { FindHooks, FindRequest } from './find-request.ts'
import { FindState } from './find-state.ts'
import { PointTrials } from './points/point-trials.ts'
import { timerBoundWarning } from './points/timer-bound-warning.ts'
import { watchMachine } from './watch-machine.ts'

/** Rounds draw their orders from numbers that no trace and no bootstrap has. */
const ORDER_SEED = -6

/**
 * Looks for the value of one parameter at which second ÷ first passes 1. `hooks.save` gets the result after every trial,
 * so that one that ends early has lost nothing; then it says `complete: false` and why.
 * @throws CrossoverError of kind `run` when a thread fails, an answer is wrong, or it is interrupted.
 */
export async function runFind(request: FindRequest, hooks: FindHooks): Promise<CrossingSearch> {
  const { cpus } = request
  const trials = await PointTrials.create(request, hooks.signal)
  const state = new FindState(request, trials, hooks)
  const { search } = state
  const { environment, warnings } = search
  warnings.push(...warningsBefore(environment, cpus))
  if (trials.fileWarning !== null) warnings.push(trials.fileWarning)
  const watch = watchMachine({ environment, warnings, cpus, clock: trials.clock })
  try {
    await measureCapacities(state)
    search.end = await measureRounds(state)
    // Like a run, one that its budget ended is done; the sentence says how much is known.
    search.complete = true
  } catch (error) {
    search.ending = error instanceof Error ? error.message : String(error)
    throw error
  } finally {
    watch.end()
    trials.close()
    warnOfDoubts(state)
    state.save()
  }
  return search
}

/** Without the first round there is no load. */
async function measureCapacities(state: FindState): Promise<void> {
  const { request } = state
  for (let number = 0; number < request.capacityPairs; number++) {
    for (const value of capacityValues(request)) {
      if (number > 0 && state.secondsLeft() <= 0) return state.chooseReference()
      await state.measureCapacity(value, number)
    }
  }
  state.chooseReference()
}

async function measureRounds(state: FindState): Promise<NonNullable<CrossingSearch['end']>> {
  const { request } = state
  const random = seededRandom(combineSeeds(request.seed, ORDER_SEED))
  let round = firstRound(request.range, random)
  for (;;) {
    for (const value of round) {
      if (state.pairs >= (request.mostPairs ?? Number.POSITIVE_INFINITY)) return 'pairs'
      if (state.secondsLeft() <= 0) return 'budget'
      await state.measurePair(value)
    }
    const status = statusOf(state)
    const reason = reasonToStop(status)
    if (reason !== null) return reason
    round = nextRound(status, random)
  }
}

function statusOf({ found, request, search }: FindState): FindStatus {
  const { range, until, level } = request
  if (found !== null) return { range, ...found, until, anchorPairs: fewestPairs(level) }
  const timerBound = timerBoundWarning(range, search.values, 'fewer than two values are left')
  if (timerBound !== null) throw runError(timerBound.code, timerBound.message, timerBound.cure)
  throw runError(
    'no-ratio',
    `there is no ratio at two values of ${range.name}: both arms leave requests unanswered nearly everywhere`,
    'offer less with --load, or search another range',
  )
}

function warnOfDoubts(state: FindState): void {
  const { found, search, request } = state
  const timerBound = timerBoundWarning(
    request.range,
    search.values,
    'these values are left out of the fit',
  )
  if (timerBound !== null) search.warnings.push(timerBound)
  const unknown = search.values.flatMap(({ pairRatios }) =>
    pairRatios.filter((ratio) => ratio === null),
  )
  if (search.complete && unknown.length > 0) {
    state.warn(
      'no-ratio',
      `${unknown.length} pairs have no ratio: both arms left requests unanswered, or a figure is not available; they are left out`,
      'offer less with --load, or search another range',
    )
  }
  if (found === null) return
  if (found.outcome === 'crosses' && !isResolved(statusOf(state))) {
    state.warn(
      'coarse',
      'the values beside the crossing have few pairs, or lie far apart: its interval may be too narrow',
      'give a larger --budget, or search a part of the range',
    )
  }
  const places = contradiction(found.values, found.crossing.direction, request.level)
  if (places === null) return
  const [before, after] = places.map((value) => valueText(request.range, value))
  state.warn(
    'not-monotone',
    `the ratio is ${found.crossing.direction} as a whole, but from ${request.range.name} ${before} to ${after} it goes the other way: their intervals lie apart, so there may be more than one crossing, or none`,
    'look at the curve with crossover sweep, and search one part of the range: --over name=from..to',
  )
}
