import type { CurvePoint } from '../../results/percentile-curve.ts'
import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { formatPercentile, formatRoundTime, formatTime } from '../format.ts'
import { loadCurves } from '../load-curves.ts'
import { niceTicks } from '../nice-ticks.ts'
import { thinnedTicks } from './log-axis.ts'

/** A value on an axis with its text: every number is formatted here, the page only draws. */
type Tick = readonly [value: number, text: string]
/** A point of a curve: 1 ÷ (1 − p), latency in nanoseconds, both as text for the tooltip. */
type NamedPoint = readonly [oneIn: number, latencyNs: number, percentile: string, latency: string]

/** The fastest and the slowest pair at a place of the curve; `text` for the tooltip. */
type BandPoint = readonly [oneIn: number, lowestNs: number, highestNs: number, text: string]

/** What the page's script draws for one load. */
export interface ChartData {
  readonly kind: 'percentiles'
  readonly elementId: string
  /** First and second arm. */
  readonly arms: readonly {
    readonly label: string
    readonly merged: readonly NamedPoint[]
    /** As far as every pair has requests; empty when there is but one pair. */
    readonly band: readonly BandPoint[]
  }[]
  readonly percentileTicks: readonly Tick[]
  readonly latencyTicks: readonly Tick[]
  /** Right end of the percentile axis. */
  readonly oneInEnd: number
}

const PERCENTILE_TICKS = [2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]

/** Null when there is nothing to draw. */
export function chartData(report: PairReport, load: PairLoad, elementId: string): ChartData | null {
  const curves = loadCurves(report, load)
  const points = curves.flatMap((arm) => [arm.merged, ...arm.perPair]).flat()
  if (points.length === 0) return null
  const oneInEnd = Math.max(10, ...points.map((point) => point.oneIn))
  const latencies = points.map((point) => Math.max(1, point.latencyNs))
  const ticks = niceTicks(Math.min(...latencies), Math.max(...latencies))
  return {
    kind: 'percentiles',
    elementId,
    arms: curves.map((arm) => ({
      label: arm.label,
      merged: arm.merged.map(namedPoint),
      band: bandOf(arm.perPair),
    })),
    percentileTicks: PERCENTILE_TICKS.filter((oneIn) => oneIn <= oneInEnd).map((oneIn) => [
      oneIn,
      formatPercentile(oneIn),
    ]),
    latencyTicks: thinnedTicks(ticks).map((ns) => [ns, formatRoundTime(ns)]),
    oneInEnd,
  }
}

/** The chart in one sentence, for those who do not see it. */
export function chartDescription(load: PairLoad, data: ChartData): string {
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

/** Curves of equal trials share their grid, but for their ends. */
function bandOf(perPair: readonly (readonly CurvePoint[])[]): readonly BandPoint[] {
  const [first, ...others] = perPair
  if (first === undefined || others.length === 0) return []
  const curves = others.map(
    (curve) => new Map(curve.map((point) => [point.oneIn, point.latencyNs])),
  )
  return first.flatMap(({ oneIn, latencyNs }) => {
    const rest = curves.map((curve) => curve.get(oneIn)).filter((ns) => ns !== undefined)
    if (rest.length < others.length) return []
    const [lowest, highest] = [Math.min(latencyNs, ...rest), Math.max(latencyNs, ...rest)]
    return [[rounded(oneIn), lowest, highest, `${formatTime(lowest)} – ${formatTime(highest)}`]]
  })
}

function rounded(oneIn: number): number {
  return Number(oneIn.toPrecision(6))
}
