import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import type { Trial } from '../results/schema.ts'
import { armLabels } from './arm-labels.ts'
import { formatQuantity, formatTime, NOT_AVAILABLE, PER_SECOND } from './format.ts'
import { loadName } from './load-shares.ts'
import { soundTrials } from './sound-trials.ts'
import { windowPerSecond } from './time-line.ts'

/** Headings of the cells. */
export const EXTREME_COLUMNS = [
  'lowest throughput',
  'highest p99',
  'longest gap of a port’s thread',
  'longest hiccup beside a trial',
] as const

/** The extremes of one arm at one load, each with the pair in which it was: `1.05M/s (pair 3, 200 ms)`. */
export interface ExtremeRow {
  readonly label: string
  readonly cells: readonly string[]
}

interface Extreme {
  readonly value: number
  readonly where: string
}

/** Worst windows, gaps and hiccups of each arm at each load; empty when no pair is sound. */
export function extremeRows(report: PairReport): readonly ExtremeRow[] {
  return report.loads.flatMap((load) => {
    const { first, second } = soundTrials(report, load)
    return [first, second].flatMap((trials, arm) =>
      trials.length === 0
        ? []
        : [{ label: `${loadName(load)}, ${armLabels(report)[arm]}`, cells: cellsOf(load, trials) }],
    )
  })
}

function cellsOf(load: PairLoad, trials: readonly Trial[]): readonly string[] {
  const pairOf = (trial: Trial): string =>
    `pair ${load.pairs.findIndex((pair) => Object.values(pair.trials).includes(trial)) + 1}`
  const windows = trials.flatMap((trial) =>
    trial.series.map((window) => ({
      trial,
      window,
      where: `${pairOf(trial)}, ${window.startMs} ms`,
    })),
  )
  const throughputs = windows.map(({ trial, window, where }) => ({
    value: windowPerSecond(trial, window),
    where,
  }))
  const latencies = windows
    .filter(({ window }) => window.completed > 0)
    .map(({ window, where }) => ({ value: window.p99Ns, where }))
  const gaps = trials.map((trial) => ({
    value: trial.counters.longestGapNs,
    where: pairOf(trial),
  }))
  const hiccups = trials.flatMap((trial) => [
    { value: trial.hiccups.beforeNs, where: `${pairOf(trial)}, before` },
    { value: trial.hiccups.afterNs, where: `${pairOf(trial)}, after` },
  ])
  return [
    textOf(extreme(throughputs, -1), (value) => formatQuantity(value, PER_SECOND)),
    textOf(extreme(latencies, 1), formatTime),
    textOf(extreme(gaps, 1), formatTime),
    textOf(extreme(hiccups, 1), formatTime),
  ]
}

/** The largest known one, or with sign −1 the smallest; undefined when none is known. */
function extreme(
  candidates: readonly { readonly value: number | null; readonly where: string }[],
  sign: 1 | -1,
): Extreme | undefined {
  const known = candidates.filter((candidate): candidate is Extreme => candidate.value !== null)
  return known.toSorted((a, b) => sign * (b.value - a.value))[0]
}

function textOf(found: Extreme | undefined, format: (value: number) => string): string {
  return found === undefined ? NOT_AVAILABLE : `${format(found.value)} (${found.where})`
}
