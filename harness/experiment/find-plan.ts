import { valueText } from '../base/value-text.ts'
import { END_PAIRS, FIRST_PAIRS, ROUND_PAIRS } from './find-allocation.ts'
import type { FindRequest } from './find-request.ts'
import { metricName } from './parse-metric.ts'
import { describeShare } from './parse-share.ts'
import { needsCapacity, referenceText, referenceValues } from './points/point-load.ts'
import { POINT_CAPACITY_SECONDS } from './points/pair-rounds.ts'
import { pointSeconds } from './points/point-times.ts'
import type { Plan } from './plan.ts'

/** Whether pairs have a closed window instead of an offered load: capacity itself is what crosses. */
export function isClosed({ metric }: Pick<FindRequest, 'metric'>): boolean {
  return metric === 'achievedPerSecond'
}

/** The values at which capacity is measured, because a load in percent refers to it. */
export function capacityValues(request: FindRequest): number[] {
  return isClosed(request) ? [] : referenceValues(request, request.loaded.scenario.params)
}

/** How long it takes at most; infinite when nothing limits it. */
function mostSeconds(request: FindRequest): number {
  const { mostPairs, budgetSeconds, range } = request
  const references = capacityValues(request).length
  const searches = range.subject === 'load' ? Math.min(1, references) : references
  const pairs = mostPairs ?? Number.POSITIVE_INFINITY
  const deployments = pairs + (range.subject === 'load' ? 0 : references)
  const seconds = pointSeconds(request, { deployments, searches, pairs })
  return Math.round(Math.min(seconds, budgetSeconds ?? Number.POSITIVE_INFINITY))
}

/** What the search will do and how long it will take at most. */
export function planFind(request: FindRequest): Plan {
  const { range, durationSeconds, metric, level, until, loaded, arms, cpus, seed } = request
  const { virtualCores, budgetSeconds, mostPairs } = request
  const seconds = mostSeconds(request)
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
            `first what each arm sustains${range.subject === 'load' ? '' : ` at ${range.name} ${atCapacity.join(', ')}`}`,
          ]),
      ...(isClosed(request) ? [] : [`offered: ${loadText(request)}`]),
      `round 1: ${FIRST_PAIRS} pairs of ${length} at ${range.name} ${texts}; then rounds of ${ROUND_PAIRS} pairs where they tell most`,
      `ends when the interval (${describeShare(level)}) is no wider than ${describeShare(until)} of the range, when ${END_PAIRS} pairs at each end agree that nothing crosses, or ${limits.join(' or ')}`,
      'each pair has fresh servers',
      `at most about ${seconds} s in all`,
    ],
    seconds,
  }
}

function loadText(request: FindRequest): string {
  const { range, load } = request
  if (range.subject === 'load')
    return needsCapacity(request) ? 'shares of the smaller capacity' : 'the load that varies'
  if (load.kind === 'percent')
    return `${load.label} of ${referenceText(range, capacityValues(request))}`
  return load.label + (range.subject === 'cores' ? ' per core' : ' at every value')
}
