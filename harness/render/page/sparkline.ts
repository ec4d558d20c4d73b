import type { PlacedTick } from './axis.ts'
import { html, type Markup } from './document.ts'

/** A small picture of values in the order of time, drawn once and for all. Places are shares of its vertical axis. */
export interface Spark {
  /** Ends of the axis. */
  readonly ends: readonly [PlacedTick, PlacedTick]
  /** Where a dashed line lies from edge to edge. */
  readonly line: PlacedTick
  /** Oldest first, at least one. */
  readonly points: readonly SparkPoint[]
  /** What it shows, for those who do not see it. */
  readonly description: string
}

interface SparkPoint {
  readonly place: number
  /** Ends of its interval; null where there is only one value. */
  readonly interval: readonly [lower: number, upper: number] | null
  readonly sign: 'first' | 'second' | 'open'
  /** What its tooltip says. */
  readonly text: string
}

/** What the pictures' signs are. */
export type SparkSign = SparkPoint['sign'] | 'equal'

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

/**
 * A drawing that needs no script: points all equally far apart, thin bars for intervals. A disc is the first arm's, a square the
 * second's; hollow: nobody's.
 */
export function sparkline({ ends, line, points, description }: Spark): Markup {
  const xOf = (index: number): number => {
    const share = points.length === 1 ? 0.5 : index / (points.length - 1)
    return rounded(LEFT + RADIUS + share * (WIDTH - LEFT - RIGHT - RADIUS))
  }
  const equalY = heightOf(line[0])
  const bars = points.flatMap(({ interval }, index) =>
    interval === null ? [] : [`M${xOf(index)} ${heightOf(interval[1])}V${heightOf(interval[0])}`],
  )
  const joined = points.map(({ place }, index) => `${xOf(index)},${heightOf(place)}`)
  const radius = points.length > MANY_POINTS ? SMALL_RADIUS : RADIUS
  // An end that would touch the line's text is left out.
  const shown = ends.filter(([place]) => Math.abs(heightOf(place) - equalY) >= TEXT_HEIGHT)
  return html`<svg
    class="spark"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${description}"
  >
    ${[...shown, line].map(([place, text]) => html`<text x="${LEFT - 4}" y="${rounded(heightOf(place) + 3.5)}">${text}</text>`)}
    <path class="equal" d="M${LEFT} ${equalY}H${WIDTH - RIGHT + RADIUS}" />
    <path class="bars" d="${bars.join('')}" />
    <polyline class="line" points="${joined.join(' ')}" />
    ${points.map(({ sign, place, text }, index) => signMarkup(sign, xOf(index), heightOf(place), radius, text))}
  </svg>`
}

/** A sign by itself, for a legend. */
export function sparkSign(sign: SparkSign): Markup {
  const shape =
    sign === 'equal' ? html`<path class="equal" d="M0 6H12" />` : signMarkup(sign, 6, 6, 4, null)
  return html`<svg class="spark sign" viewBox="0 0 12 12" aria-hidden="true">${shape}</svg>`
}

function signMarkup(
  sign: SparkPoint['sign'],
  x: number,
  y: number,
  radius: number,
  text: string | null,
): Markup {
  const title = text === null ? null : html`<title>${text}</title>`
  if (sign !== 'second')
    return html`<circle class="${sign}" cx="${x}" cy="${y}" r="${radius}">${title}</circle>`
  const [left, top, side] = [rounded(x - radius), rounded(y - radius), 2 * radius]
  return html`<rect class="second" x="${left}" y="${top}" width="${side}" height="${side}"
    >${title}</rect
  >`
}

function heightOf(place: number): number {
  return rounded(TOP + (1 - place) * (HEIGHT - TOP - BOTTOM))
}

/** A tenth of a unit is enough, and short in the file. */
function rounded(value: number): number {
  return Number(value.toFixed(1))
}
