import { NS_PER_MS, NS_PER_US } from '../base/units.ts'
import type { FigureUnit, Limit } from '../contract/claim.ts'
import type { ClaimFigure, ClaimOutcome } from '../results/claims.ts'
import {
  COUNT,
  formatEstimate,
  formatRoundQuantity,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
  type Scales,
  TIME,
} from './format.ts'

/** How a claim's outcome is called. */
export const OUTCOME_WORDS: Readonly<Record<ClaimOutcome, string>> = {
  confirmed: 'confirmed',
  refuted: 'refuted',
  between: 'between',
  undecided: 'undecided',
  'not-testable': 'not testable here',
  pending: 'not measured',
}

const PERCENT: Scales = [{ symbol: ' %', size: 1 }]

/** How a unit's values are written, and how many of the smallest of its scales one is. */
const UNITS: Readonly<Record<FigureUnit, readonly [scales: Scales, factor: number]>> = {
  '×': [RATIO, 1],
  '%': [PERCENT, 1],
  '': [COUNT, 1],
  ns: [TIME, 1],
  µs: [TIME, NS_PER_US],
  ms: [TIME, NS_PER_MS],
  '/s': [PER_SECOND, 1],
}

/** A value that somebody chose: `1.1×`, `−5 %`. */
export function chosenText(value: number, unit: FigureUnit): string {
  const [scales, factor] = UNITS[unit]
  const text = formatRoundQuantity(Math.abs(value) * factor, scales)
  return value < 0 ? `−${text}` : text
}

/** With its interval: `1.62× (1.48–1.79)`. */
export function estimateText({ estimate, unit }: Pick<ClaimFigure, 'estimate' | 'unit'>): string {
  if (estimate === null) return NOT_AVAILABLE
  const [scales, factor] = UNITS[unit]
  const [value, lower, upper] = [estimate.value, estimate.lower, estimate.upper].map(
    (end) => end * factor,
  )
  return formatEstimate({ ...estimate, value: value!, lower: lower!, upper: upper! }, scales)
}

/** What a limit wants: `above 1.1×`, `within −5 % to 5 %`, `exactly 0`. */
export function limitText(limit: Limit, unit: FigureUnit): string {
  if ('above' in limit) return `above ${chosenText(limit.above, unit)}`
  if ('below' in limit) return `below ${chosenText(limit.below, unit)}`
  const isWithin = 'within' in limit
  const [from, to] = isWithin ? limit.within : limit.outside
  if (from === to) return `${isWithin ? 'exactly' : 'on one side of'} ${chosenText(from, unit)}`
  return `${isWithin ? 'within' : 'outside'} ${chosenText(from, unit)} to ${chosenText(to, unit)}`
}
