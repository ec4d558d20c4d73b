import { valueText } from '../../base/value-text.ts'
import type { Sweep } from '../../results/sweep.ts'
import type { ChartCurve, SweepChart } from '../sweep-charts.ts'

/** A place on an axis, 0 … 1, with its text. */
type Tick = readonly [place: number, text: string]

/** What the page's script draws; places are shares of the axes, every number is formatted here. */
export interface SweepChartData {
  readonly elementId: string
  /** Below the horizontal axis. */
  readonly name: string
  readonly valueTicks: readonly Tick[]
  readonly figureTicks: readonly Tick[]
  readonly curves: readonly {
    readonly label: string
    readonly arm: 0 | 1 | null
    readonly points: readonly {
      readonly x: number
      readonly y: number
      readonly text: string
      readonly better: 0 | 1 | 2 | null
      readonly isHollow: boolean
    }[]
    /** Closed outlines between the bounds, one per stretch without gaps. */
    readonly bands: readonly (readonly (readonly [x: number, y: number])[])[]
  }[]
  readonly line: number | null
}

/** Ends of the horizontal axis that stay free, as a share of it. */
const MARGIN = 0.02
const DECIMALS = 5
/** More ticks than this would run into each other: then decades only. */
const MOST_TICKS = 9

/** A chart for the page's script. */
export function sweepChartData(
  sweep: Sweep,
  { curves, ticks, line }: SweepChart,
  elementId: string,
): SweepChartData {
  const values = sweep.values.map(({ value }) => value)
  const [from, to] = [values[0] ?? 0, values.at(-1) ?? 1]
  const across = (value: number): number =>
    rounded(MARGIN + (1 - 2 * MARGIN) * (to > from ? (value - from) / (to - from) : 0.5))
  const [lowest, highest] = [ticks[0]?.[0] ?? 1, ticks.at(-1)?.[0] ?? 10]
  const up = (figure: number): number =>
    rounded(
      Math.log(Math.min(highest, Math.max(figure, lowest)) / lowest) / Math.log(highest / lowest),
    )
  return {
    elementId,
    name: sweep.over.name,
    valueTicks: values.map((value) => [across(value), valueText(sweep.over, value)]),
    figureTicks: thinned(ticks).map(([tick, text]) => [up(tick), text]),
    curves: curves.map((curve) => ({
      label: curve.label,
      arm: curve.arm,
      points: curve.points.flatMap((point) =>
        point === null
          ? []
          : [
              {
                x: across(point.value),
                y: up(point.figure),
                text: point.text,
                better: point.better,
                isHollow: point.isTimerBound,
              },
            ],
      ),
      bands: bandsOf(curve, across, up),
    })),
    line: line === null ? null : up(line),
  }
}

/** Along the upper bounds and back along the lower ones. */
function bandsOf(
  { points }: ChartCurve,
  across: (value: number) => number,
  up: (figure: number) => number,
): (readonly [number, number])[][] {
  const stretches: NonNullable<(typeof points)[number]>[][] = [[]]
  for (const point of points) {
    if (point === null) stretches.push([])
    else stretches.at(-1)!.push(point)
  }
  return stretches
    .filter((stretch) => stretch.length > 1)
    .map((stretch) => [
      ...stretch.map(({ value, upper }) => [across(value), up(upper)] as const),
      ...stretch.toReversed().map(({ value, lower }) => [across(value), up(lower)] as const),
    ])
}

/** First and last tick bound the axis and stay. */
function thinned(ticks: SweepChart['ticks']): SweepChart['ticks'] {
  if (ticks.length <= MOST_TICKS) return ticks
  return ticks.filter(
    ([tick], index) =>
      index === 0 || index === ticks.length - 1 || Number.isInteger(Math.log10(tick)),
  )
}

function rounded(share: number): number {
  return Number(share.toFixed(DECIMALS))
}
