import type { BreakEven, Report } from '../results/schema.ts'
import { formatEstimate, formatQuantity, formatRoundTime, formatTime, RATIO } from './format.ts'
import { METRIC_LABELS } from './metric-label.ts'

/**
 * Where theory sees the winner change and on which side of it this run lies, e.g. `Break-even on 2 cores: sharded wins
 * under p99 ≤ 24 µs … measured 354 ns (0.76×, range 0.60–0.81): below.`; null when there is none.
 */
export function breakEvenText({
  breakEven,
  capacity,
}: Pick<Report, 'breakEven' | 'capacity'>): string | null {
  if (breakEven === null) return null
  const { cores, staged, sharded, objective } = breakEven
  const limit = `${METRIC_LABELS[objective.percentile]} ≤ ${formatRoundTime(objective.ns)}`
  const source =
    objective.source === 'slo' ? 'the objective' : `ten times ${staged}’s CPU per request`
  return [
    `Break-even on ${cores} ${cores === 1 ? 'core' : 'cores'}: ${sharded} wins under ${limit} (${source})`,
    `if it spends less than ${costText(breakEven, capacity)}: ${sideText(breakEven)}.`,
    'This is theory: it assumes Poisson arrivals and exponential service.',
  ].join(' ')
}

/** In time units, and as shares of what staged spends; only the latter when the times are missing. */
function costText(
  { staged, sharded, breakEvenRatio, measuredRatio }: BreakEven,
  capacity: Report['capacity'],
): string {
  const share = formatQuantity(breakEvenRatio, RATIO)
  const measured = formatEstimate(measuredRatio, RATIO)
  const stagedNs = capacity?.cpuPerRequestNs[staged]?.value
  const shardedNs = capacity?.cpuPerRequestNs[sharded]?.value
  if (stagedNs === undefined || shardedNs === undefined)
    return `${share} ${staged}’s CPU per request; measured ${measured}`
  const limit = `${formatTime(breakEvenRatio * stagedNs)} (${share} ${staged}’s ${formatTime(stagedNs)})`
  // One pair of brackets around both, in place of the estimate's own.
  const inner = measured.replace(' (', ', ')
  return `${limit} of CPU per request; measured ${formatTime(shardedNs)} (${inner}`
}

/** A range that holds the break-even itself decides nothing. */
function sideText({ breakEvenRatio, measuredRatio }: BreakEven): string {
  if (measuredRatio.upper < breakEvenRatio) return 'below'
  return measuredRatio.lower > breakEvenRatio ? 'above' : 'too close to tell'
}
