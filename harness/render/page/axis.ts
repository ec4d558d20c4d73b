import { html, type Markup } from './document.ts'

const STEPS = [1, 2, 5]

/** The values 1, 2, 5 × 10ᵏ from the last one at or below `lowest` to the first one at or above `highest`; both > 0. */
export function niceTicks(lowest: number, highest: number): readonly number[] {
  const ticks: number[] = []
  for (let exponent = Math.floor(Math.log10(lowest)); ; exponent++) {
    for (const step of STEPS) {
      const tick = Number(`${step}e${exponent}`)
      if (tick <= lowest) ticks.length = 0
      ticks.push(tick)
      if (tick >= highest && ticks.length > 1) return ticks
    }
  }
}

/** Of a linear axis: 0 and two to four more, in steps of 1, 2 or 5 × 10ᵏ, none above `highest` > 0. */
export function evenTicks(highest: number): readonly number[] {
  const decade = 10 ** Math.floor(Math.log10(highest / 2))
  const step = [1, 2, 5, 10].map((size) => size * decade).find((size) => highest / size < 5)!
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step)
}

/** A place on an axis, 0 … 1, with its text: every number is formatted here, the page only draws. */
export type PlacedTick = readonly [place: number, text: string]

/** A logarithmic axis as the page draws it. */
export interface LogAxis {
  readonly ticks: readonly PlacedTick[]
  /** Where a value lies, 0 … 1; what is outside lies at the end. */
  readonly place: (value: number) => number
}

/** More 1-2-5 ticks than this would run into each other: then decades only. */
const MOST_TICKS = 9
const DECIMALS = 5

/** A logarithmic axis from the 1-2-5 tick below all values to the one above; values that are not positive and finite are left out. */
export function logAxis(values: readonly number[], format: (tick: number) => string): LogAxis {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value))
  const ticks = niceTicks(Math.min(1e12, ...positive), Math.max(1e-9, ...positive))
  return logAxisBetween(ticks[0]!, ticks.at(-1)!, thinnedTicks(ticks), format)
}

/** The same with ends and ticks of the caller's choice. */
export function logAxisBetween(
  lowest: number,
  highest: number,
  ticks: readonly number[],
  format: (tick: number) => string,
): LogAxis {
  const span = Math.log(highest / lowest)
  const place = (value: number): number =>
    roundedPlace(Math.min(1, Math.max(0, Math.log(Math.max(value, lowest) / lowest) / span)))
  return { ticks: ticks.map((tick) => [place(tick), format(tick)] as const), place }
}

/** Decades only where there are more than `most`; first and last tick bound the axis and stay. */
export function thinnedTicks(ticks: readonly number[], most = MOST_TICKS): readonly number[] {
  if (ticks.length <= most) return ticks
  return ticks.filter(
    (tick, index) =>
      index === 0 || index === ticks.length - 1 || Number.isInteger(Math.log10(tick)),
  )
}

/** A thousandth of a pixel is enough, and short in the file. */
export function roundedPlace(place: number): number {
  return Number(place.toFixed(DECIMALS))
}

/** A chart's element for the page's script, with the same in words for those who do not see it. */
export function chartElement(elementId: string, description: string): Markup {
  return html`<div
    class="chart"
    id="${elementId}"
    role="img"
    aria-label="${description}"
    tabindex="0"
  ></div>`
}
