import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import type { ComparisonName } from '../results/schema.ts'
import { metricAt } from '../words/metrics.ts'
import { METRIC_LABELS } from './metric-label.ts'

/** What readers expect a verdict to be about: only another metric is pointed out. */
const USUAL: ComparisonName = 'p99'

/** The metric of a load's verdict if it is not p99; null without verdict. */
export function unusualMetric(load: PairLoad): ComparisonName | null {
  const metric = load.verdict?.metric ?? USUAL
  return metric === USUAL ? null : metric
}

/** Ends the title of a table: `, verdict on p50`; empty when the verdict is on p99 or there is none. */
export function unusualMetricText(load: PairLoad): string {
  const metric = unusualMetric(load)
  return metric === null ? '' : `, verdict on ${METRIC_LABELS[metric]}`
}

/** What a load is about: its verdict's metric, else the run's; where requests come as fast as possible, throughput. */
export function metricOf({ run }: Pick<PairReport, 'run'>, load: PairLoad): ComparisonName {
  if (load.verdict !== null) return load.verdict.metric
  return metricAt(load, run.metric)
}
