import { loadOfClass } from '../../results/request-class.ts'
import {
  type Compared,
  type ComparedArms,
  type ComparisonName,
  type Estimate,
  type Load,
  PERCENTILE_NAMES,
  type Ratios,
  type Verdict,
} from '../../results/schema.ts'
import { unpairedShift } from '../../stats/intervals.ts'
import { logsOver, saturatedAmong } from '../../stats/sound-rounds.ts'
import { isPrecise, levelPerLook, LOOKS, SMALLEST_RATIO } from '../../stats/verdict.ts'
import { metricAt, soundSet } from '../../words/metrics.ts'
import { ratiosAtEqualPolicy } from './equal-policy.ts'
import { compareArms, judgeArms, roundsOf, type Trials } from './judge.ts'
import type { RunEvent } from './request.ts'
import type { RunState } from './state.ts'

/** What every comparison of a run is judged by. */
interface LoadRule {
  /** Labels; the load gets a verdict on each, in this order. */
  readonly comparisons: readonly ComparedArms[]
  /** At `max` throughput is judged where this is a latency. */
  readonly metric: ComparisonName
  /** The class of requests that the load is seen for. @default null, all requests */
  readonly requestClass?: string | null
  /** Confidence of intervals, and of all verdicts of the load together. */
  readonly level: number
  /** The whole interval must lie beyond this ratio for a winner. */
  readonly threshold: number
}

/** Figures that are told as sure beside the judged one, and the confidence of each: Bonferroni over what is printed. */
const SURE_METRICS: readonly ComparisonName[] = ['p50', 'achievedPerSecond', 'cpuPerRequest']
const SURE_LEVEL = 0.99
/** Confidence with which the order within a pair is said to matter. */
const ORDER_LEVEL = 0.95

/** What the sets of a load say so far about every two arms that are compared. */
export function compareLoad(load: Load, rule: LoadRule): Compared[] {
  const verdicts = holm(load, rule)
  return rule.comparisons.map(({ first, second }, index): Compared => {
    const ratios = ratiosOf(load, { first, second }, rule.level)
    const verdict = verdicts[index]!
    // Polling or not is nothing to compare where loads differ.
    const parked = isOfEach(load) ? null : ratiosAtEqualPolicy(load, { first, second }, rule.level)
    return {
      first,
      second,
      ratios,
      verdict,
      sure: sureFigures(load, { first, second }, verdict),
      orderEffect: orderEffect(load.sets, { first, second }, metricAt(load, rule.metric)),
      ...(parked !== null && { atEqualPolicy: parked }),
    }
  })
}

/**
 * Verdicts of several comparisons at one load, false ones of any with at most 1 − level together (Holm 1979): all are judged at
 * the confidence that as many at once need; those that are decided leave the others fewer to share it with.
 */
function holm(load: Load, rule: LoadRule): readonly Verdict[] {
  const verdicts = new Map<ComparedArms, Verdict>()
  let open: readonly ComparedArms[] = rule.comparisons
  while (open.length > 0) {
    const level = 1 - (1 - rule.level) / open.length
    for (const arms of open) verdicts.set(arms, judged(load, arms, { ...rule, level }))
    const left = open.filter((arms) => verdicts.get(arms)!.winner === 'inconclusive')
    if (left.length === open.length) break
    open = left
  }
  return rule.comparisons.map((arms) => verdicts.get(arms)!)
}

function judged(load: Load, arms: ComparedArms, rule: LoadRule): Verdict {
  const { level, threshold, requestClass = null } = rule
  const ratios = ratiosOf(load, arms, level)
  return judgeArms(
    { ...load, ratios },
    { metric: metricAt(load, rule.metric), requestClass, level, threshold, ...arms },
  )
}

/** Each arm is offered its own share of what it sustains. */
function isOfEach({ placed }: Load): boolean {
  return placed?.by === 'each'
}

/** Of a load that one of the arms does not keep up with, or that is not the same for both, there are no ratios of latencies. */
function ratiosOf(load: Load, { first, second }: ComparedArms, level: number): Ratios | null {
  const ratios = compareArms(load.sets, first, second, level)
  const isSaturated =
    load.label !== 'max' &&
    saturatedAmong(roundsOf(load.sets, { first, second }), [first, second]).length > 0
  if (ratios === null || (!isSaturated && !isOfEach(load))) return ratios
  return { ...ratios, ...Object.fromEntries(PERCENTILE_NAMES.map((name) => [name, null])) }
}

/** Other figures than the judged one that lie beyond 1.05 with 99 %; none while there are too few pairs for that. */
function sureFigures(
  load: Load,
  arms: ComparedArms,
  { metric: judgedMetric, winner }: Verdict,
): Compared['sure'] {
  if (isOfEach(load)) return []
  const ratios = ratiosOf(load, arms, SURE_LEVEL)
  return SURE_METRICS.flatMap((metric) => {
    const ratio = ratios?.[metric] ?? null
    const isJudged = metric === judgedMetric && winner !== 'inconclusive'
    return ratio !== null && !isJudged && isSure(ratio) ? [{ metric, ratio }] : []
  })
}

function isSure({ level, lower, upper }: Estimate): boolean {
  return (
    level !== null && level >= SURE_LEVEL && (lower > SMALLEST_RATIO || upper < 1 / SMALLEST_RATIO)
  )
}

/**
 * How many times the ratio second ÷ first is larger where the second arm ran before the first: pairs of one order against those
 * of the other. Null without two pairs of each, or where a figure is missing.
 */
function orderEffect(
  sets: readonly (Trials & { readonly order: readonly string[] })[],
  { first, second }: ComparedArms,
  metric: ComparisonName,
): Estimate | null {
  const logsOf = (isSecondEarlier: boolean) => {
    const ofOrder = sets.filter(
      ({ order }) => order.indexOf(second) < order.indexOf(first) === isSecondEarlier,
    )
    const logs = logsOver(ofOrder.map(soundSet), first, second, metric)
    return logs.filter((log) => typeof log === 'number')
  }
  const [later, earlier] = [logsOf(false), logsOf(true)]
  if (later.length < 2 || earlier.length < 2) return null
  const { value, lower, upper, level } = unpairedShift(later, earlier, ORDER_LEVEL)
  // Pairs that one arm never answered leave its middle open.
  if (Number.isNaN(value)) return null
  return {
    value: Math.exp(value),
    lower: Math.exp(lower),
    upper: Math.exp(upper),
    level,
    n: later.length + earlier.length,
    unit: '×',
  }
}

/**
 * What the sets of a run say so far, load by load, and how many rounds that asks for: the planned ones, or with a precision as
 * many as the next look has, at loads that have not reached it.
 */
export class LoadJudge {
  readonly #run: RunState

  constructor(run: RunState) {
    this.#run = run
  }

  /** Puts ratios and verdicts into the load. */
  judge(load: Load): void {
    const { report, request } = this.#run
    // One trial each on servers that are cold: their figures are not to be compared.
    if (request.answersOnly) {
      const nothing = { ratios: null, verdict: null, sure: [], orderEffect: null }
      load.comparisons = request.comparisons.map((arms) => ({ ...arms, ...nothing }))
      return
    }
    const { requestClass = null } = request
    load.comparisons = compareLoad(loadOfClass(load, requestClass), {
      comparisons: request.comparisons,
      metric: request.metric,
      requestClass,
      level: this.#level(),
      threshold: report.band?.ratios[load.label] ?? SMALLEST_RATIO,
    })
  }

  /** Rounds up to the next look; without looks, all. @param round the present one, from 0 on; −1 before the first. */
  roundCount(round: number): number {
    const { precision, rounds } = this.#run.request
    if (precision === null) return rounds
    return LOOKS.find((look) => look > round + 1) ?? LOOKS.at(-1)!
  }

  /** Loads that are played in the next round. */
  openLoads(): readonly Load[] {
    const { loads } = this.#run.report
    if (this.#run.request.precision === null) return loads
    // Judged at a look alone: a load that was precise there gets no more sets, so that it stays at it.
    const isAtLook = (load: Load) => LOOKS.some((look) => look === load.sets.length)
    return loads.filter((load) => !isAtLook(load) || this.isImprecise(load))
  }

  /** Whether a precision is asked for that some comparison at the load has not reached. */
  isImprecise(load: Load): boolean {
    const { precision, metric } = this.#run.request
    if (precision === null) return false
    return load.comparisons.some(({ ratios }) => {
      const ratio = ratios?.[metricAt(load, metric)]
      if (!ratio || ratio.level === null) return true
      return !isPrecise({ ...ratio, level: ratio.level }, precision, this.#level())
    })
  }

  /** What is told behind the last round. */
  verdicts(): readonly RunEvent[] {
    return this.#run.report.loads.flatMap(({ label, comparisons }) => {
      const verdict = comparisons[0]?.verdict
      return verdict ? [{ kind: 'verdict', load: label, sentence: verdict.sentence }] : []
    })
  }

  /** Confidence of one interval: with several looks each gets its share of the error (Bonferroni). */
  #level(): number {
    const { level, precision } = this.#run.request
    return precision === null ? level : levelPerLook(level)
  }
}
