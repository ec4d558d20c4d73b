import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import {
  formatQuantity,
  formatRoundQuantity,
  formatRoundTime,
  formatTime,
  NOT_AVAILABLE,
  PER_SECOND,
} from '../../words/format.ts'
import { evenTicks, logAxis, type PlacedTick, roundedPlace } from '../page/axis.ts'
import type { ChartKit, Drawing } from '../page/draw-kit.ts'
import { type ChartBlock, tableBlock, textBlock } from '../view/view.ts'
import { armLegend, loadName, type SectionsOf } from './pair-figures.ts'
import { tabsBlock } from './percentiles.ts'
import {
  EXTREME_COLUMNS,
  extremeRows,
  timeLine,
  type TimeLine,
  type TrialLine,
} from './time-line.ts'

/** What the page's script draws: two panels above each other, places as shares of the axes. */
type TimeLineData = NonNullable<ReturnType<typeof timeLineData>>

/** Free at both ends, in windows, so that marks are whole. */
const MARGIN = 1
/** The throughput axis begins at 0 and ends a little above the highest window. */
const HEADROOM = 1.08

/** The time line of a load for the page's script; null when no window was recorded. */
function timeLineData(report: PairReport, load: PairLoad, elementId: string) {
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
    elementId,
    labels: armLabels(report),
    pairsLeftOut: line.pairsLeftOut,
    pairTicks: pairTicks(line, across),
    throughputTicks: evenTicks(highest).map(
      (tick) =>
        [
          roundedPlace(tick / highest),
          tick === 0 ? '0' : formatRoundQuantity(tick, PER_SECOND),
        ] as const,
    ),
    latencyTicks: latency.ticks,
    trials: trials.map(({ arm, pair, windows: ofTrial }) => ({
      arm,
      pair,
      // Place, both figures as places, when it began, both as texts.
      windows: ofTrial.map(
        ({ position, startMs, perSecond, p99Ns, maxNs }) =>
          [
            across(position),
            roundedPlace(perSecond / highest),
            p99Ns === null ? null : latency.place(p99Ns),
            `${startMs} ms`,
            formatQuantity(perSecond, PER_SECOND),
            p99Ns === null ? NOT_AVAILABLE : `${formatTime(p99Ns)}, longest ${formatTime(maxNs)}`,
          ] as const,
      ),
    })),
    /** Of the machine between trials: place, height on the latency axis, text. */
    hiccups: trials.flatMap(({ from, to, pair, hiccupBeforeNs, hiccupAfterNs }) => [
      ...mark(across(from), hiccupBeforeNs, latency.place, `before a trial of pair ${pair}`),
      ...mark(across(to), hiccupAfterNs, latency.place, `after a trial of pair ${pair}`),
    ]),
    /** The longest of a port's thread somewhere in a trial, from where to where that was. */
    gaps: trials.flatMap(({ from, to, gapNs, pair }) => {
      if (gapNs === null) return []
      const text = `pair ${pair}: longest gap of a port’s thread ${formatTime(gapNs)}`
      return [[across(from), across(to), latency.place(gapNs), text] as const]
    }),
  }
}

/** The chart in one sentence; the table says more. */
function timeLineDescription(load: PairLoad, data: TimeLineData): string {
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

/**
 * Runs in the reader's browser, as its own source text: throughput above p99, window by window, both arms in the order in
 * which their trials ran, with the machine's hiccups and the longest gaps.
 */
function drawTimeLine(kit: ChartKit, data: TimeLineData): Drawing {
  const { color, armColor } = kit
  const left = kit.isNarrow ? 62 : 76

  // Per arm one curve, broken between trials; both panels have the same points.
  const curves = [0, 1].map((arm) =>
    data.trials
      .filter((trial) => trial.arm === arm)
      .flatMap(({ pair, windows }) => [
        ...windows.map((window) => ({ pair, window })),
        { pair, window: null },
      ]),
  )
  const panel = (top: number, height: number) => ({ left, right: 18, top, height })
  const tooltipAt = (series: number, index: number): HTMLElement => {
    if (series === 4) return kit.tooltipBox(data.hiccups[index]?.[2] ?? '', [])
    const arm = series % 2 === 0 ? 0 : 1
    const { pair, window } = curves[arm]?.[index] ?? {}
    const [, , , when = '', throughput = '', latency = ''] = window ?? []
    return kit.tooltipBox(`pair ${pair}, window from ${when}`, [
      { text: `${data.labels[arm]}: ${throughput}`, arm },
      { text: `p99 ${latency}`, arm },
      ...data.gaps
        .filter(([from, to]) => window && from <= window[0] && window[0] <= to)
        .map(([, , , text]) => ({ text, arm: null })),
    ])
  }
  const curve = (arm: number, gridIndex: number) => ({
    ...kit.curve(
      { label: data.labels[arm] ?? '', arm, width: 1.5 },
      (curves[arm] ?? []).map(({ window }) =>
        window === null ? [null, null] : [window[0], window[gridIndex === 0 ? 1 : 2]],
      ),
    ),
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    symbolSize: 4,
    showSymbol: (curves[arm]?.length ?? 0) < 150,
    lineStyle: { width: 1.5, color: armColor(arm), type: 'solid' as const },
  })
  const axisName = (name: string) => ({
    name,
    nameLocation: 'end' as const,
    nameGap: 12,
    nameTextStyle: { color: color('--text'), align: 'left' as const, padding: [0, 0, 0, 8 - left] },
  })

  return {
    height: 416,
    option: {
      grid: [panel(30, 120), panel(194, 190)],
      tooltip: kit.tooltip('axis', tooltipAt),
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      xAxis: [
        { ...kit.axis(data.pairTicks, true), axisLabel: { show: false } },
        { ...kit.axis(data.pairTicks, true), gridIndex: 1 },
      ],
      yAxis: [
        { ...kit.axis(data.throughputTicks, false), ...axisName('throughput') },
        { ...kit.axis(data.latencyTicks, false), gridIndex: 1, ...axisName('p99 latency') },
      ],
      series: [
        curve(0, 0),
        curve(1, 0),
        curve(0, 1),
        curve(1, 1),
        {
          type: 'scatter',
          xAxisIndex: 1,
          yAxisIndex: 1,
          symbol: 'triangle',
          symbolSize: 9,
          z: 4,
          tooltip: { trigger: 'item' },
          itemStyle: { color: color('--text'), opacity: 1 },
          data: data.hiccups.map(([x, y]) => [x, y]),
        },
        kit.line({
          segments: data.gaps.map(([from, to, y]) => [from, y, to, y]),
          color: color('--text'),
          width: 2,
          z: 2,
          type: 'dotted',
          opacity: 0.8,
          gridIndex: 1,
        }),
        kit.rules(data.throughputTicks, true),
        kit.rules(data.latencyTicks, true, 1),
      ],
    },
    stops: curves
      .flatMap((points, arm) =>
        points.flatMap(({ window }, dataIndex) =>
          window === null ? [] : [{ seriesIndex: arm, dataIndex, x: window[0] }],
        ),
      )
      .toSorted((a, b) => a.x - b.x)
      .map(({ seriesIndex, dataIndex }) => ({ seriesIndex, dataIndex })),
  }
}

const HICCUP = 'hiccup of the machine between trials'
const GAP = 'longest gap of a port’s thread, somewhere in its trial'
const INTRO =
  'Windows of 100 ms of the steady state, by when their requests were due, all trials in the order in which they ran. Of hiccups and gaps those of 0.2 ms or more are marked.'

/** Throughput and p99 over time; none when no window was recorded. */
export const timeLineSections: SectionsOf = ({ pair: report }) => {
  const loads = report.loads.flatMap((load, index) => {
    const data = timeLineData(report, load, `time-line-${index}`)
    return data === null
      ? []
      : [{ label: loadName(load), blocks: [chartBlock(report, load, data)] }]
  })
  if (loads.length === 0) return []
  const extremes = tableBlock({
    caption: 'Extremes over time',
    corner: 'load, arm',
    columns: EXTREME_COLUMNS.map((heading) => ({ heading })),
    rows: extremeRows(report),
  })
  return [
    {
      id: 'time',
      link: 'over time',
      title: 'Throughput and p99 over time',
      blocks: [textBlock(INTRO, 'muted'), tabsBlock('windows', loads, report), extremes],
    },
  ]
}

function chartBlock(report: PairReport, load: PairLoad, data: TimeLineData): ChartBlock {
  const { hiccups, gaps, pairsLeftOut } = data
  const marks = [
    { text: HICCUP, arm: 'none' as const, mark: 'hiccup', isThere: hiccups.length > 0 },
    { text: GAP, arm: 'none' as const, mark: 'gap', isThere: gaps.length > 0 },
  ]
  return {
    kind: 'chart',
    legend: [...armLegend(report), ...marks.filter(({ isThere }) => isThere)],
    legendLook: 'plain',
    note:
      pairsLeftOut === 0 ? null : `The last ${pairsLeftOut} pairs are not drawn: there is no room.`,
    description: timeLineDescription(load, data),
    data,
    draw: drawTimeLine,
  }
}
