import type { ParameterRange } from '../../asked/range.ts'
import type { ParameterSpecs } from '../../contract/scenario.ts'
import type { SustainedAt } from '../../results/points.ts'
import { valueText } from '../../words/format.ts'
import type { Expectations } from '../rounds/pacing.ts'
import { replayedExpectations } from '../rounds/round-times.ts'
import type { PointRequest } from './contexts.ts'

/*
 * One absolute load for all values of a parameter: were it a share of each value's own capacity, a value that costs more
 * would be offered less, and its latency would say nothing of the parameter. When cores vary, it is one load per core.
 */

/** What decides the offered load. */
type Loaded = Pick<PointRequest, 'range' | 'load'>

/** Whether a load is a share of capacity, so that capacity must be measured first. */
export function needsCapacity({ range, load }: Loaded): boolean {
  return range.subject === 'load' ? range.unit === '%' : load.kind === 'percent'
}

/**
 * The values at which capacity is measured for a share of it: both ends and, within them, the parameter's default; when
 * the load varies, its first value stands for all.
 */
export function referenceValues(request: Loaded, specs: ParameterSpecs): number[] {
  if (!needsCapacity(request)) return []
  const { subject, name, from, to } = request.range
  if (subject === 'load') return [from]
  const spec = subject === 'parameter' ? specs[name] : undefined
  const middle = spec?.kind === 'number' ? spec.default : from
  return middle > from && middle < to ? [from, middle, to] : [from, to]
}

/** The reference of loads in percent: the smallest that either arm sustains at any of these values, per core when cores vary. */
export function smallestSustained(
  { subject }: Pick<ParameterRange, 'subject'>,
  sustained: readonly SustainedAt[],
): number {
  const perCore = ({ value, perSecond }: SustainedAt) =>
    subject === 'cores' ? perSecond / (value ?? 1) : perSecond
  return Math.min(...sustained.map(perCore))
}

/**
 * Requests per second of all cores together at a value.
 * @param reference of loads in percent
 */
export function offeredAt({ range, load }: Loaded, value: number, reference: number): number {
  if (range.subject === 'load') return range.unit === '%' ? (reference * value) / 100 : value
  const perSecond = load.kind === 'percent' ? (reference * load.percent) / 100 : load.perSecond
  return range.subject === 'cores' ? perSecond * value : perSecond
}

/** What a load in percent refers to, e.g. `the smallest capacity of either arm at theta 0, 0.99 and 1.2`. */
export function referenceText(range: ParameterRange, values: readonly number[]): string {
  if (range.subject === 'load') return 'the smaller capacity'
  const texts = values.map((value) => valueText(range, value))
  const listed = [texts.slice(0, -1).join(', '), texts.at(-1)].filter(Boolean).join(' and ')
  const per = range.subject === 'cores' ? ' per core' : ''
  return `the smallest capacity${per} of either arm at ${range.name} ${listed}`
}

/** What depends on how many servers there are: two. */
const TWO_SERVERS = { deploy: 1, 'warm-up': 1.2 }

/** Numbers of steps. */
export interface StepCounts {
  readonly deployments: number
  /** Of these, those in which capacity is searched. */
  readonly searches: number
  readonly pairs: number
}

/** How long each kind of step takes where none has been made yet. */
export function pointExpectations(request: PointRequest): Expectations {
  return replayedExpectations(request, TWO_SERVERS)
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
