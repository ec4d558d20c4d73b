import type { BreakEven, Report } from '../results/schema.ts'
import { formatEstimate, formatQuantity, formatRoundTime, RATIO } from './format.ts'
import { METRIC_LABELS } from './metric-label.ts'

/**
 * Where theory sees the winner change and on which side of it this run lies, e.g. `Break-even on 2 cores: sharded wins
 * under p99 ≤ 24 µs … measured 0.41× (0.39–0.44): below.`; null when there is none.
 */
export function breakEvenText({ breakEven }: Report): string | null {
  if (breakEven === null) return null
  const { cores, staged, sharded, objective, breakEvenRatio, measuredRatio } = breakEven
  const limit = `${METRIC_LABELS[objective.percentile]} ≤ ${formatRoundTime(objective.ns)}`
  const source =
    objective.source === 'slo' ? 'the objective' : `ten times ${staged}’s CPU per request`
  return [
    `Break-even on ${cores} ${cores === 1 ? 'core' : 'cores'}: ${sharded} wins under ${limit} (${source})`,
    `if it spends less than ${formatQuantity(breakEvenRatio, RATIO)} ${staged}’s CPU per request;`,
    `measured ${formatEstimate(measuredRatio, RATIO)}: ${sideText(breakEven)}.`,
    'This is theory: it assumes Poisson arrivals and exponential service.',
  ].join(' ')
}

/** A range that holds the break-even itself decides nothing. */
function sideText({ breakEvenRatio, measuredRatio }: BreakEven): string {
  if (measuredRatio.upper < breakEvenRatio) return 'below'
  return measuredRatio.lower > breakEvenRatio ? 'above' : 'too close to tell'
}
