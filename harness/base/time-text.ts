import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from './units.ts'

const SCALES = [
  [NS_PER_SECOND, 's'],
  [NS_PER_MS, 'ms'],
  [NS_PER_US, 'µs'],
] as const

/** A time inside a sentence that is stored as text, with three significant digits: `812 ns`, `1.25 ms`, `250 ms`. */
export function timeText(ns: number): string {
  const [size, symbol] = SCALES.find(([scale]) => Math.abs(ns) >= scale) ?? [1, 'ns']
  return `${Number((ns / size).toPrecision(3))} ${symbol}`
}
