import { combineSeeds, seededRandom } from '../base/random.ts'
import { valueText } from '../base/value-text.ts'
import { metricName } from './parse-metric.ts'
import { describeShare } from './parse-share.ts'
import type { ParameterRange } from './points/parameter-range.ts'
import { needsCapacity, referenceText, referenceValues } from './points/point-load.ts'
import { POINT_CAPACITY_SECONDS } from './points/point-trials.ts'
import type { Plan } from './plan.ts'
import type { SweepPart, SweepRequest } from './sweep-request.ts'

/** Spawning threads, warm-up and drain of one trial, as measured on two cores. */
const OVERHEAD_SECONDS = 1.35
const CAPACITY_OVERHEAD_SECONDS = 1.65
const ARMS = 2

/** The values at which capacity is measured: all of them for throughput, else those that a load in percent refers to. */
export function capacityValues(request: SweepRequest): number[] {
  const reference = referenceValues(request, request.loaded.scenario.params)
  const values = request.throughput ? [...request.range.values, ...reference] : reference
  return [...new Set(values)].toSorted((a, b) => a - b)
}

/** In which order a round visits these values: drawn anew for each round, so that a drift of the machine is no slope. */
export function valueOrder(
  seed: number,
  part: SweepPart,
  round: number,
  values: readonly number[],
): number[] {
  const random = seededRandom(combineSeeds(seed, part === 'capacity' ? 1 : 0, round, values.length))
  const order = [...values]
  for (let end = order.length - 1; end > 0; end--) {
    const other = Math.floor(random.unit() * (end + 1))
    ;[order[end], order[other]] = [order[other]!, order[end]!]
  }
  return order
}

/** How long one trial takes, from spawning its threads to its end. */
export function sweepTrialSeconds({ durationSeconds }: SweepRequest, part: SweepPart): number {
  return part === 'capacity'
    ? POINT_CAPACITY_SECONDS + CAPACITY_OVERHEAD_SECONDS
    : durationSeconds + OVERHEAD_SECONDS
}

/** How long both parts take without a budget. */
export function sweepSeconds(request: SweepRequest): Readonly<Record<SweepPart, number>> {
  const { capacityPairs, pairs, range } = request
  const trials = {
    capacity: capacityPairs * capacityValues(request).length,
    latency: pairs * range.values.length,
  }
  return {
    capacity: ARMS * trials.capacity * sweepTrialSeconds(request, 'capacity'),
    latency: ARMS * trials.latency * sweepTrialSeconds(request, 'latency'),
  }
}

/** What the sweep will do and about how long it will take. */
export function planSweep(request: SweepRequest): Plan {
  const { pairs, durationSeconds, capacityPairs, metric, level, budgetSeconds } = request
  const { capacity, latency } = sweepSeconds(request)
  const seconds = Math.round(
    Math.min(capacity + latency, budgetSeconds ?? Number.POSITIVE_INFINITY),
  )
  const atCapacity = capacityValues(request)
  const lines = [subjectLine(request)]
  if (atCapacity.length > 0) {
    lines.push(
      `capacity${placesText(request, atCapacity)}: ${counted(capacityPairs, 'pair')} with a closed window each, about ${Math.round(capacity)} s`,
    )
  }
  lines.push(
    `latency${loadText(request)}: ${counted(pairs, 'pair')} of ${durationSeconds} s at each value, about ${Math.round(latency)} s`,
    'every round visits all values in an order drawn anew',
    `outcomes on ${metricName(metric)} at ${describeShare(level)}; a trial that fails a gate is marked and counts, none is repeated`,
    `about ${seconds} s in all`,
  )
  return { lines, seconds }
}

function subjectLine({ loaded, range, arms, cpus, virtualCores, seed }: SweepRequest): string {
  const { name, values } = range
  const texts = values.map((value) => valueText(range, value)).join(', ')
  const virtual = virtualCores === null ? '' : ', virtual cores'
  return `${loaded.scenario.name} over ${name} ${texts}: ${arms[0].label} against ${arms[1].label}, on processors ${cpus.join(', ')}${virtual}, seed ${seed}`
}

function placesText({ range }: SweepRequest, values: readonly number[]): string {
  return range.subject === 'load' ? '' : ` at ${listed(range, values)}`
}

function loadText(request: SweepRequest): string {
  const { range, load } = request
  if (range.subject === 'load')
    return needsCapacity(request) ? ' at shares of the smaller capacity' : ''
  const per = range.subject === 'cores' && load.kind === 'absolute' ? ' per core' : ''
  return load.kind === 'percent'
    ? ` at ${load.label} of ${referenceText(range, capacityValues(request))}`
    : ` at ${load.label}${per}`
}

function listed(range: ParameterRange, values: readonly number[]): string {
  return `${range.name} ${values.map((value) => valueText(range, value)).join(', ')}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
