import { combineSeeds, seededRandom } from '../base/random.ts'
import { valueText } from '../base/value-text.ts'
import { metricName } from './parse-metric.ts'
import { describeShare } from './parse-share.ts'
import { POINT_CAPACITY_SECONDS } from './points/pair-rounds.ts'
import type { ParameterRange } from './points/parameter-range.ts'
import { needsCapacity, referenceText, referenceValues } from './points/point-load.ts'
import { pointSeconds, type StepCounts } from './points/point-times.ts'
import type { Plan } from './plan.ts'
import { shuffled } from './rounds/round-orders.ts'
import type { SweepRequest } from './sweep-request.ts'

/** Which of the things that are drawn a number is for. */
const VALUES = 6

/** The values at which it is searched what both arms sustain, because a load in percent refers to it. */
export function capacityValues(request: SweepRequest): number[] {
  return referenceValues(request, request.loaded.scenario.params)
}

/** Rounds in all: pairs with a closed window are played beside those at the load. */
export function sweepRounds({ pairs, throughput, capacityPairs }: SweepRequest): number {
  return throughput ? Math.max(pairs, capacityPairs) : pairs
}

/** In which order a round visits these values: drawn anew for each round, so that a drift of the machine is no slope. */
export function valueOrder(seed: number, round: number, values: readonly number[]): number[] {
  const random = seededRandom(combineSeeds(seed, VALUES, round, values.length))
  return shuffled(values, () => random.unit())
}

/** How many steps the whole sweep has. */
function sweepCounts(request: SweepRequest): StepCounts {
  const { range, pairs, throughput, capacityPairs } = request
  const rounds = sweepRounds(request)
  const references = capacityValues(request).length
  const isOneForAll = range.subject === 'load'
  return {
    deployments: isOneForAll ? rounds : rounds * range.values.length + references,
    searches: isOneForAll ? Math.min(1, references) : references,
    pairs: range.values.length * (pairs + (throughput ? capacityPairs : 0)),
  }
}

/** What the sweep will do and about how long it will take. */
export function planSweep(request: SweepRequest): Plan {
  const { pairs, durationSeconds, capacityPairs, throughput, metric, level, range } = request
  const { budgetSeconds } = request
  const whole = pointSeconds(request, sweepCounts(request))
  const seconds = Math.round(Math.min(whole, budgetSeconds ?? Number.POSITIVE_INFINITY))
  const atCapacity = capacityValues(request)
  const lines = [subjectLine(request)]
  if (atCapacity.length > 0)
    lines.push(`first what each arm sustains${placesText(request, atCapacity)}`)
  if (throughput)
    lines.push(
      `throughput: ${counted(capacityPairs, 'pair')} of ${POINT_CAPACITY_SECONDS} s with a closed window at each value`,
    )
  lines.push(
    `latency${loadText(request)}: ${counted(pairs, 'pair')} of ${durationSeconds} s at each value`,
    range.subject === 'load'
      ? 'every round has fresh servers and visits all values in an order drawn anew'
      : 'every round visits all values in an order drawn anew, each with fresh servers',
    `outcomes on ${metricName(metric)} at ${describeShare(level)}`,
  )
  if (budgetSeconds !== null && whole > budgetSeconds)
    lines.push(
      `the plan would take about ${Math.round(whole)} s: what the budget of ${budgetSeconds} s does not hold is left out`,
    )
  lines.push(`about ${seconds} s in all`)
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
