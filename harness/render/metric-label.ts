import type { ComparisonName } from '../results/schema.ts'

/** How a metric is called in texts and tables: `p99.9`, never `p99_9`. */
export const METRIC_LABELS: Readonly<Record<ComparisonName, string>> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  p99_9: 'p99.9',
  max: 'max',
  achievedPerSecond: 'achieved throughput',
  cpuPerRequest: 'CPU per request',
}
