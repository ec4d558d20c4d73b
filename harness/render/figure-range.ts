import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'

/** A number in a figure's text, with the unit of time or share behind it. */
const QUANTITY = /-?\d[\d,]*(?:\.\d+)?(?: ?(?:ns|µs|ms|s|%)(?![\p{L}\p{N}]))?/gu

/** What a unit is worth; a share and a bare number count as they are. */
const WORTH: Readonly<Record<string, number>> = {
  ns: 1,
  µs: NS_PER_US,
  ms: NS_PER_MS,
  s: NS_PER_SECOND,
}

/**
 * Figures of the same wording as one, each of its numbers as a range: of `7 % of 2 cores` and `9 % of 2 cores` it is
 * `7–9 % of 2 cores`. Where the wordings differ it is the first one, and how many others there are.
 */
export function figureRange(figures: readonly string[]): string {
  const wordings = new Set(figures.map((figure) => figure.replace(QUANTITY, '')))
  if (wordings.size > 1) return `${figures[0]}; and ${new Set(figures).size - 1} more`
  const rows = figures.map((figure) => figure.match(QUANTITY) ?? [])
  let place = 0
  return figures[0]!.replace(QUANTITY, () => {
    const column = rows.map((row) => row[place]!).toSorted((a, b) => worthOf(a) - worthOf(b))
    place++
    return rangeText(column[0]!, column.at(-1)!)
  })
}

function rangeText(least: string, most: string): string {
  if (worthOf(least) === worthOf(most)) return least
  const unit = unitOf(least)
  const low = unit === unitOf(most) ? least.slice(0, least.length - unit.length).trimEnd() : least
  return `${low}–${most}`
}

function worthOf(quantity: string): number {
  return Number.parseFloat(quantity.replaceAll(',', '')) * (WORTH[unitOf(quantity)] ?? 1)
}

function unitOf(quantity: string): string {
  return /[^\d.,\s-]+$/u.exec(quantity)?.[0] ?? ''
}
