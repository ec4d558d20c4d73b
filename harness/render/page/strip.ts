import type { PlacedTick } from './axis.ts'
import { html, type Markup } from './document.ts'

/** Ratios with their intervals, below each other on one axis that all strips of a page share. Places are shares of it. */
export interface Strip {
  readonly ticks: readonly PlacedTick[]
  /** Where both are equal. */
  readonly equal: number
  /** Inside it nobody wins. */
  readonly zone: readonly [from: number, to: number]
  /** From top to bottom. */
  readonly marks: readonly StripMark[]
  /** What it shows, for those who do not see it. */
  readonly description: string
}

interface StripMark {
  readonly span: readonly [place: number, from: number, to: number]
  /** Whose it is; open is nobody's. */
  readonly sign: 'first' | 'second' | 'open'
  /** What its tooltip says. */
  readonly text: string
}

/** Units of the drawing. */
const WIDTH = 300
/** Half of the text below the last tick. */
const SIDE = 22
const LANE = 13
const TOP = 8
const RADIUS = 4
/** Ticks nearer to each other than this have texts that would touch. */
const TEXT_WIDTH = 34

/** A drawing that needs no script. A disc is the first arm's, a square the second's; hollow: nobody's. */
export function stripMarkup({ ticks, equal, zone, marks, description }: Strip): Markup {
  const xOf = (place: number): number => Number((SIDE + place * (WIDTH - 2 * SIDE)).toFixed(1))
  const bottom = TOP + marks.length * LANE - 4
  const texts = ticks.filter(
    ([place]) => place === equal || Math.abs(xOf(place) - xOf(equal)) >= TEXT_WIDTH,
  )
  const [from, to] = zone.map(xOf) as [number, number]
  return html`<svg
    class="strip"
    viewBox="0 0 ${WIDTH} ${bottom + 14}"
    role="img"
    aria-label="${description}"
  >
    <rect
      class="zone"
      x="${from}"
      y="0"
      width="${Number((to - from).toFixed(1))}"
      height="${bottom}"
    />
    <path class="ticks" d="${ticks.map(([place]) => `M${xOf(place)} 0V${bottom}`).join('')}" />
    <path class="equal" d="M${xOf(equal)} 0V${bottom}" />
    ${texts.map(([place, text]) => html`<text x="${xOf(place)}" y="${bottom + 11}">${text}</text>`)}
    ${marks.map((mark, lane) => markMarkup(mark, TOP + lane * LANE, xOf))}
  </svg>`
}

function markMarkup(
  { span, sign, text }: StripMark,
  y: number,
  xOf: (place: number) => number,
): Markup {
  const [x, from, to] = span.map(xOf) as [number, number, number]
  const shape =
    sign === 'second'
      ? html`<rect
          x="${x - RADIUS}"
          y="${y - RADIUS}"
          width="${2 * RADIUS}"
          height="${2 * RADIUS}"
        />`
      : html`<circle cx="${x}" cy="${y}" r="${RADIUS}" />`
  return html`<g class="${sign}"><title>${text}</title><path d="M${from} ${y}H${to}" />${shape}</g>`
}
