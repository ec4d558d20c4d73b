import type { CurvePoint } from '../../results/percentile-curve.ts'
import type { Load, Report } from '../../results/schema.ts'
import { formatPercentile, formatRoundTime, formatTime } from '../format.ts'
import { loadCurves } from '../load-curves.ts'
import { niceTicks } from '../nice-ticks.ts'

/** A place on an axis with its text: every number is formatted here, the page only draws. */
type Tick = readonly [value: number, text: string]
/** A point of a curve: 1 ÷ (1 − p), latency in nanoseconds, both as text for the tooltip. */
export type NamedPoint = readonly [
  oneIn: number,
  latencyNs: number,
  percentile: string,
  latency: string,
]

/** What the page's script draws for one load. */
export interface ChartData {
  readonly elementId: string
  /** First and second arm. */
  readonly arms: readonly {
    readonly label: string
    readonly merged: readonly NamedPoint[]
    readonly perPair: readonly (readonly (readonly [oneIn: number, latencyNs: number])[])[]
  }[]
  readonly percentileTicks: readonly Tick[]
  readonly latencyTicks: readonly Tick[]
  /** Right end of the percentile axis. */
  readonly oneInEnd: number
}

const PERCENTILE_TICKS = [2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]
/** More 1-2-5 ticks than this would run into each other: then decades only. */
const MOST_TICKS = 9

/** Null when there is nothing to draw. */
export function chartData(report: Report, load: Load, elementId: string): ChartData | null {
  const curves = loadCurves(report, load)
  const points = curves.flatMap((arm) => [arm.merged, ...arm.perPair]).flat()
  if (points.length === 0) return null
  const oneInEnd = Math.max(10, ...points.map((point) => point.oneIn))
  const latencies = points.map((point) => Math.max(1, point.latencyNs))
  const ticks = niceTicks(Math.min(...latencies), Math.max(...latencies))
  return {
    elementId,
    arms: curves.map((arm) => ({
      label: arm.label,
      merged: arm.merged.map(namedPoint),
      perPair: arm.perPair.map((curve) =>
        curve.map(({ oneIn, latencyNs }) => [rounded(oneIn), latencyNs] as const),
      ),
    })),
    percentileTicks: PERCENTILE_TICKS.filter((oneIn) => oneIn <= oneInEnd).map((oneIn) => [
      oneIn,
      formatPercentile(oneIn),
    ]),
    latencyTicks: thinned(ticks).map((ns) => [ns, formatRoundTime(ns)]),
    oneInEnd,
  }
}

/** The chart in one sentence, for those who do not see it. */
export function chartDescription(load: Load, data: ChartData): string {
  const arms = data.arms.map(({ label, merged }) => {
    const marks = ['50%', '99%', '99.9%'].flatMap((mark) => {
      const point = merged.find(([, , percentile]) => percentile === mark)
      return point === undefined ? [] : [`${mark} of requests within ${point[3]}`]
    })
    return `${label}: ${marks.join(', ')}`
  })
  return `Percentile curves of latency at load ${load.label}. ${arms.join('. ')}.`
}

function namedPoint({ oneIn, latencyNs }: CurvePoint): NamedPoint {
  return [rounded(oneIn), latencyNs, formatPercentile(oneIn), formatTime(latencyNs)]
}

/** First and last tick bound the axis and stay. */
function thinned(ticks: readonly number[]): readonly number[] {
  if (ticks.length <= MOST_TICKS) return ticks
  return ticks.filter(
    (tick, index) =>
      index === 0 || index === ticks.length - 1 || Number.isInteger(Math.log10(tick)),
  )
}

function rounded(oneIn: number): number {
  return Number(oneIn.toPrecision(6))
}
