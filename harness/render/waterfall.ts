import type { Ablation } from '../results/ablation.ts'
import { type Effect, effectOf, effectText } from './chain-effect.ts'
import {
  formatQuantity,
  formatRoundQuantity,
  formatRoundTime,
  formatTime,
  PER_SECOND,
} from './format.ts'
import { niceTicks } from './nice-ticks.ts'

/** Metrics that have a waterfall. */
export const WATERFALL_METRICS = ['p99', 'throughput'] as const
export type WaterfallMetric = (typeof WATERFALL_METRICS)[number]

/** A value of the axis and its text. */
interface Figure {
  readonly value: number
  readonly text: string
}

/** A step as a floating bar; nanoseconds or requests per second. */
export interface WaterfallBar {
  readonly name: string
  /** Null when the step's ratio is not known. */
  readonly span: {
    readonly from: number
    readonly to: number
    /** Where the interval would have put `to`. */
    readonly lower: number
    readonly upper: number
  } | null
  readonly effect: Effect
  /** `0.31× (0.26–0.38)`. */
  readonly text: string
}

/** From the first arm's median to the last one's, step by step. */
export interface Waterfall {
  readonly metric: WaterfallMetric
  readonly first: Figure
  /** As measured: where the last bar should end. Null when it is not known. */
  readonly last: Figure | null
  readonly bars: readonly WaterfallBar[]
  /** Round values of the axis, which is logarithmic; they enclose everything. */
  readonly ticks: readonly number[]
}

/**
 * Each bar begins where the one before ended and is as long as its step's ratio, so the bars multiply. Behind a step
 * that is not known they go on at the median of its arm. Null when there is nothing to begin with, or no step is known.
 */
export function waterfallOf(ablation: Ablation, metric: WaterfallMetric): Waterfall | null {
  const medianAt = (arm: number): number | null =>
    ablation.arms[arm]?.figures[metric]?.value ?? null
  const first = medianAt(0)
  const last = medianAt(ablation.arms.length - 1)
  if (first === null) return null
  let from = first
  const bars = ablation.steps.map(({ name, to: arm, ratios }): WaterfallBar => {
    const ratio = ratios[metric]
    const isKnown = ratio !== null && ratio.value > 0 && Number.isFinite(ratio.value)
    const to = isKnown ? from * ratio.value : (medianAt(arm) ?? from)
    const span = isKnown ? { from, to, lower: from * ratio.lower, upper: from * ratio.upper } : null
    from = to
    return {
      name,
      span,
      effect: effectOf(ablation, metric, ratio),
      text: effectText(ablation, metric, ratio),
    }
  })
  const spans = bars.flatMap(({ span }) => span ?? [])
  if (spans.length === 0) return null
  const values = [
    first,
    ...(last === null ? [] : [last]),
    ...spans.flatMap((span) => [span.from, span.to, span.lower, span.upper]),
  ].filter((value) => value > 0 && Number.isFinite(value))
  const figure = (value: number): Figure => ({ value, text: figureText(metric, value) })
  return {
    metric,
    first: figure(first),
    last: last === null ? null : figure(last),
    bars,
    ticks: niceTicks(Math.min(...values), Math.max(...values)),
  }
}

/** A figure of the waterfall with its unit. */
export function figureText(metric: WaterfallMetric, value: number): string {
  return metric === 'p99' ? formatTime(value) : formatQuantity(value, PER_SECOND)
}

/** Where a value lies on the logarithmic axis: 0 at the first tick, 1 at the last; what lies beyond is at the end. */
export function axisShare({ ticks }: Pick<Waterfall, 'ticks'>, value: number): number {
  const [lowest, highest] = [ticks[0] ?? 1, ticks.at(-1) ?? 10]
  const share = Math.log(value / lowest) / Math.log(highest / lowest)
  return Math.min(1, Math.max(0, share))
}

/** A tick's text. */
export function tickText(metric: WaterfallMetric, tick: number): string {
  return metric === 'p99' ? formatRoundTime(tick) : formatRoundQuantity(tick, PER_SECOND)
}
