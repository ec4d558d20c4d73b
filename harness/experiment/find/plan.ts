import { metricName } from '../../asked/quantities.ts'
import { formatPercent, formatSpan, valueText } from '../../words/format.ts'
import type { CrossingSearch } from '../../results/find.ts'
import type { PointRequest } from '../points/contexts.ts'
import {
  needsCapacity,
  pointExpectations,
  pointSeconds,
  referenceText,
  referenceValues,
} from '../points/plan.ts'
import type { PointEvent } from '../points/pair-rounds.ts'
import type { Expectations, Hooks, Plan } from '../rounds/pacing.ts'
import { planLines } from '../rounds/plan-lines.ts'
import { CLOSED_SECONDS } from '../rounds/round-times.ts'
import { END_PAIRS, FIRST_PAIRS, ROUND_PAIRS } from './allocation.ts'

/** Everything that decides what a search for a crossing does. The range's values are those of its first round. */
export interface FindRequest extends PointRequest {
  /** Share of the range that the interval may have at the end, e.g. 0.1. */
  readonly until: number
  /** Pairs in all, at most; null for no limit but time. */
  readonly mostPairs: number | null
}

/** What a search tells while it goes on. */
export interface FindEvent extends PointEvent {
  /** Of all, from 1. */
  readonly pair: number
}

export type FindHooks = Hooks<FindEvent, CrossingSearch>

/** Whether pairs have a closed window instead of an offered load: capacity itself is what crosses. */
export function isClosed({ metric }: Pick<FindRequest, 'metric'>): boolean {
  return metric === 'achievedPerSecond'
}

/** The values at which capacity is measured, because a load in percent refers to it. */
export function capacityValues(request: FindRequest): number[] {
  return isClosed(request) ? [] : referenceValues(request, request.loaded.scenario.params)
}

/** How long it takes at most; infinite when nothing limits it. */
function mostSeconds(request: FindRequest, expectations: Expectations): number {
  const { mostPairs, budgetSeconds, range } = request
  const references = capacityValues(request).length
  const searches = range.subject === 'load' ? Math.min(1, references) : references
  const pairs = mostPairs ?? Number.POSITIVE_INFINITY
  const deployments = pairs + (range.subject === 'load' ? 0 : references)
  const seconds = pointSeconds(request, expectations, { deployments, searches, pairs })
  return Math.round(Math.min(seconds, budgetSeconds ?? Number.POSITIVE_INFINITY))
}

/** What the search will do and how long it will take at most. */
export function planFind(request: FindRequest): Plan {
  const { range, durationSeconds, metric, level, until, loaded, arms, cpus, seed } = request
  const { virtualCores, budgetSeconds, mostPairs } = request
  const expectations = pointExpectations(request)
  const seconds = mostSeconds(request, expectations)
  const virtual = virtualCores === null ? '' : `, ${virtualCores} virtual cores`
  const texts = range.values.map((value) => valueText(range, value)).join(', ')
  const length = isClosed(request) ? `${CLOSED_SECONDS} s, closed window` : `${durationSeconds} s`
  const atCapacity = capacityValues(request).map((value) => valueText(range, value))
  const limits = [
    ...(mostPairs === null ? [] : [`after ${mostPairs} pairs`]),
    ...(budgetSeconds === null ? [] : [`after ${budgetSeconds} s`]),
  ]
  const lines = planLines({
    compares: `${loaded.scenario.name} over ${range.name} from ${valueText(range, range.from)} to ${valueText(range, range.to)}: where ${arms[1].label}’s ${metricName(metric)} crosses ${arms[0].label}’s`,
    measures: [
      ...(atCapacity.length === 0
        ? []
        : [
            `first what each arm sustains${range.subject === 'load' ? '' : ` at ${range.name} ${atCapacity.join(', ')}`}`,
          ]),
      ...(isClosed(request) ? [] : [`offered: ${loadText(request)}`]),
      `round 1: ${FIRST_PAIRS} pairs of ${length} at ${range.name} ${texts}, then rounds of ${ROUND_PAIRS} pairs where they tell most, each on fresh servers`,
    ],
    on: [`processors ${cpus.join(', ')}${virtual}; seed ${seed}`],
    takes: [
      `at most about ${formatSpan(seconds)}`,
      `ends when the interval (${formatPercent(level)}) is no wider than ${formatPercent(until)} of the range, when ${END_PAIRS} pairs at each end agree that nothing crosses, or ${limits.join(' or ')}`,
    ],
  })
  return { lines, seconds, expectations }
}

function loadText(request: FindRequest): string {
  const { range, load } = request
  if (range.subject === 'load')
    return needsCapacity(request) ? 'shares of the smaller capacity' : 'the load that varies'
  if (load.kind === 'percent')
    return `${load.label} of ${referenceText(range, capacityValues(request))}`
  return load.label + (range.subject === 'cores' ? ' per core' : ' at every value')
}
