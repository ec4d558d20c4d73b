import type { Interval } from '../stats/signed-rank.ts'
import { formatEstimate, formatQuantity, NOT_AVAILABLE, RATIO } from './format.ts'

/**
 * A ratio new ÷ old with its interval: `1.21× (1.14–1.28)`; open at an end where requests were left
 * unanswered; `1.21× (no interval)` when there are too few trials for any; `–` without one.
 */
export function ratioText(ratio: Interval | null): string {
  if (ratio === null) return NOT_AVAILABLE
  const { value, lower, upper, level } = ratio
  if (level === 0) return `${formatQuantity(value, RATIO)} (no interval)`
  // More than one trial on either side: the level says so.
  return formatEstimate({ value, lower, upper, level, n: 2, unit: '×' }, RATIO)
}
