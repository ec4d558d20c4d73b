import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { armLabels } from '../arm-labels.ts'
import {
  formatQuantity,
  formatRoundQuantity,
  formatRoundTime,
  formatTime,
  NOT_AVAILABLE,
  PER_SECOND,
} from '../format.ts'
import { timeLine, type TimeLine, type TrialLine } from '../time-line.ts'
import { logAxis, type PlacedTick, roundedPlace } from './log-axis.ts'

/** What the page's script draws: two panels above each other, places as shares of the axes. */
export interface TimeLineData {
  readonly kind: 'timeLine'
  readonly elementId: string
  readonly labels: readonly [first: string, second: string]
  readonly pairTicks: readonly PlacedTick[]
  readonly throughputTicks: readonly PlacedTick[]
  readonly latencyTicks: readonly PlacedTick[]
  readonly trials: readonly {
    readonly arm: 0 | 1
    readonly pair: number
    readonly windows: readonly (readonly [
      x: number,
      throughput: number,
      p99: number | null,
      when: string,
      throughputText: string,
      latencyText: string,
    ])[]
  }[]
  /** Hiccups of the machine between trials; `x`, height on the latency axis, text. */
  readonly hiccups: readonly (readonly [x: number, y: number, text: string])[]
  /** Longest gap of a port's thread somewhere in a trial. */
  readonly gaps: readonly (readonly [from: number, to: number, y: number, text: string])[]
  readonly pairsLeftOut: number
}

/** Free at both ends, in windows, so that marks are whole. */
const MARGIN = 1
/** The throughput axis begins at 0 and ends a little above the highest window. */
const HEADROOM = 1.08

/** The time line of a load for the page's script; null when no window was recorded. */
export function timeLineData(
  report: PairReport,
  load: PairLoad,
  elementId: string,
): TimeLineData | null {
  const line = timeLine(report, load)
  if (line === null) return null
  const { trials } = line
  const windows = trials.flatMap((trial) => trial.windows)
  const latency = logAxis(
    [...windows.flatMap(({ p99Ns }) => p99Ns ?? []), ...trials.flatMap(marksOf)],
    formatRoundTime,
  )
  const highest = Math.max(1, ...windows.map(({ perSecond }) => perSecond)) * HEADROOM
  const across = (position: number): number =>
    roundedPlace((position + MARGIN) / (line.length + 2 * MARGIN))
  return {
    kind: 'timeLine',
    elementId,
    labels: armLabels(report),
    pairsLeftOut: line.pairsLeftOut,
    pairTicks: pairTicks(line, across),
    throughputTicks: evenTicks(highest).map((tick) => [
      roundedPlace(tick / highest),
      tick === 0 ? '0' : formatRoundQuantity(tick, PER_SECOND),
    ]),
    latencyTicks: latency.ticks,
    trials: trials.map((trial) => ({
      arm: trial.arm,
      pair: trial.pair,
      windows: trial.windows.map(({ position, startMs, perSecond, p99Ns, maxNs }) => [
        across(position),
        roundedPlace(perSecond / highest),
        p99Ns === null ? null : latency.place(p99Ns),
        `${startMs} ms`,
        formatQuantity(perSecond, PER_SECOND),
        p99Ns === null ? NOT_AVAILABLE : `${formatTime(p99Ns)}, longest ${formatTime(maxNs)}`,
      ]),
    })),
    hiccups: trials.flatMap(({ from, to, pair, hiccupBeforeNs, hiccupAfterNs }) => [
      ...mark(across(from), hiccupBeforeNs, latency.place, `before a trial of pair ${pair}`),
      ...mark(across(to), hiccupAfterNs, latency.place, `after a trial of pair ${pair}`),
    ]),
    gaps: trials.flatMap(({ from, to, gapNs, pair }) =>
      gapNs === null
        ? []
        : [
            [
              across(from),
              across(to),
              latency.place(gapNs),
              `pair ${pair}: longest gap of a port’s thread ${formatTime(gapNs)}`,
            ] as const,
          ],
    ),
  }
}

/** The chart in one sentence; the table says more. */
export function timeLineDescription(load: PairLoad, data: TimeLineData): string {
  const trials = data.trials.length
  return `Throughput and p99 latency of each 100 ms of ${trials} trials at load ${load.label}, in the order in which they ran, with ${data.hiccups.length} hiccups of the machine and ${data.gaps.length} gaps of ports’ threads. The table below has the extremes.`
}

function marksOf({ gapNs, hiccupBeforeNs, hiccupAfterNs }: TrialLine): readonly number[] {
  return [gapNs, hiccupBeforeNs, hiccupAfterNs].filter((ns) => ns !== null)
}

function mark(x: number, ns: number | null, place: (ns: number) => number, when: string) {
  return ns === null ? [] : [[x, place(ns), `hiccup of ${formatTime(ns)} ${when}`] as const]
}

/** Below the middle of each pair. */
function pairTicks({ trials }: TimeLine, across: (position: number) => number): PlacedTick[] {
  const pairs = [...new Set(trials.map(({ pair }) => pair))]
  return pairs.map((pair) => {
    const ofPair = trials.filter((trial) => trial.pair === pair)
    const middle = (ofPair[0]!.from + ofPair.at(-1)!.to) / 2
    return [across(middle), `pair ${pair}`] as const
  })
}

/** 0 and two to four more: steps of 1, 2 or 5 × 10ᵏ. */
function evenTicks(highest: number): readonly number[] {
  const decade = 10 ** Math.floor(Math.log10(highest / 2))
  const step = [1, 2, 5, 10].map((size) => size * decade).find((size) => highest / size < 5)!
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step)
}
