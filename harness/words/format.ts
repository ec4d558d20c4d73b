import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import type { Estimate, Latency } from '../results/schema.ts'

// Errors of rooms below this one write counts, too.
export { formatWhole } from '../base/text.ts'

/** Stands for a value that was not measured or is not available on that machine. */
export const NOT_AVAILABLE = '–'

/** A unit's symbol as printed behind the digits, and how many base units it holds. */
interface Scale {
  readonly symbol: string
  readonly size: number
}
/** Largest first; the last one also serves everything smaller. */
export type Scales = readonly [Scale, ...Scale[]]

/** Nanoseconds: `812 ns`, `1.23 µs`, `45.6 ms`, `1.20 s`. */
export const TIME: Scales = [
  { symbol: ' s', size: NS_PER_SECOND },
  { symbol: ' ms', size: NS_PER_MS },
  { symbol: ' µs', size: NS_PER_US },
  { symbol: ' ns', size: 1 },
]
/** Plain counts: `1.23M`, `212k`, `87.0`. */
export const COUNT: Scales = [
  { symbol: 'G', size: 1e9 },
  { symbol: 'M', size: 1e6 },
  { symbol: 'k', size: 1e3 },
  { symbol: '', size: 1 },
]
/** Per second: `212k/s`. */
export const PER_SECOND: Scales = [
  { symbol: 'G/s', size: 1e9 },
  { symbol: 'M/s', size: 1e6 },
  { symbol: 'k/s', size: 1e3 },
  { symbol: '/s', size: 1 },
]
/** Bytes: `1.50 MiB`. */
export const BYTES: Scales = [
  { symbol: ' GiB', size: 2 ** 30 },
  { symbol: ' MiB', size: 2 ** 20 },
  { symbol: ' KiB', size: 2 ** 10 },
  { symbol: ' B', size: 1 },
]
/** Second ÷ first: `0.31×`. */
export const RATIO: Scales = [{ symbol: '×', size: 1 }]

/** A quantity in engineering style: three significant digits, two below one; whole numbers below 1,000 as they are. */
export function formatQuantity(value: number, scales: Scales): string {
  const scale = scaleFor(value, scales)
  const scaled = value / scale.size
  const isWhole = scale.size === 1 && scales !== RATIO && Number.isInteger(value)
  return formatDecimals(scaled, isWhole ? 0 : decimalsFor(scaled)) + scale.symbol
}

/** A duration or a latency in nanoseconds. */
export function formatTime(ns: number): string {
  return formatQuantity(ns, TIME)
}

/** A time without the zeros of a measured one: `1 ms`, `1.5 ms`, `200 µs`. */
export function formatRoundTime(ns: number): string {
  return formatRoundQuantity(ns, TIME)
}

/** A time that a user gave, with all of the digits: `1.2345 ms`. */
export function formatChosenTime(ns: number): string {
  const { symbol, size } = scaleFor(ns, TIME)
  return `${Number((ns / size).toPrecision(6))}${symbol}`
}

/** Any quantity that somebody chose, e.g. a tick: `500k/s`, `2M/s`. */
export function formatRoundQuantity(value: number, scales: Scales): string {
  return formatQuantity(value, scales).replace(/(?:\.0+|(\.\d*?[1-9])0+)(?=\D*$)/, '$1')
}

/**
 * A percentile: `12.3 ms`, or `> 12.3 ms` when it falls on a request that was never answered; `unanswered` when all of these were
 * refused, so that nothing bounds it.
 */
export function formatLatency(latency: Latency): string {
  return boundText(latency.ns, latency.atLeast, formatTime(latency.ns))
}

/** The text of a figure, marked where the figure is no more than a lower bound: `> 12.3 ms`. @param text of its value, with its interval or without */
export function boundText(value: number, isBound: boolean, text: string): string {
  if (!isBound) return text
  return value > 0 ? `> ${text}` : 'unanswered'
}

/**
 * A number with its uncertainty, all in the unit of the value: `0.31× (0.26–0.38)`; `0.31× (range 0.26–0.38)` when
 * the bounds are the smallest and largest of n values; `0.31× (n = 1)` when there is only one. Where requests left unanswered leave
 * an end of a ratio open: `0.31× (0.26–∞)`, or only `≥ 0.26×`, `≤ 0.38×`, `∞× (unanswered)`.
 */
export function formatEstimate(estimate: Estimate, scales: Scales): string {
  const { value, lower, upper, n } = estimate
  if (value === Infinity)
    return lower === Infinity ? '∞× (unanswered)' : `≥ ${formatQuantity(lower, scales)}`
  if (value === 0 && scales === RATIO)
    return upper === 0 ? '0× (unanswered)' : `≤ ${formatQuantity(upper, RATIO)}`
  const text = formatQuantity(value, scales)
  return n <= 1 ? `${text} (n = ${n})` : `${text} (${formatBounds(estimate, scales)})`
}

/** Both ends of an interval with the digits of its value and without their unit: `0.26–0.38`, `range 0.26–0.38`. */
export function formatBounds(
  { value, lower, upper, level }: Omit<Estimate, 'n' | 'unit'>,
  scales: Scales,
): string {
  const scale = scaleFor(value, scales)
  const decimals = decimalsFor(value / scale.size)
  const [low, high] = [lower, upper].map((bound) => formatDecimals(bound / scale.size, decimals))
  const interval = lower < 0 ? `${low} to ${high}` : `${low}–${high}`
  return level === null ? `range ${interval}` : interval
}

/** `96.9%`: the confidence of an interval, or any other share of one. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`
}

/**
 * A share inside a sentence: `3.1 %`.
 * @param decimals so many; @default as many as it has, six at most, for one that somebody chose
 */
export function formatPercent(share: number, decimals?: number): string {
  const percent = share * 100
  return `${decimals === undefined ? Number(percent.toFixed(6)) : formatDecimals(percent, decimals)} %`
}

/** A length of time in seconds, whole or with so many decimals: `42 s`, `41.7 s`. */
export function formatSeconds(seconds: number, decimals = 0): string {
  return `${formatDecimals(seconds, decimals)} s`
}

/** How long people have to wait: `42 s`, from two minutes on `2 min`. */
export function formatSpan(seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`
}

/** `1 pair`, `8 pairs`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `+1.2 %`: a difference from what was expected; its sign is always there. */
export function formatDifference(share: number): string {
  const text = formatDecimals(share * 100, 1)
  return `${text.startsWith('−') || Number(text) === 0 ? '' : '+'}${text} %`
}

/** A bound of a ratio, without sign of a unit: `1.12`. */
export function formatThreshold(ratio: number): string {
  return formatDecimals(ratio, 2)
}

/** The share of requests that were faster, from 1 ÷ (1 − p): 1,000 → `99.9%`. */
export function formatPercentile(oneIn: number): string {
  // One digit more than the nines need keeps 1 in 90 (98.9%) apart from 1 in 100 (99%).
  const decimals = Math.max(0, Math.ceil(Math.log10(oneIn) - 1e-9) - 1)
  return `${Number((100 - 100 / oneIn).toFixed(decimals))}%`
}

function scaleFor(value: number, scales: Scales): Scale {
  // 999.6 µs must become 1.00 ms, not 1000 µs.
  const rounded = Math.abs(Number(value.toPrecision(3)))
  return scales.find((scale) => rounded >= scale.size) ?? (scales.at(-1) as Scale)
}

/** Decimals that leave three significant digits from one on, two below. */
function decimalsFor(scaled: number): number {
  const magnitude = Math.abs(Number(scaled.toPrecision(3)))
  if (magnitude === 0 || magnitude >= 100) return 0
  if (magnitude >= 10) return 1
  return magnitude >= 0.1 ? 2 : 1 - Math.floor(Math.log10(magnitude))
}

/** With so many decimals: `2.00`. */
export function formatDecimals(value: number, decimals: number): string {
  if (value === Infinity) return '∞'
  const text = value.toFixed(decimals)
  // The hyphen is also the sign of a range: a true minus cannot be taken for one.
  return text.startsWith('-') ? (Number(text) === 0 ? text.slice(1) : `−${text.slice(1)}`) : text
}

/** Units that are written right behind the digits; words are left to the heading. */
const SIGNS = ['%', '/s']

/**
 * A value of a parameter as people write it: `0.8`, `50%`, `2,000/s`.
 * @param decimals so many, also when they are zeros; @default as many as there are, six significant digits at most
 */
export function valueText(
  { unit }: { readonly unit: string },
  value: number,
  decimals?: number,
): string {
  const digits = value.toLocaleString(
    'en',
    decimals === undefined
      ? { maximumSignificantDigits: 6 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals },
  )
  return SIGNS.includes(unit) ? digits + unit : digits
}

/** A number in a figure's text, with the unit of time or share behind it. */
const QUANTITY = /[-−]?\d[\d,]*(?:\.\d+)?(?: ?(?:ns|µs|ms|s|%)(?![\p{L}\p{N}]))?/gu

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
  return (
    Number.parseFloat(quantity.replaceAll(',', '').replace('−', '-')) *
    (WORTH[unitOf(quantity)] ?? 1)
  )
}

function unitOf(quantity: string): string {
  return /[^\d.,\s−-]+$/u.exec(quantity)?.[0] ?? ''
}

const HASH_DIGITS = 10

/** Version of crossover with its commit: `0.1.0 (commit 3270d8b1f2, files changed)`. */
export function formatVersion({
  crossover,
  commit = null,
}: {
  readonly crossover: string
  readonly commit?: { readonly hash: string; readonly dirty: boolean } | null
}): string {
  if (commit === null) return crossover
  const changed = commit.dirty ? ', files changed' : ''
  return `${crossover} (commit ${commit.hash.slice(0, HASH_DIGITS)}${changed})`
}

/** The first digits of a file's SHA-256. */
export function formatHash(sha256: string): string {
  return `${sha256.slice(0, HASH_DIGITS)}…`
}
