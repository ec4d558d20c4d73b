import { valueText } from '../base/value-text.ts'
import type { CrossingSearch, CrossingValue, MedianRatio } from '../results/crossing.ts'
import { formatQuantity, formatShare, NOT_AVAILABLE, RATIO } from './format.ts'
import { labelsOf } from './sweep-sentence.ts'
import { parameterHeading } from './sweep-table.ts'

const INFINITE = '∞'

/** A row per value, formatted. */
export interface CrossingTable {
  readonly headings: readonly [value: string, pairs: string, ratio: string, fit: string]
  readonly rows: readonly (readonly [string, string, string, string])[]
}

/** Pairs, their median ratio and the fit, at every value that was measured. */
export function crossingTable(search: CrossingSearch): CrossingTable {
  const [first, second] = labelsOf(search)
  return {
    headings: [parameterHeading(search), 'pairs', `${second} ÷ ${first}`, 'fit'],
    rows: search.values.map((value) => [
      valueText(search.over, value.value),
      String(value.ratio?.n ?? 0),
      ratioText(value),
      fitText(value),
    ]),
  }
}

/** What the table's intervals and marks are. */
export function crossingTableNote({ run, crossing, values }: CrossingSearch): string {
  const bound = values.some(({ timerBound }) => timerBound !== null)
    ? ' ×t marks a timer-bound value, which is left out of the fit: the waits that stages declare are late there by more than a quarter of what they ask for, so timers are compared.'
    : ''
  const saturated = values.some((value) => value.saturated.length > 0)
    ? ' A saturated arm answered less than 99 % of the requests due in most trials: alone it counts as slower than everything, with both the value is left out of the fit.'
    : ''
  const resamples = crossing === null ? '' : `${crossing.resamples.toLocaleString('en')} `
  return `Ratios are medians over pairs with exact intervals of ${formatShare(run.level)} at least, or their range where pairs are too few. The fit is monotone over the values, each weighted by its pairs; the interval of the crossing comes from ${resamples}resamples of the pairs at each value.${bound}${saturated}`
}

/** `1.21× (1.08–1.34)`, `1.21× (range 1.08–1.34)`, `∞`. */
export function medianRatioText({ value, lower, upper, level, n }: MedianRatio): string {
  const text = value === null ? INFINITE : formatQuantity(value, RATIO)
  if (n === 1 || lower === null) return `${text} (n = ${n})`
  const [low, high] = [lower, upper].map((bound) =>
    bound === null ? INFINITE : formatQuantity(bound, RATIO).replace('×', ''),
  )
  return `${text} (${level === null ? 'range ' : ''}${low}–${high})`
}

function ratioText({ ratio, timerBound, saturated }: CrossingValue): string {
  if (saturated.length > 0) return `${saturated.join(', ')} saturated`
  if (ratio === null) return NOT_AVAILABLE
  const text = medianRatioText(ratio)
  return timerBound === null ? text : text.replace('×', '×t')
}

function fitText({ fitted }: CrossingValue): string {
  return fitted === null ? NOT_AVAILABLE : formatQuantity(fitted, RATIO)
}
