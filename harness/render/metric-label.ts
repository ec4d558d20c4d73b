import { COMPARISON_NAMES, type ComparisonName } from '../results/schema.ts'
import { METRICS } from '../words/metrics.ts'

/** How metrics are called in tables and titles. */
export const METRIC_LABELS = Object.fromEntries(
  COMPARISON_NAMES.map((name) => [name, METRICS[name].label]),
) as Readonly<Record<ComparisonName, string>>
