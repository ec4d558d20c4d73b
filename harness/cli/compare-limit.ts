import { usageError } from '../base/errors.ts'
import { namesCure } from '../experiment/nearest-name.ts'
import { METRIC_NAMES, parseMetric } from '../experiment/parse-metric.ts'
import type { Limit } from '../results/compare-limits.ts'

const LIMIT = /^(?:(\S+)\s+)?([^\s<>]+)\s*([<>])\s*([+−-]?)(\d+(?:\.\d+)?)\s*%$/
/** Nothing grows tenfold by accident. */
const LARGEST_PERCENT = 1_000

const CURE =
  'write [arm] metric > share or < −share: --fail-if "p99 > 10%", --fail-if "sharded cpu > 5%", --fail-if "throughput < -5%"'

/** Reads `p99 > 10%`, `throughput < -5%`, `sharded p99 > 10%`: what a change must not surely be beyond. */
export function parseLimit(text: string): Limit {
  const [, arm = null, metricText, sign, minus, digits] = LIMIT.exec(text.trim()) ?? []
  if (metricText === undefined) {
    throw usageError('fail-if', `--fail-if ${text || '(empty)'}: not a limit`, CURE)
  }
  if (!METRIC_NAMES.includes(metricText.replace('_', '.'))) {
    throw usageError(
      'fail-if',
      `--fail-if ${text}: no metric has this name: ${metricText}`,
      namesCure(metricText, METRIC_NAMES, 'metrics'),
    )
  }
  const percent = Number(digits) * (minus === '-' || minus === '−' ? -1 : 1)
  const side = sign === '>' ? 'above' : 'below'
  refuseOutOfRange(text, side, percent)
  return { text: text.trim(), arm, metric: parseMetric(metricText), ratio: 1 + percent / 100, side }
}

function refuseOutOfRange(text: string, side: Limit['side'], percent: number): void {
  const isAbove = side === 'above'
  if (isAbove ? percent < 0 : percent > 0) {
    throw usageError(
      'fail-if',
      `--fail-if ${text}: this fails even where nothing changes`,
      `a limit says what is too much of a change: > 10% fails above +10 %, < -5% below −5 %`,
    )
  }
  if (isAbove ? percent > LARGEST_PERCENT : percent <= -100) {
    throw usageError(
      'fail-if',
      `--fail-if ${text}: out of range`,
      isAbove ? `> takes 0% to ${LARGEST_PERCENT}%` : '< takes −99.9% to 0%',
    )
  }
}
