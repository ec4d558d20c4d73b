import type { ComparisonName, Estimate } from '../results/schema.ts'
import { METRICS } from './metrics.ts'

/** What a ratio beyond 1 and one below it is called. */
export interface FactorWords {
  readonly above: string
  readonly below: string
}

/** Of capacity, throughput and what is spent. */
export const AMOUNT: FactorWords = { above: 'more', below: 'less' }
const LATENCY: FactorWords = { above: 'slower', below: 'faster' }

/** The words of a metric. */
export function wordsOf(metric: ComparisonName): FactorWords {
  return METRICS[metric].unit === 'ns' && metric !== 'cpuPerRequest' ? LATENCY : AMOUNT
}

const MOST_DIGITS = 2

/** How many times, to two digits; between 0.1 and 2 to two decimals, where these matter: `1.13×`, `9.7×`, `310×`, `1,900×`. */
export function formatFactor(factor: number): string {
  if (factor === Infinity) return '∞'
  const rounded = Number(factor.toPrecision(MOST_DIGITS))
  if (rounded >= 10) return `${rounded.toLocaleString('en')}×`
  return `${factor.toFixed(factor >= 1.995 ? 1 : 2)}×`
}

/** A ratio second ÷ first as people say it. */
export interface Factor {
  /** `310×`; `≥3.2×` where requests that were never answered leave a bound alone; `∞` where one arm has no figure at all. */
  readonly times: string
  /** `faster`: what the second is. */
  readonly word: string
  /** In the same direction: `250× to 380×`, `0.69× to 2.8×`; else with both: `4.0× slower to 17× faster`; `1 round` where there is none. */
  readonly interval: string
  /** The same where there is no room for the second direction, which is that of `word`: `4.0× slower to 17×`. */
  readonly shortInterval: string
}

/** A ratio in words: never as a number below 1/2. */
export function inWords(ratio: Estimate, { above, below }: FactorWords): Factor {
  const { value, lower, upper, n } = ratio
  const isBelow = value < 1
  const [word, opposite] = isBelow ? [below, above] : [above, below]
  // All in the direction of the value.
  const [centre, low, high] = isBelow ? [1 / value, 1 / upper, 1 / lower] : [value, lower, upper]
  const times =
    centre === Infinity && low < Infinity ? `≥${formatFactor(low)}` : formatFactor(centre)
  const least = low < 0.5 ? `${formatFactor(1 / low)} ${opposite}` : formatFactor(low)
  const shortInterval = n <= 1 ? '1 round' : `${least} to ${formatFactor(high)}`
  const isMixed = n > 1 && low < 0.5
  return {
    times,
    word,
    interval: isMixed ? `${shortInterval} ${word}` : shortInterval,
    shortInterval,
  }
}
