import { usageError } from '../base/errors.ts'
import { COMPARISON_NAMES, type ComparisonName } from '../results/schema.ts'
import { METRICS } from '../words/metrics.ts'
import { namesCure } from './nearest-name.ts'

/** What verdicts can be about, by the name that people use. */
const BY_FLAG: ReadonlyMap<string, ComparisonName> = new Map(
  COMPARISON_NAMES.map((name) => [METRICS[name].flag, name]),
)

/** The names that `--metric` takes. */
export const METRIC_NAMES: readonly string[] = [...BY_FLAG.keys()]

/** Reads a metric's name; `p99_9`, as reports spell it, is taken for `p99.9`. */
export function parseMetric(text: string): ComparisonName {
  const metric = BY_FLAG.get(text.replace('_', '.'))
  if (metric !== undefined) return metric
  throw usageError(
    'metric',
    `--metric: no metric has this name: ${text || '(empty)'}`,
    namesCure(text, METRIC_NAMES, 'metrics'),
  )
}

/** The name that people use for a metric: `p99.9`, `throughput`, `cpu`. */
export function metricName(metric: ComparisonName): string {
  return METRICS[metric].flag
}
