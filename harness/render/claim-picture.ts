import type { Limit } from '../contract/claim.ts'
import type { ClaimFigure, ClaimResult } from '../results/claims.ts'
import { limitEnds, lies } from '../stats/limits.ts'
import { chosenText, estimateText, limitText } from '../words/claims.ts'
import { logAxis, type PlacedTick, roundedPlace } from './page/axis.ts'
import { drawPlot, type Plot } from './page/plot.ts'
import type { ChartBlock } from './view/view.ts'

/** A horizontal axis. */
interface Axis {
  readonly ticks: readonly PlacedTick[]
  /** 0 … 1; what is outside lies at the end. */
  readonly place: (value: number) => number
}

/** Room above and below the figures, and between them, as shares of the height. */
const MARGIN = 0.15
const MOST_STEPS = 6

/**
 * The intervals of a claim's figures against its limits: the first on top, below it those of the same unit. Null where nothing is
 * known of the first.
 */
export function claimPicture(claim: ClaimResult, elementId: string): ChartBlock | null {
  const [first] = claim.figures
  if (first?.estimate == null) return null
  const shown = claim.figures.filter(
    ({ unit, estimate }) => unit === first.unit && estimate !== null,
  )
  const axis = axisOf(shown, first)
  const { ticks, place } = axis
  const { confirmed, refuted } = first
  const yOf = (row: number) =>
    roundedPlace(1 - MARGIN - (row * (1 - 2 * MARGIN)) / Math.max(1, shown.length - 1))
  const plot: Plot = {
    elementId,
    name: first.unit === '' ? 'figure' : first.unit,
    xTicks: ticks,
    yTicks: shown.map((figure, row) => [yOf(row), String(claim.figures.indexOf(figure) + 1)]),
    curves: shown.map((figure, row) => {
      const { lower, value, upper } = figure.estimate!
      const text = `${figure.name}: ${estimateText(figure)}`
      const y = yOf(row)
      return {
        label: figure.name,
        tone: figure.outcome === 'beside' ? ('muted' as const) : ('text' as const),
        points: [
          { x: place(lower), y, text },
          { x: place(value), y, text, symbol: 'diamond' as const },
          { x: place(upper), y, text },
        ],
      }
    }),
    bands: confirmed === null ? [] : stretchesOn(axis, confirmed),
    lines: [
      ...endsOf(confirmed).map((end) => ({ x: place(end), tone: 'text' as const })),
      ...endsOf(refuted).map((end) => ({ x: place(end), tone: 'muted' as const })),
    ],
    tips: 'point',
  }
  return {
    kind: 'chart',
    legend: [],
    note: [
      `${claim.figures.flatMap(({ name }, index) => (shown.includes(claim.figures[index]!) ? [`${index + 1} ${name}`] : [])).join('; ')}.`,
      `Thin lines are intervals, diamonds estimates. ${limitsText(first)}`,
    ].join(' '),
    description: `${shown.map((figure) => `${figure.name}: ${estimateText(figure)}`).join('; ')}. ${limitsText(first)}`,
    draw: drawPlot,
    data: plot,
  }
}

/** `Grey is confirmed, above 1.1×; refuted is below 1.1×.` */
function limitsText({ confirmed, refuted, unit }: ClaimFigure): string {
  const parts = [
    ...(confirmed === null ? [] : [`confirmed, in grey, is ${limitText(confirmed, unit)}`]),
    ...(refuted === null ? [] : [`refuted is ${limitText(refuted, unit)}`]),
  ]
  const text = `${parts.join('; ')}.`
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function endsOf(limit: Limit | null): readonly number[] {
  return limit === null ? [] : limitEnds(limit)
}

/** Where the first figure's interval is to lie, from edge to edge between the ends of the limit. */
function stretchesOn({ place }: Axis, limit: Limit): Plot['bands'] {
  const ends = [-Infinity, ...limitEnds(limit), Infinity]
  return ends.slice(1).flatMap((upper, index) => {
    const lower = ends[index]!
    if (!lies(limit, { lower, upper })) return []
    const points = [place(lower), place(upper)].map((x) => [x, 0, 1] as const)
    return [{ points, tone: 'muted' as const }]
  })
}

/** Ratios have a logarithmic one; what may be negative, or is a share, an even one. */
function axisOf(figures: readonly ClaimFigure[], first: ClaimFigure): Axis {
  const estimates = figures.map(({ estimate }) => estimate!)
  const bounds = [
    ...estimates.flatMap(({ lower, value, upper }) => [lower, value, upper]),
    ...endsOf(first.confirmed),
    ...endsOf(first.refuted),
  ].filter(Number.isFinite)
  const format = (tick: number) => chosenText(tick, first.unit)
  if (first.unit === '×' && bounds.every((bound) => bound > 0)) {
    const { ticks, place } = logAxis(bounds, format)
    return { ticks, place: (value) => (value === Infinity ? 1 : place(value)) }
  }
  return evenAxis(Math.min(0, ...bounds), Math.max(0, ...bounds), format)
}

/** From the tick at or below `lowest` to the one at or above `highest`. */
function evenAxis(lowest: number, highest: number, format: (tick: number) => string): Axis {
  const span = Math.max(highest - lowest, Number.MIN_VALUE)
  const decade = 10 ** Math.floor(Math.log10(span / 2))
  const step = [1, 2, 5, 10].map((size) => size * decade).find((size) => span / size < MOST_STEPS)!
  const from = Math.floor(lowest / step)
  const to = Math.max(from + 1, Math.ceil(highest / step))
  const place = (value: number) =>
    roundedPlace(Math.min(1, Math.max(0, (value / step - from) / (to - from))))
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  return { ticks: numbers.map((number) => [place(number * step), format(number * step)]), place }
}
