import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type { Trial } from '../../results/schema.ts'
import {
  boundText,
  formatEstimate,
  formatQuantity,
  formatRoundTime,
  PER_SECOND,
  TIME,
} from '../../words/format.ts'
import { classText, METRIC_LABELS } from '../../words/metrics.ts'
import { logAxis, roundedPlace } from '../page/axis.ts'
import { drawPlot, type Plot } from '../page/plot.ts'
import { type Block, tableBlock, textBlock } from '../view/view.ts'
import {
  armColumns,
  armLegend,
  loadName,
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
      // Each arm's own load has no place on one axis.
      if (offeredPerSecond === null || load.placed?.by === 'each' || first.length === 0) return []
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
  return { ns, lowestNs, highestNs, text: boundText(ns, atLeast, formatEstimate(range, TIME)) }
}

/** p99.9 is in the table: six curves are too many. */
const DRAWN = FOLLOWED.slice(0, 2)
/** Room at the right end. */
const WIDTH = 0.94
/** A curve needs so many loads. */
const FEWEST_LOADS = 2

/** p50 and p99 of both arms over bands of their pairs; null when fewer than two loads were offered at a rate. */
function loadLatencyPlot(report: PairReport, loads: readonly LoadLatencies[]): Plot | null {
  if (loads.length < FEWEST_LOADS) return null
  const drawn = loads.flatMap(({ arms }) => arms.flatMap((arm) => arm.slice(0, DRAWN.length)))
  const { ticks, place } = logAxis(
    drawn.flatMap(({ lowestNs, highestNs }) => [lowestNs, highestNs]),
    formatRoundTime,
  )
  const highest = loads.at(-1)!.offeredPerSecond
  const across = ({ offeredPerSecond }: LoadLatencies): number =>
    roundedPlace((WIDTH * offeredPerSecond) / highest)
  const curves = (['first', 'second'] as const).flatMap((tone, arm) =>
    DRAWN.map((name, percentile) => ({
      label: `${armLabels(report)[arm]} ${METRIC_LABELS[name]}`,
      tone,
      name,
      points: loads.map((at) => ({ at, of: at.arms[arm]![percentile]! })),
    })),
  )
  return {
    elementId: 'over-loads',
    name: 'offered load',
    xTicks: loads.map((at) => [across(at), loadName(at.load)] as const),
    yTicks: ticks,
    curves: curves.map(({ label, tone, name, points }) => ({
      label,
      tone,
      isGuessed: true,
      ...(name === 'p50' && { look: 'thin' as const }),
      points: points.map(({ at, of: { ns, text } }) => ({
        x: across(at),
        y: place(ns),
        heading: `${at.load.label}: ${formatQuantity(at.offeredPerSecond, PER_SECOND)} offered`,
        text,
      })),
    })),
    bands: curves.map(({ tone, points }) => ({
      tone,
      points: points.map(
        ({ at, of }) => [across(at), place(of.lowestNs), place(of.highestNs)] as const,
      ),
    })),
    lines: [],
    tips: 'column',
  }
}

/** The chart in words. */
function plotDescription({ curves }: Plot): string {
  const titles = (curves[0]?.points ?? []).map(({ heading }) => heading)
  const texts = curves.map(
    ({ label, points }) => `${label}: ${points.map(({ text }) => text).join(', then ')}`,
  )
  return `Latency against load, at ${titles.join(', then ')}. ${texts.join('. ')}.`
}

/** Latency against load; none when no load was offered at a rate. */
export const loadLatencySections: SectionsOf = ({ pair: report }) => {
  const loads = loadLatencies(report)
  if (loads.length === 0) return []
  const data = loadLatencyPlot(report, loads)
  const curves: readonly Block[] =
    data === null
      ? [textBlock('A curve needs two loads or more, e.g. --loads 20%,50%,80%.', 'muted')]
      : [
          textBlock(
            'Thick is p99, thin is p50: medians over pairs, in bands from the fastest to the slowest pair. Between the loads, where lines are dotted, nothing was measured.',
            'muted',
          ),
          {
            kind: 'chart',
            legend: armLegend(report),
            note: null,
            description: plotDescription(data),
            data,
            draw: drawPlot,
          },
        ]
  return [
    {
      id: 'load',
      title: `Latency against load${classText(report)}`,
      blocks: [...curves, latencyTable(report, loads)],
    },
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
