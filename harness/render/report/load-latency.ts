import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type { Trial } from '../../results/schema.ts'
import {
  formatEstimate,
  formatQuantity,
  formatRoundTime,
  PER_SECOND,
  TIME,
} from '../../words/format.ts'
import { METRIC_LABELS } from '../../words/metrics.ts'
import { logAxis, roundedPlace } from '../page/axis.ts'
import type { ChartKit, Drawing } from '../page/draw-kit.ts'
import { type Block, tableBlock, textBlock } from '../view/view.ts'
import {
  armColumns,
  armLegend,
  medianLatency,
  type SectionsOf,
  soundTrials,
} from './pair-figures.ts'

/** Percentiles that are followed over the loads. */
const FOLLOWED = ['p50', 'p99', 'p99_9'] as const

/**
 * A percentile of one arm at one load: the median over pairs between the fastest and the slowest pair, as text
 * `3.00 ms (range 2.10–4.90)`, `> ` where it falls on requests that were never answered.
 */
type LoadLatency = ReturnType<typeof overPairs>

/** Latencies at one offered load, by percentile in the order of `FOLLOWED`, of both arms. */
export interface LoadLatencies {
  readonly load: PairLoad
  readonly offeredPerSecond: number
  readonly arms: readonly [first: readonly LoadLatency[], second: readonly LoadLatency[]]
}

/** Latency against load, lowest load first; loads without an offered rate or a sound pair are left out. */
export function loadLatencies(report: PairReport): readonly LoadLatencies[] {
  return report.loads
    .flatMap((load) => {
      const { offeredPerSecond } = load
      const [first, second] = soundTrials(report, load)
      if (offeredPerSecond === null || first.length === 0) return []
      const [ofFirst, ofSecond] = [first, second].map((trials) =>
        FOLLOWED.map((name) => overPairs(trials, name)),
      ) as [LoadLatency[], LoadLatency[]]
      return [{ load, offeredPerSecond, arms: [ofFirst, ofSecond] as const }]
    })
    .toSorted((a, b) => a.offeredPerSecond - b.offeredPerSecond)
}

function overPairs(trials: readonly Trial[], name: (typeof FOLLOWED)[number]) {
  const latencies = trials.map(({ percentiles }) => percentiles[name])
  const { ns, atLeast } = medianLatency(latencies)!
  const all = latencies.map((latency) => latency.ns)
  const [lowestNs, highestNs] = [Math.min(...all), Math.max(...all)]
  const range = {
    value: ns,
    lower: lowestNs,
    upper: highestNs,
    level: null,
    n: all.length,
    unit: 'ns',
  }
  return { ns, lowestNs, highestNs, text: (atLeast ? '> ' : '') + formatEstimate(range, TIME) }
}

/** What the page's script draws: latency against load, places as shares of the axes. */
type LoadLatencyData = NonNullable<ReturnType<typeof loadLatencyData>>

/** p99.9 is in the table: six curves are too many. */
const DRAWN = FOLLOWED.slice(0, 2)
/** Room at the right end. */
const WIDTH = 0.94
/** A curve needs so many loads. */
const FEWEST_LOADS = 2

/** Null when fewer than two loads were offered at a rate. */
function loadLatencyData(report: PairReport, loads: readonly LoadLatencies[]) {
  if (loads.length < FEWEST_LOADS) return null
  const drawn = loads.flatMap(({ arms }) => arms.flatMap((arm) => arm.slice(0, DRAWN.length)))
  const axis = logAxis(
    drawn.flatMap(({ lowestNs, highestNs }) => [lowestNs, highestNs]),
    formatRoundTime,
  )
  const highest = loads.at(-1)!.offeredPerSecond
  const across = ({ offeredPerSecond }: LoadLatencies): number =>
    roundedPlace((WIDTH * offeredPerSecond) / highest)
  return {
    elementId: 'over-loads',
    loadTicks: loads.map((at) => [across(at), at.load.label] as const),
    latencyTicks: axis.ticks,
    /** Heads the tooltip, by load. */
    titles: loads.map(
      ({ load, offeredPerSecond }) =>
        `${load.label}: ${formatQuantity(offeredPerSecond, PER_SECOND)} offered`,
    ),
    curves: ([0, 1] as const).flatMap((arm) =>
      DRAWN.map((name, percentile) => ({
        label: `${armLabels(report)[arm]} ${METRIC_LABELS[name]}`,
        arm,
        isThick: name === 'p99',
        /** From the fastest to the slowest pair around the median. */
        points: loads.map((at) => {
          const { ns, lowestNs, highestNs, text } = at.arms[arm][percentile]!
          const [y, low, high] = [ns, lowestNs, highestNs].map(axis.place) as [
            number,
            number,
            number,
          ]
          return { x: across(at), y, low, high, text }
        }),
      })),
    ),
  }
}

/** The chart in words. */
function loadLatencyDescription({ titles, curves }: LoadLatencyData): string {
  const texts = curves.map(
    ({ label, points }) => `${label}: ${points.map(({ text }) => text).join(', then ')}`,
  )
  return `Latency against load, at ${titles.join(', then ')}. ${texts.join('. ')}.`
}

/** Runs in the reader's browser, as its own source text: p50 and p99 of both arms against load, over bands of their pairs. */
function drawLoadLatency(kit: ChartKit, data: LoadLatencyData): Drawing {
  return {
    option: {
      grid: kit.plot,
      tooltip: kit.tooltip('axis', (_, index) =>
        kit.tooltipBox(
          data.titles[index] ?? '',
          data.curves.map(({ label, arm, points }) => ({
            text: `${label}: ${points[index]?.text ?? '–'}`,
            arm,
          })),
        ),
      ),
      xAxis: { ...kit.axis(data.loadTicks, true), ...kit.axisName('offered load') },
      yAxis: kit.axis(data.latencyTicks, false),
      series: [
        ...data.curves.map(({ label, arm, isThick, points }) => ({
          ...kit.curve(
            { label, arm, width: isThick ? 3 : 1.5 },
            points.map(({ x, y }) => [x, y]),
          ),
          symbolSize: isThick ? 9 : 6,
        })),
        kit.rules(data.latencyTicks, true),
      ],
    },
    stops: data.titles.map((_, dataIndex) => ({ seriesIndex: 0, dataIndex })),
    areas: data.curves.map(({ arm, points }) =>
      kit.band(
        points.map(({ x, low, high }) => [x, low, high]),
        arm,
        0.14,
      ),
    ),
  }
}

/** Latency against load; none when no load was offered at a rate. */
export const loadLatencySections: SectionsOf = ({ pair: report }) => {
  const loads = loadLatencies(report)
  if (loads.length === 0) return []
  const data = loadLatencyData(report, loads)
  const curves: readonly Block[] =
    data === null
      ? [textBlock('A curve needs two loads or more, e.g. --loads 20%,50%,80%.', 'muted')]
      : [
          textBlock(
            'Thick is p99, thin is p50: medians over pairs, in bands from the fastest to the slowest pair.',
            'muted',
          ),
          {
            kind: 'chart',
            legend: armLegend(report),
            note: null,
            description: loadLatencyDescription(data),
            data,
            draw: drawLoadLatency,
          },
        ]
  return [
    { id: 'load', title: 'Latency against load', blocks: [...curves, latencyTable(report, loads)] },
  ]
}

function latencyTable(report: PairReport, loads: readonly LoadLatencies[]): Block {
  return tableBlock({
    caption: 'Latency against load, medians over pairs',
    corner: 'load',
    groups: [
      { text: '', span: 1 },
      ...FOLLOWED.map((name) => ({ text: METRIC_LABELS[name], span: 2 })),
    ],
    columns: [{ heading: 'offered' }, ...FOLLOWED.flatMap(() => armColumns(report))],
    rows: loads.map((at) => [
      at.load.label,
      formatQuantity(at.offeredPerSecond, PER_SECOND),
      ...FOLLOWED.flatMap((_, index) => at.arms.map((arm) => arm[index]!.text)),
    ]),
  })
}
