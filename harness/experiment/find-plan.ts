import { valueText } from '../base/value-text.ts'
import { END_PAIRS, FIRST_PAIRS, ROUND_PAIRS } from './find-allocation.ts'
import type { FindPart, FindRequest } from './find-request.ts'
import { metricName } from './parse-metric.ts'
import { describeShare } from './parse-share.ts'
import { needsCapacity, referenceText, referenceValues } from './points/point-load.ts'
import { POINT_CAPACITY_SECONDS } from './points/point-trials.ts'
import type { Plan } from './plan.ts'

/** Spawning threads, warm-up and drain of one trial, as measured on two cores. */
const OVERHEAD_SECONDS = 1.35
const CAPACITY_OVERHEAD_SECONDS = 1.65
const TRIALS = 2

/** Whether pairs have a closed window instead of an offered load: capacity itself is what crosses. */
export function isClosed({ metric }: Pick<FindRequest, 'metric'>): boolean {
  return metric === 'achievedPerSecond'
}

/** The values at which capacity is measured, because a load in percent refers to it. */
export function capacityValues(request: FindRequest): number[] {
  return isClosed(request) ? [] : referenceValues(request, request.loaded.scenario.params)
}

/** How long one pair takes, from spawning its first threads to its end. */
export function pairSeconds(request: FindRequest, part: FindPart): number {
  return part === 'capacity' || isClosed(request)
    ? TRIALS * (POINT_CAPACITY_SECONDS + CAPACITY_OVERHEAD_SECONDS)
    : TRIALS * (request.durationSeconds + OVERHEAD_SECONDS)
}

/** How long all pairs take; infinite when only time limits them. */
export function plannedSeconds(request: FindRequest): number {
  const pairs = request.mostPairs ?? Number.POSITIVE_INFINITY
  return capacitySeconds(request) + pairs * pairSeconds(request, 'pairs')
}

/** What the search will do and how long it will take at most. */
export function planFind(request: FindRequest): Plan {
  const { range, durationSeconds, metric, level, until, loaded, arms, cpus, seed } = request
  const { virtualCores, capacityPairs, budgetSeconds, mostPairs } = request
  const seconds = Math.round(
    Math.min(plannedSeconds(request), budgetSeconds ?? Number.POSITIVE_INFINITY),
  )
  const virtual = virtualCores === null ? '' : `, ${virtualCores} virtual cores`
  const texts = range.values.map((value) => valueText(range, value)).join(', ')
  const length = isClosed(request)
    ? `${POINT_CAPACITY_SECONDS} s, closed window`
    : `${durationSeconds} s`
  const atCapacity = capacityValues(request).map((value) => valueText(range, value))
  const limits = [
    ...(mostPairs === null ? [] : [`after ${mostPairs} pairs`]),
    ...(budgetSeconds === null ? [] : [`after ${budgetSeconds} s`]),
  ]
  return {
    lines: [
      `${loaded.scenario.name} over ${range.name} from ${valueText(range, range.from)} to ${valueText(range, range.to)}: where does ${arms[1].label}’s ${metricName(metric)} cross ${arms[0].label}’s, on processors ${cpus.join(', ')}${virtual}, seed ${seed}`,
      ...(atCapacity.length === 0
        ? []
        : [
            `capacity${range.subject === 'load' ? '' : ` at ${range.name} ${atCapacity.join(', ')}`}: ${capacityPairs} pairs with a closed window each, about ${Math.round(capacitySeconds(request))} s`,
          ]),
      ...(isClosed(request) ? [] : [`offered: ${loadText(request)}`]),
      `round 1: ${FIRST_PAIRS} pairs of ${length} at ${range.name} ${texts}; then rounds of ${ROUND_PAIRS} pairs where they tell most`,
      `ends when the interval (${describeShare(level)}) is no wider than ${describeShare(until)} of the range, when ${END_PAIRS} pairs at each end agree that nothing crosses, or ${limits.join(' or ')}`,
      'a trial that fails a gate is marked and counts, none is repeated',
      `at most about ${seconds} s in all`,
    ],
    seconds,
  }
}

function capacitySeconds(request: FindRequest): number {
  return request.capacityPairs * capacityValues(request).length * pairSeconds(request, 'capacity')
}

function loadText(request: FindRequest): string {
  const { range, load } = request
  if (range.subject === 'load')
    return needsCapacity(request) ? 'shares of the smaller capacity' : 'the load that varies'
  if (load.kind === 'percent')
    return `${load.label} of ${referenceText(range, capacityValues(request))}`
  return load.label + (range.subject === 'cores' ? ' per core' : ' at every value')
}
