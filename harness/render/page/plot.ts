import { logAxis, type PlacedTick, roundedPlace } from './axis.ts'
import type { ChartKit, Drawing } from './draw-kit.ts'

/** Colours of the style sheet; those of an arm bring its dashes and its sign. */
type Tone = 'first' | 'second' | 'muted' | 'text'

/** Places are shares of the axes. */
interface PlotPoint {
  readonly x: number
  readonly y: number
  /** What its tooltip says. */
  readonly text: string
  /** Heads a tooltip of a column. @default the axis' name and the tick there */
  readonly heading?: string
  /** @default the curve's */
  readonly tone?: Tone
  /** @default the curve's */
  readonly symbol?: 'circle' | 'diamond' | 'triangle' | 'emptyCircle'
}

/** Points in the order of the horizontal axis, joined or not. */
export interface PlotCurve {
  readonly label: string
  readonly tone: Tone
  /** By a line, dashed for the second arm. @default true */
  readonly isJoined?: boolean
  /** Dotted: between its points nothing was measured. @default false */
  readonly isGuessed?: boolean
  /** @default that of its arm */
  readonly symbol?: 'rect'
  /** A thin line, or one without signs at its points. @default neither */
  readonly look?: 'thin' | 'bare'
  readonly points: readonly PlotPoint[]
}

/**
 * A picture over one axis of values, as data that the page's script draws: what sweep, find and whatever else varies one thing
 * share. Every number in it is formatted.
 */
export interface Plot {
  readonly elementId: string
  /** Below the horizontal axis. */
  readonly name: string
  readonly xTicks: readonly PlacedTick[]
  readonly yTicks: readonly PlacedTick[]
  /** Upright rules at the ticks, too. @default false */
  readonly hasUprights?: boolean
  readonly curves: readonly PlotCurve[]
  /** Filled behind the curves, e.g. between the ends of their intervals. */
  readonly bands: readonly {
    readonly points: readonly (readonly [x: number, low: number, high: number])[]
    readonly tone: Tone
  }[]
  /** From edge to edge: across at `y`, or upright at `x`. */
  readonly lines: readonly ({ readonly tone: Tone } & (
    | { readonly x: number }
    | { readonly y: number }
  ))[]
  /** A tooltip tells of a point, or of all that lie above each other. */
  readonly tips: 'point' | 'column'
}

/** Ends of the horizontal axis that stay free, as a share of it. */
const MARGIN = 0.02

/** Where values lie on the horizontal axis; in the middle when there is only one. */
export function valuePlace(from: number, to: number): (value: number) => number {
  return (value) =>
    roundedPlace(MARGIN + (1 - 2 * MARGIN) * (to > from ? (value - from) / (to - from) : 0.5))
}

/** An estimate at a place of the horizontal axis. */
interface PlotEstimate extends Omit<PlotPoint, 'y'> {
  readonly estimate: { readonly value: number; readonly lower: number; readonly upper: number }
}

/** A curve of estimates; null where there is none. */
export interface EstimateCurve extends Omit<PlotCurve, 'points'> {
  readonly estimates: readonly (PlotEstimate | null)[]
}

/** Curves of estimates with their intervals as bands, over an axis of values. */
interface EstimatePlot extends Omit<Plot, 'curves' | 'bands' | 'yTicks' | 'lines'> {
  readonly curves: readonly EstimateCurve[]
  readonly format: (tick: number) => string
  /** Where a line is drawn from edge to edge. @default nowhere */
  readonly line?: number
}

/** The plot of estimates on a logarithmic axis; null when none of them is positive and finite. */
export function estimatePlot({ curves, format, line, ...rest }: EstimatePlot): Plot | null {
  const bounds = curves.flatMap(({ estimates }) =>
    estimates.flatMap((at) =>
      at === null ? [] : [at.estimate.lower, at.estimate.upper, at.estimate.value],
    ),
  )
  if (!bounds.some((bound) => bound > 0 && Number.isFinite(bound))) return null
  const { ticks, place } = logAxis(line === undefined ? bounds : [...bounds, line], format)
  return {
    ...rest,
    yTicks: ticks,
    curves: curves.map(({ estimates, ...curve }) => ({
      ...curve,
      points: estimates.flatMap((at) => {
        if (at === null) return []
        const { estimate, ...point } = at
        return { ...point, y: place(estimate.value) }
      }),
    })),
    bands: curves.flatMap(({ estimates, tone }) =>
      stretchesOf(estimates).map((stretch) => ({
        points: stretch.map(
          ({ x, estimate: { lower, upper } }) => [x, place(lower), place(upper)] as const,
        ),
        tone,
      })),
    ),
    lines: line === undefined ? [] : [{ y: place(line), tone: 'text' }],
  }
}

/** Runs without gaps, of two or more. */
function stretchesOf(estimates: EstimateCurve['estimates']): readonly PlotEstimate[][] {
  const stretches: PlotEstimate[][] = [[]]
  for (const at of estimates) {
    if (at === null) stretches.push([])
    else stretches.at(-1)!.push(at)
  }
  return stretches.filter((stretch) => stretch.length > 1)
}

/** Runs in the reader's browser, as its own source text: it must use nothing from outside its body but its arguments. */
export function drawPlot(kit: ChartKit, plot: Plot): Drawing {
  const { name, xTicks, yTicks, curves, bands, lines, tips, hasUprights = false } = plot
  const colorOf = (tone: Tone): string => kit.color(`--${tone}`)
  const armOf = (tone: Tone): 0 | 1 | null => (tone === 'first' ? 0 : tone === 'second' ? 1 : null)

  const tip = (seriesIndex: number, dataIndex: number): HTMLElement => {
    const point = curves[seriesIndex]?.points[dataIndex]
    if (tips === 'point') return kit.tooltipBox(point?.text ?? '', [])
    const [, value = ''] = xTicks.find(([place]) => place === point?.x) ?? []
    return kit.tooltipBox(
      point?.heading ?? `${name} ${value}`,
      curves.map(({ label, tone, points }) => ({
        text: `${label}: ${points.find(({ x }) => x === point?.x)?.text ?? '–'}`,
        arm: armOf(tone),
      })),
    )
  }

  const stops = curves
    .flatMap(({ points }, seriesIndex) =>
      points.map(({ x }, dataIndex) => ({ x, seriesIndex, dataIndex })),
    )
    .toSorted((a, b) => a.x - b.x)
    .filter(({ x }, index, all) => tips === 'point' || all[index - 1]?.x !== x)

  return {
    option: {
      grid: kit.plot,
      tooltip: kit.tooltip(tips === 'point' ? 'item' : 'axis', tip),
      xAxis: { ...kit.axis(xTicks, true), ...kit.axisName(name) },
      yAxis: kit.axis(yTicks, false),
      series: [
        ...curves.map(
          ({ label, tone, isJoined = true, isGuessed = false, symbol, look, points }) => {
            const data = points.map((point) => ({
              value: [point.x, point.y],
              ...(point.symbol && { symbol: point.symbol }),
              ...(point.tone && { itemStyle: { color: colorOf(point.tone) } }),
            }))
            const width = look === 'thin' ? 1.5 : 3
            const curve = kit.curve({ label, arm: armOf(tone), width }, data)
            const color = colorOf(tone)
            return {
              ...curve,
              ...(symbol && { symbol }),
              symbolSize: look === 'thin' ? 6 : 8,
              ...(look === 'bare' && { showSymbol: false }),
              lineStyle: { ...curve.lineStyle, color, ...(isGuessed && { type: 'dotted' }) },
              itemStyle: { color, opacity: isJoined ? 1 : 0.65 },
              // Behind a line of the same chart.
              ...(isJoined ? { z: 4 } : { type: 'scatter' as const, z: 3 }),
            }
          },
        ),
        ...(hasUprights ? [kit.rules(xTicks, false)] : []),
        kit.rules(yTicks, true),
        ...lines.map((line) =>
          kit.line({
            segments: 'x' in line ? [[line.x, 0, line.x, 1]] : [[0, line.y, 1, line.y]],
            color: colorOf(line.tone),
            width: 1.5,
            z: 2,
            type: 'x' in line ? [5, 4] : 'solid',
          }),
        ),
      ],
    },
    stops,
    // Many lie upon each other.
    areas: bands.map(({ points, tone }) =>
      kit.band(points, armOf(tone), bands.length > 2 ? 0.14 : 0.2),
    ),
  }
}
