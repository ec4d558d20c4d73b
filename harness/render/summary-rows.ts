import { NS_PER_SECOND } from '../base/units.ts'
import {
  type ComparisonName,
  type Estimate,
  type Load,
  PERCENTILE_NAMES,
  type PercentileName,
  type Report,
  type Trial,
} from '../results/schema.ts'
import {
  COUNT,
  formatEstimate,
  formatLatency,
  formatQuantity,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
  type Scales,
  TIME,
} from './format.ts'
import { medianLatency, medianOf } from './median.ts'
import { type SoundTrials, soundTrials } from './sound-trials.ts'

/** One metric of one load: the medians over pairs of both arms, and second ÷ first with its interval. */
export interface SummaryRow {
  readonly label: string
  readonly first: string
  readonly second: string
  readonly ratio: string
}

const PERCENTILE_LABELS: Readonly<Record<PercentileName, string>> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  p99_9: 'p99.9',
  max: 'max',
}

/** What a reader compares at one load, formatted; empty when no pair is sound. */
export function summaryRows(report: Report, load: Load): readonly SummaryRow[] {
  const trials = soundTrials(report, load)
  if (trials.first.length === 0) return []
  const ratioOf = (name: ComparisonName): string => formatRatio(load.comparison?.[name] ?? null)
  return [
    ...PERCENTILE_NAMES.map((name) => ({
      label: PERCENTILE_LABELS[name],
      ...bothArms(trials, (arm) => latencyText(arm, name)),
      ratio: ratioOf(name),
    })),
    {
      label: 'achieved throughput',
      ...bothArms(trials, (arm) => medianText(arm, (trial) => trial.achievedPerSecond, PER_SECOND)),
      ratio: ratioOf('achievedPerSecond'),
    },
    {
      label: 'CPU per request',
      ...bothArms(trials, (arm) => medianText(arm, cpuNsPerRequest, TIME)),
      ratio: ratioOf('cpuPerRequest'),
    },
    {
      label: 'switches per request',
      ...bothArms(trials, (arm) => medianText(arm, switchesPerRequest, COUNT)),
      ratio: formatRatio(rangeOfRatios(trials, switchesPerRequest)),
    },
  ]
}

/** Confidence of the intervals of a load, for a table's heading; null when they are ranges or there are none. */
export function intervalLevel(load: Load): number | null {
  return load.comparison?.p99?.level ?? null
}

/** A figure of one trial; null when the machine did not give it. */
export type Reading = (trial: Trial) => number | null

/** The median over trials, formatted; not available as soon as one trial lacks the reading. */
export function medianText(trials: readonly Trial[], read: Reading, scales: Scales): string {
  const readings = trials.map(read).filter((value) => value !== null)
  const median = readings.length === trials.length ? medianOf(readings) : null
  return median === null ? NOT_AVAILABLE : formatQuantity(median, scales)
}

/** Applies one column's formatting to each arm. */
export function bothArms(
  trials: SoundTrials,
  format: (trials: readonly Trial[]) => string,
): { readonly first: string; readonly second: string } {
  return { first: format(trials.first), second: format(trials.second) }
}

function latencyText(trials: readonly Trial[], name: PercentileName): string {
  const median = medianLatency(trials.map((trial) => trial.percentiles[name]))
  return median === null ? NOT_AVAILABLE : formatLatency(median)
}

function cpuNsPerRequest(trial: Trial): number | null {
  const seconds = trial.counters.cpuSecondsPerRequest
  return seconds === null ? null : seconds * NS_PER_SECOND
}

function switchesPerRequest(trial: Trial): number | null {
  return trial.counters.contextSwitchesPerRequest
}

function formatRatio(estimate: Estimate | null): string {
  return estimate === null ? NOT_AVAILABLE : formatEstimate(estimate, RATIO)
}

/** The report holds no interval for this metric: median, smallest and largest ratio of the pairs stand in. */
function rangeOfRatios(trials: SoundTrials, read: Reading): Estimate | null {
  const ratios = trials.second.map((trial, index) => {
    const first = trials.first[index]
    return (read(trial) ?? Number.NaN) / ((first && read(first)) ?? Number.NaN)
  })
  const value = medianOf(ratios)
  if (value === null || !ratios.every(Number.isFinite)) return null
  const [lower, upper] = [Math.min(...ratios), Math.max(...ratios)]
  return { value, lower, upper, level: null, n: ratios.length, unit: '×' }
}
