import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import {
  COMPARISON_NAMES,
  type ComparisonName,
  PERCENTILE_NAMES,
  type PercentileName,
  type Trial,
  type TrialSet,
} from '../results/schema.ts'
import { type Figure, positive } from '../stats/ratio-over-pairs.ts'
import { type SoundRound, soundRound } from '../stats/sound-rounds.ts'

/** What a metric is called, and what of it is better. */
export interface Metric {
  /** In tables and titles: `p99.9`, never `p99_9`. */
  readonly label: string
  /** Behind an arm's name: `sharded's longest latency`. */
  readonly noun: string
  /** As `--metric` takes it. */
  readonly flag: string
  readonly isMoreBetter: boolean
  /** Of its figures in results. */
  readonly unit: 'ns' | 'requests/s'
}

function latency(label: string, noun = label): Metric {
  return { label, noun, flag: label, isMoreBetter: false, unit: 'ns' }
}

/** The one table of what is compared. */
export const METRICS: Readonly<Record<ComparisonName, Metric>> = {
  p50: latency('p50'),
  p90: latency('p90'),
  p99: latency('p99'),
  p99_9: latency('p99.9'),
  max: latency('max', 'longest latency'),
  achievedPerSecond: {
    label: 'achieved throughput',
    noun: 'throughput',
    flag: 'throughput',
    isMoreBetter: true,
    unit: 'requests/s',
  },
  goodputPerSecond: {
    label: 'goodput',
    noun: 'goodput',
    flag: 'goodput',
    isMoreBetter: true,
    unit: 'requests/s',
  },
  cpuPerRequest: {
    label: 'CPU per request',
    noun: 'CPU time per request',
    flag: 'cpu',
    isMoreBetter: false,
    unit: 'ns',
  },
}

/** Whether a metric is a percentile of latency. */
export function isLatency(metric: ComparisonName): metric is PercentileName {
  return (PERCENTILE_NAMES as readonly string[]).includes(metric)
}

/** A metric of a class of requests, null for all: latencies alone are of one, `p99 of innocent requests`. */
export function ofClass(name: ComparisonName, requestClass: string | null): Metric {
  const metric = METRICS[name]
  if (requestClass === null || !isLatency(name)) return metric
  const of = ` of ${requestClass} requests`
  return { ...metric, label: metric.label + of, noun: metric.noun + of }
}

/** What is judged at a load: with a closed window latency is window ÷ throughput, so throughput is. */
export function metricAt(
  { offeredPerSecond }: { readonly offeredPerSecond: number | null },
  metric: ComparisonName,
): ComparisonName {
  return offeredPerSecond === null && isLatency(metric) ? 'achievedPerSecond' : metric
}

/** Answers within the stated time, requests per second: 0 where all were late; null where no time was stated. */
export function goodputOf({
  useful,
  steadySeconds,
}: Pick<Trial, 'useful' | 'steadySeconds'>): number | null {
  return useful === undefined ? null : useful.count / steadySeconds
}

/** What a trial says about a metric, as comparisons take it; null when it has no finite, positive figure. */
export function figureOf(trial: Trial, metric: ComparisonName): Figure | null {
  if (metric === 'achievedPerSecond') return positive(trial.achievedPerSecond)
  if (metric === 'goodputPerSecond') return goodputOf(trial)
  if (metric === 'cpuPerRequest') return positive(trial.counters.cpuSecondsPerRequest)
  const { ns, atLeast } = trial.percentiles[metric]
  return atLeast ? 'unanswered' : positive(ns)
}

/** Names of the gates that a trial failed. */
export function failedGatesOf({ gates }: Pick<Trial, 'gates'>): string[] {
  return gates.flatMap(({ name, passed }) => (passed ? [] : [name]))
}

/** A set of a run as comparisons take it. */
export function soundSet({ trials }: Pick<TrialSet, 'trials'>): SoundRound<string, ComparisonName> {
  return soundRound(Object.entries(trials), (trial) => ({
    failedGates: failedGatesOf(trial),
    figureOf: (metric) => figureOf(trial, metric),
  }))
}

/** How metrics are called in tables and titles. */
export const METRIC_LABELS = Object.fromEntries(
  COMPARISON_NAMES.map((name) => [name, METRICS[name].label]),
) as Readonly<Record<ComparisonName, string>>

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

/** Ends the title of a table of latencies: `, latencies of light requests`; empty when they are of all requests. */
export function classText({ run }: Pick<PairReport, 'run'>): string {
  return run.requestClass === null ? '' : `, latencies of ${run.requestClass} requests`
}

/** What a load is about: its verdict's metric, else the run's; where requests come as fast as possible, throughput. */
export function metricOf({ run }: Pick<PairReport, 'run'>, load: PairLoad): ComparisonName {
  if (load.verdict !== null) return load.verdict.metric
  return metricAt(load, run.metric)
}
