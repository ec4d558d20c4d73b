import { formatEstimate, formatQuantity, formatRoundQuantity, RATIO } from '../format.ts'
import { instantText } from '../index-sentence.ts'
import type { RatioPoint, RatioSeries } from '../index-series.ts'
import type { Estimate } from '../../results/schema.ts'
import { type LogAxis, logAxis } from './log-axis.ts'
import { html, type Markup } from './markup.ts'

/** Units of the drawing; it is shown as large as that. */
const WIDTH = 200
const HEIGHT = 60
/** Room for the texts of the axis at the left. */
const LEFT = 34
const RIGHT = 8
const TOP = 8
const BOTTOM = 8
/** Texts nearer to each other than this would touch. */
const TEXT_HEIGHT = 11
const RADIUS = 3
/** Where many points lie close they are smaller. */
const SMALL_RADIUS = 2
const MANY_POINTS = 25

/** A log axis that holds every ratio of the series with its interval, and 1. */
export function ratioAxis(series: readonly RatioSeries[]): LogAxis {
  const bounds = series.flatMap(({ points }) =>
    points.flatMap(({ ratio }) => [ratio.value, ...spanOf(ratio)]),
  )
  return logAxis([1, ...bounds], (tick) => formatRoundQuantity(tick, RATIO))
}

/**
 * A series as a drawing that needs no script: a point per run in the order of time, all equally far apart, thin bars for
 * intervals, a dashed line where both arms are equal. A disc: the first arm wins; a square: the second; hollow: nobody.
 * @param axis of all series that are looked at together. @param description what it shows, for those who do not see it.
 */
export function sparkline({ points }: RatioSeries, axis: LogAxis, description: string): Markup {
  const xOf = (index: number): number => {
    const share = points.length === 1 ? 0.5 : index / (points.length - 1)
    return rounded(LEFT + RADIUS + share * (WIDTH - LEFT - RIGHT - RADIUS))
  }
  const yOf = (ratio: number): number =>
    rounded(TOP + (1 - axis.place(ratio)) * (HEIGHT - TOP - BOTTOM))
  const bars = points.flatMap(({ ratio }, index) => {
    const [lower, upper] = spanOf(ratio)
    return lower === undefined || upper === undefined
      ? []
      : [`M${xOf(index)} ${yOf(upper)}V${yOf(lower)}`]
  })
  const line = points.map(({ ratio }, index) => `${xOf(index)},${yOf(ratio.value)}`)
  return html`<svg
    class="spark"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${description}"
  >
    ${ticks(axis, yOf(1))}
    <path class="equal" d="M${LEFT} ${yOf(1)}H${WIDTH - RIGHT + RADIUS}" />
    <path class="bars" d="${bars.join('')}" />
    <polyline class="line" points="${line.join(' ')}" />
    ${points.map((point, index) => pointMarkup(point, xOf(index), yOf(point.ratio.value), points.length))}
  </svg>`
}

/** `0.31× (0.26–0.38)`, with `not confirmed` where no trial confirmed it. */
export function ratioText(ratio: Estimate | null): string {
  if (ratio === null) return 'no ratio'
  return ratio.n === 0
    ? `${formatQuantity(ratio.value, RATIO)} (not confirmed)`
    : formatEstimate(ratio, RATIO)
}

/** Ends of the interval; none where there is only one value. */
function spanOf({ n, lower, upper }: Estimate): readonly number[] {
  return n > 1 ? [lower, upper] : []
}

/** Both ends of the axis and 1; an end that would touch it is left out. */
function ticks(axis: LogAxis, equalY: number): readonly Markup[] {
  const height = HEIGHT - TOP - BOTTOM
  const ends = [axis.ticks[0]!, axis.ticks.at(-1)!].map(([place, text]) => ({
    y: rounded(TOP + (1 - place) * height),
    text,
  }))
  const shown = ends.filter(({ y }) => Math.abs(y - equalY) >= TEXT_HEIGHT)
  return [...shown, { y: equalY, text: '1×' }].map(
    ({ y, text }) => html`<text x="${LEFT - 4}" y="${rounded(y + 3.5)}">${text}</text>`,
  )
}

function pointMarkup(
  { startedAt, ratio, winner }: RatioPoint,
  x: number,
  y: number,
  count: number,
): Markup {
  const radius = count > MANY_POINTS ? SMALL_RADIUS : RADIUS
  const title = html`<title>${instantText(startedAt)}: ${ratioText(ratio)}</title>`
  if (winner === 1) {
    const [left, top] = [rounded(x - radius), rounded(y - radius)]
    return html`<rect
      class="second"
      x="${left}"
      y="${top}"
      width="${2 * radius}"
      height="${2 * radius}"
      >${title}</rect
    >`
  }
  return html`<circle class="${winner === 0 ? 'first' : 'open'}" cx="${x}" cy="${y}" r="${radius}"
    >${title}</circle
  >`
}

/** A tenth of a unit is enough, and short in the file. */
function rounded(value: number): number {
  return Number(value.toFixed(1))
}
