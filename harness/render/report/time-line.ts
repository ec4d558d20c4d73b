import { MS_PER_SECOND } from '../../base/units.ts'
import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type { Trial } from '../../results/schema.ts'
import { formatQuantity, formatTime, NOT_AVAILABLE, PER_SECOND } from '../../words/format.ts'
import { loadName, soundTrials } from './pair-figures.ts'

/** Shortest hiccup or gap that is marked: what is shorter cannot be seen in p99. */
const SHORTEST_MARKED_NS = 200_000
/** More windows than this are not drawn: a screen has no room for them. */
const MOST_WINDOWS = 1_500
const WINDOW_MS = 100

/** One window of a trial: 100 ms, the last one of a trial may be shorter. */
interface TimeWindow {
  /** On a common axis of all trials in the order in which they ran; a window is 1 long. */
  readonly position: number
  readonly startMs: number
  readonly perSecond: number
  /** Of the requests due in it; null when none of them was answered. */
  readonly p99Ns: number | null
  readonly maxNs: number
}

/** One trial on the common axis. */
export interface TrialLine {
  readonly arm: 0 | 1
  /** Counted from 1. */
  readonly pair: number
  readonly from: number
  readonly to: number
  readonly windows: readonly TimeWindow[]
  /** Longest time between two turns of a port's thread; its instant is not recorded. Null when short or not known. */
  readonly gapNs: number | null
  /** Longest time that the machine kept a thread from running, right before and right after; null as above. */
  readonly hiccupBeforeNs: number | null
  readonly hiccupAfterNs: number | null
}

/** All trials of one load one after the other. */
export interface TimeLine {
  readonly trials: readonly TrialLine[]
  /** Pairs of the load that were left out for lack of room. */
  readonly pairsLeftOut: number
  /** Length of the axis in windows. */
  readonly length: number
}

/** Between two trials, so that they are told apart. */
const TRIAL_GAP = 0.6
const PAIR_GAP = 2

/** The windows of every pair whose answers were right, in the order in which the trials ran; null without any. */
export function timeLine(report: PairReport, load: PairLoad): TimeLine | null {
  const trials: TrialLine[] = []
  let position = 0
  let windowCount = 0
  let pairsLeftOut = 0
  for (const [index, { order, trials: byArm }] of load.pairs.entries()) {
    const ran = order.map((label) => byArm[label]).filter((trial) => trial !== undefined)
    if (ran.length < 2 || ran.some((trial) => trial.void !== null)) continue
    windowCount += ran.reduce((sum, { series }) => sum + series.length, 0)
    if (windowCount > MOST_WINDOWS && trials.length > 0) {
      pairsLeftOut++
      continue
    }
    if (trials.length > 0) position += PAIR_GAP - TRIAL_GAP
    for (const trial of ran) {
      if (trial.series.length === 0) continue
      if (trials.length > 0) position += TRIAL_GAP
      const arm = trial.arm === report.arms[0]?.label ? 0 : 1
      trials.push(trialLine(trial, arm, index + 1, position))
      position += trial.series.length
    }
  }
  return trials.length === 0 ? null : { trials, pairsLeftOut, length: position }
}

function trialLine(trial: Trial, arm: 0 | 1, pair: number, from: number): TrialLine {
  return {
    arm,
    pair,
    from,
    to: from + trial.series.length,
    windows: trial.series.map((window, index) => ({
      position: from + index + 0.5,
      startMs: window.startMs,
      perSecond: windowPerSecond(trial, window),
      p99Ns: window.completed === 0 ? null : window.p99Ns,
      maxNs: window.maxNs,
    })),
    gapNs: marked(trial.counters.longestGapNs),
    hiccupBeforeNs: marked(trial.hiccups.beforeNs),
    hiccupAfterNs: marked(trial.hiccups.afterNs),
  }
}

/** Answered requests of those due in a window, per second of its length. */
export function windowPerSecond(
  { steadySeconds }: Pick<Trial, 'steadySeconds'>,
  { startMs, completed }: Trial['series'][number],
): number {
  const rest = steadySeconds * MS_PER_SECOND - startMs
  return (completed * MS_PER_SECOND) / (rest > 0 ? Math.min(WINDOW_MS, rest) : WINDOW_MS)
}

function marked(ns: number | null): number | null {
  return ns !== null && ns >= SHORTEST_MARKED_NS ? ns : null
}

/** Headings of the cells. */
export const EXTREME_COLUMNS = [
  'lowest throughput',
  'highest p99',
  'longest gap of a port’s thread',
  'longest hiccup beside a trial',
] as const

/**
 * The worst window, gap and hiccup of each arm at each load, each with the pair in which it was: `1.05M/s (pair 3, 200 ms)`;
 * empty when no pair is sound.
 */
export function extremeRows(
  report: PairReport,
): readonly (readonly [label: string, ...cells: string[]])[] {
  return report.loads.flatMap((load) =>
    soundTrials(report, load).flatMap((trials, arm) => {
      const label = `${loadName(load)}, ${armLabels(report)[arm]}`
      return trials.length === 0 ? [] : [[label, ...cellsOf(load, trials)] as const]
    }),
  )
}

interface Extreme {
  /** Null when it is not known. */
  readonly value: number | null
  readonly where: string
}

function cellsOf(load: PairLoad, trials: readonly Trial[]): readonly string[] {
  const pairOf = (trial: Trial): string =>
    `pair ${load.pairs.findIndex((pair) => Object.values(pair.trials).includes(trial)) + 1}`
  const extremes = (of: (trial: Trial) => readonly Extreme[]): readonly Extreme[] =>
    trials.flatMap((trial) =>
      of(trial).map(({ value, where }) => ({ value, where: `${pairOf(trial)}${where}` })),
    )
  const inWindows = (read: (trial: Trial, window: Trial['series'][number]) => number | null) =>
    extremes((trial) =>
      trial.series.map((window) => ({
        value: read(trial, window),
        where: `, ${window.startMs} ms`,
      })),
    )
  const gaps = extremes(({ counters }) => [{ value: counters.longestGapNs, where: '' }])
  const hiccups = extremes(({ hiccups: { beforeNs, afterNs } }) => [
    { value: beforeNs, where: ', before' },
    { value: afterNs, where: ', after' },
  ])
  const latencies = inWindows((_, { completed, p99Ns }) => (completed > 0 ? p99Ns : null))
  return [
    extremeText(inWindows(windowPerSecond), -1, (value) => formatQuantity(value, PER_SECOND)),
    ...[latencies, gaps, hiccups].map((all) => extremeText(all, 1, formatTime)),
  ]
}

/** Of the largest known one, or with sign −1 the smallest. */
function extremeText(
  all: readonly Extreme[],
  sign: 1 | -1,
  format: (value: number) => string,
): string {
  const known = all.flatMap(({ value, where }) => (value === null ? [] : [{ value, where }]))
  const [found] = known.toSorted((a, b) => sign * (b.value - a.value))
  return found === undefined ? NOT_AVAILABLE : `${format(found.value)} (${found.where})`
}
