import { usageError } from '../base/errors.ts'
import type { ComparisonName } from '../results/schema.ts'
import { namesCure } from './nearest-name.ts'

/** What verdicts can be about, by the name that people use. */
const METRICS: ReadonlyMap<string, ComparisonName> = new Map([
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p99', 'p99'],
  ['p99.9', 'p99_9'],
  ['max', 'max'],
  ['throughput', 'achievedPerSecond'],
  ['cpu', 'cpuPerRequest'],
])

/** The names that `--metric` takes. */
export const METRIC_NAMES: readonly string[] = [...METRICS.keys()]

/** Reads a metric's name; `p99_9`, as reports spell it, is taken for `p99.9`. */
export function parseMetric(text: string): ComparisonName {
  const metric = METRICS.get(text.replace('_', '.'))
  if (metric !== undefined) return metric
  throw usageError(
    'metric',
    `--metric: no metric has this name: ${text || '(empty)'}`,
    namesCure(text, METRIC_NAMES, 'metrics'),
  )
}

/** The name that people use for a metric: `p99.9`, `throughput`, `cpu`. */
export function metricName(metric: ComparisonName): string {
  return METRIC_NAMES.find((name) => METRICS.get(name) === metric) ?? metric
}
