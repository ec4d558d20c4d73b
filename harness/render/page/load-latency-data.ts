import type { PairReport } from '../../results/compared-pair.ts'
import { armLabels } from '../arm-labels.ts'
import { formatQuantity, formatRoundTime, PER_SECOND } from '../format.ts'
import { FOLLOWED, type LoadLatencies, loadLatencies } from '../load-latency.ts'
import { METRIC_LABELS } from '../metric-label.ts'
import { logAxis, type PlacedTick, roundedPlace } from './log-axis.ts'

/** What the page's script draws: latency against load, places as shares of the axes. */
export interface LoadLatencyData {
  readonly kind: 'loadLatency'
  readonly elementId: string
  readonly loadTicks: readonly PlacedTick[]
  readonly latencyTicks: readonly PlacedTick[]
  /** Heads the tooltip, by load. */
  readonly titles: readonly string[]
  readonly curves: readonly {
    readonly label: string
    readonly arm: 0 | 1
    readonly isThick: boolean
    /** From the fastest to the slowest pair around the median. */
    readonly points: readonly {
      readonly x: number
      readonly y: number
      readonly low: number
      readonly high: number
      readonly text: string
    }[]
  }[]
}

/** p99.9 is in the table: six curves are too many. */
const DRAWN = FOLLOWED.slice(0, 2)
/** Room at the right end. */
const WIDTH = 0.94
/** A curve needs so many loads. */
const FEWEST_LOADS = 2

/** Null when fewer than two loads were offered at a rate. */
export function loadLatencyData(report: PairReport, elementId: string): LoadLatencyData | null {
  const loads = loadLatencies(report)
  if (loads.length < FEWEST_LOADS) return null
  const drawn = loads.flatMap(({ first, second }) =>
    [first, second].flatMap((arm) => arm.slice(0, DRAWN.length)),
  )
  const axis = logAxis(
    drawn.flatMap(({ lowestNs, highestNs }) => [lowestNs, highestNs]),
    formatRoundTime,
  )
  const highest = loads.at(-1)!.offeredPerSecond
  const across = ({ offeredPerSecond }: LoadLatencies): number =>
    roundedPlace((WIDTH * offeredPerSecond) / highest)
  return {
    kind: 'loadLatency',
    elementId,
    loadTicks: loads.map((at) => [across(at), at.load.label]),
    latencyTicks: axis.ticks,
    titles: loads.map(
      ({ load, offeredPerSecond }) =>
        `${load.label}: ${formatQuantity(offeredPerSecond, PER_SECOND)} offered`,
    ),
    curves: armLabels(report).flatMap((label, arm) =>
      DRAWN.map((name, percentile) => ({
        label: `${label} ${METRIC_LABELS[name]}`,
        arm: arm === 0 ? (0 as const) : (1 as const),
        isThick: name === 'p99',
        points: loads.map((at) => {
          const { ns, lowestNs, highestNs, text } = (arm === 0 ? at.first : at.second)[percentile]!
          return {
            x: across(at),
            y: axis.place(ns),
            low: axis.place(lowestNs),
            high: axis.place(highestNs),
            text,
          }
        }),
      })),
    ),
  }
}

/** The chart in words. */
export function loadLatencyDescription({ titles, curves }: LoadLatencyData): string {
  const texts = curves.map(
    ({ label, points }) => `${label}: ${points.map(({ text }) => text).join(', then ')}`,
  )
  return `Latency against load, at ${titles.join(', then ')}. ${texts.join('. ')}.`
}
