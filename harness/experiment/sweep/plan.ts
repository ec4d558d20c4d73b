import { metricName } from '../../asked/quantities.ts'
import type { ParameterRange } from '../../asked/range.ts'
import { combineSeeds, seededRandom } from '../../base/random.ts'
import { counted, formatPercent, valueText } from '../../words/format.ts'
import type { Sweep } from '../../results/sweep.ts'
import type { PointRequest } from '../points/contexts.ts'
import {
  needsCapacity,
  pointExpectations,
  pointSeconds,
  referenceText,
  referenceValues,
  type StepCounts,
} from '../points/plan.ts'
import type { PointEvent } from '../points/pair-rounds.ts'
import { lengthOf, planLines } from '../rounds/plan-lines.ts'
import type { Hooks, Plan } from '../rounds/pacing.ts'
import { shuffled } from '../rounds/round-orders.ts'
import { CLOSED_SECONDS } from '../rounds/round-times.ts'

/** Everything that decides what a sweep does. */
export interface SweepRequest extends PointRequest {
  /** Pairs at each value. */
  readonly pairs: number
  /** Whether throughput is measured at every value. */
  readonly throughput: boolean
  /** Pairs with a closed window at each value, where throughput is. */
  readonly capacityPairs: number
}

/** What a sweep tells while it goes on. */
export interface SweepEvent extends PointEvent {
  /** From 1: every value once. */
  readonly round: number
  readonly of: number
}

export type SweepHooks = Hooks<SweepEvent, Sweep>

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
  const { loaded, arms, cpus, virtualCores, seed } = request
  const expectations = pointExpectations(request)
  const whole = pointSeconds(request, expectations, sweepCounts(request))
  const length = lengthOf({
    wholeSeconds: whole,
    budgetSeconds: request.budgetSeconds,
    setSeconds: request.answersOnly === true ? 0 : expectations.set,
  })
  const atCapacity = capacityValues(request)
  const measures: string[] = []
  if (atCapacity.length > 0)
    measures.push(`first what each arm sustains${placesText(request, atCapacity)}`)
  if (throughput)
    measures.push(
      `throughput: ${counted(capacityPairs, 'pair')} of ${CLOSED_SECONDS} s with a closed window at each value`,
    )
  measures.push(
    `latency${loadText(request)}: ${counted(pairs, 'pair')} of ${durationSeconds} s at each value, in an order drawn anew each round, on fresh servers for each ${range.subject === 'load' ? 'round' : 'value'}`,
  )
  const { name, values } = range
  const texts = values.map((value) => valueText(range, value)).join(', ')
  const virtual = virtualCores === null ? '' : ', virtual cores'
  const lines = planLines({
    compares: `${loaded.scenario.name} over ${name} ${texts}: ${arms[0].label} against ${arms[1].label}; outcomes on ${metricName(metric)} at ${formatPercent(level)}`,
    measures,
    on: [`processors ${cpus.join(', ')}${virtual}; seed ${seed}`],
    takes: [length.text],
  })
  return { lines, seconds: length.seconds, expectations }
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
