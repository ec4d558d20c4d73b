import { CROSSING_VERSION, type CrossingSearch } from '../../results/find.ts'
import { contradiction } from '../../stats/crossing.ts'
import { valueText } from '../../words/format.ts'
import { begunPoints, measurePoints } from '../points/measure-points.ts'
import type { Planned } from '../rounds/pacing.ts'
import { timerBoundWarning } from '../timer-bound.ts'
import { isResolved } from './allocation.ts'
import { capacityValues, type FindHooks, type FindRequest, isClosed } from './plan.ts'
import { FindRounds } from './rounds.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptySearch(request: FindRequest, pinned: boolean): CrossingSearch {
  const points = begunPoints(request, pinned, capacityValues(request))
  const { from, to } = request.range
  return {
    schemaVersion: CROSSING_VERSION,
    ...points,
    end: null,
    run: { ...points.run, until: request.until, mostPairs: request.mostPairs },
    over: { ...points.over, from, to },
    load: { ...points.load, ...(isClosed(request) && { label: 'max' }) },
    values: [],
    crossing: null,
  }
}

/**
 * Looks for the value of one parameter at which second ÷ first passes 1. `hooks.save` gets the result after every trial,
 * so that one that ends early has lost nothing; then it says `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function runFind(
  request: Planned<FindRequest>,
  hooks: FindHooks,
): Promise<CrossingSearch> {
  return measurePoints(
    request,
    hooks,
    (pinned, parts) => new FindRounds(request, emptySearch(request, pinned), parts),
    (rounds) => warnOfDoubts(rounds, request),
  )
}

function warnOfDoubts(rounds: FindRounds, request: FindRequest): void {
  const { found, result: search } = rounds
  const warn = (code: string, message: string, cure: string) =>
    search.warnings.push({ code, message, cure })
  const timerBound = timerBoundWarning(
    request.range,
    search.values,
    'these values are left out of the fit',
  )
  if (timerBound !== null) search.warnings.push(timerBound)
  const saturated = search.values.filter((value) => value.saturated.length > 0)
  if (saturated.length > 0) {
    const places = saturated.map(
      (value) => `${value.saturated.join(' and ')} at ${valueText(request.range, value.value)}`,
    )
    warn(
      'saturated',
      `less than 99 % of the requests due were answered in most trials: ${request.range.name}: ${places.join(', ')}: an arm alone counts as slower than everything there, with both the value is left out`,
      'offer less with --load, or search another range',
    )
  }
  const unknown = search.values.flatMap(({ pairRatios }) =>
    pairRatios.filter((ratio) => ratio === null),
  )
  if (search.complete && unknown.length > 0) {
    warn(
      'no-ratio',
      `${unknown.length} pairs have no ratio: both arms left requests unanswered, or a figure is not available; they are left out`,
      'offer less with --load, or search another range',
    )
  }
  if (found === null) return
  if (found.outcome === 'crosses' && !isResolved(rounds.status()!)) {
    warn(
      'coarse',
      'the values beside the crossing have few pairs, or lie far apart: its interval may be too narrow',
      'give a larger --budget, or search a part of the range',
    )
  }
  const places = contradiction(found.values, found.crossing.direction, request.level)
  if (places === null) return
  const [before, after] = places.map((value) => valueText(request.range, value))
  warn(
    'not-monotone',
    `the ratio is ${found.crossing.direction} as a whole, but from ${request.range.name} ${before} to ${after} it goes the other way: their intervals lie apart, so there may be more than one crossing, or none`,
    'look at the curve with crossover sweep, and search one part of the range: --over name=from..to',
  )
}
