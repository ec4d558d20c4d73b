import type { ComparisonName, Estimate } from '../../results/schema.ts'
import type { Figure, Sweep, SweepValue } from '../../results/sweep.ts'
import { fewestPairs, judge, SMALLEST_RATIO } from '../../stats/verdict.ts'
import {
  boundText,
  formatEstimate,
  formatShare,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
  type Scales,
  TIME,
  valueText,
} from '../../words/format.ts'
import { isLatency, METRIC_LABELS, METRICS } from '../../words/metrics.ts'
import { measuredConditions, measuredView } from '../view/measured.ts'
import type { View, ViewTable } from '../view/view.ts'
import { sweepCharts } from './chart.ts'
import {
  labelsOf,
  loadSentence,
  metricText,
  parameterHeading,
  scalingSentence,
  slopeSentence,
  sweepPredictionText,
  sweepSentence,
} from './sentence.ts'

/** A sweep, as everything that shows it takes it. */
export function sweepView(sweep: Sweep): View {
  const { scenario, run, over, load } = sweep
  return {
    ...measuredView('sweep', sweep),
    title: `${scenario.name} over ${over.name}`,
    answer: sweepSentence(sweep),
    further: [
      sweepPredictionText(sweep),
      loadSentence(sweep),
      scalingSentence(sweep),
      slopeSentence(sweep),
    ],
    sections: [
      ...sweepCharts(sweep),
      {
        kind: 'tables',
        title: 'Numbers',
        tables: sweepTables(sweep),
        note: intervalNote(sweep),
      },
    ],
    conditions: measuredConditions(sweep, [
      ['load', load.label],
      [
        'outcomes on',
        `${metricText(run.metric, run.requestClass)}, ${formatShare(run.level)} confidence`,
      ],
      ['pairs planned per value', String(run.plannedPairs)],
      ['at capacity', `${run.plannedCapacityPairs} pairs at each value that has some`],
    ]),
  }
}

/** A figure with its interval; two lines of one on a narrow terminal. */
const FIGURE_COLUMNS = 22
const NARROW_FIGURE_COLUMNS = 18
const WIDE = 80
const WIDEST_PARAMETER = 16

/** What the tables show, apart from the sweep's own metric. */
const SHOWN: readonly ComparisonName[] = [
  'p99',
  'p50',
  'cpuPerRequest',
  'achievedPerSecond',
  'goodputPerSecond',
]
const CAPACITY = 'capacity'
type Column = ComparisonName | typeof CAPACITY

/** The judged metric first. Those that no value has a figure of are left out. */
function sweepTables(sweep: Sweep): readonly ViewTable[] {
  const { metric } = sweep.run
  const judged: Column = metric === 'achievedPerSecond' ? CAPACITY : metric
  return [...new Set<Column>([judged, ...SHOWN, CAPACITY])]
    .filter((column) => column !== CAPACITY || sweep.run.throughput)
    .filter((column) => sweep.values.some((value) => figuresOf(sweep, value, column).some(Boolean)))
    .map((column) => tableOf(sweep, column, column === judged))
}

/** What the marks in the tables mean. */
function intervalNote({ run, values }: Sweep): string {
  const bound = values.some(({ timerBound }) => timerBound !== null)
    ? ' ×t marks a timer-bound one: the waits that stages declare are late there by more than a quarter of what they ask for, so latencies compare timers, and say nothing of a winner.'
    : ''
  return `×? marks an undecided ratio: its interval lies neither beyond ${SMALLEST_RATIO}× on one side nor within it, or is of less than ${formatShare(run.level)} where outcomes are judged. Each value is judged by itself; of many, some look decided by chance.${bound}`
}

/** With both arms and their ratio. */
function tableOf(sweep: Sweep, column: Column, isJudged: boolean): ViewTable {
  const [first, second] = labelsOf(sweep)
  const widths = { width: FIGURE_COLUMNS, narrowWidth: NARROW_FIGURE_COLUMNS }
  const title = titleOf(column, sweep.run.requestClass) + levelsText(sweep, column)
  return {
    caption: isJudged ? `${title}: outcomes are on this` : title,
    corner: parameterHeading(sweep),
    widestLabel: WIDEST_PARAMETER,
    columns: [
      { heading: first, arm: 'first', ...widths },
      { heading: second, arm: 'second', ...widths },
      { heading: 'second ÷ first', ...widths },
    ],
    rows: sweep.values.map((value) => [
      valueText(sweep.over, value.value),
      ...figuresOf(sweep, value, column).map((figure) => figureText(figure, scalesOf(column))),
      ratioCell(
        ratioOf(value, column),
        isJudged ? sweep.run.level : hintLevel(sweep, column),
        column !== CAPACITY && value.timerBound !== null,
      ),
    ]),
    narrowBelow: WIDE,
  }
}

/** Throughput beside another metric has fewer pairs than an outcome needs: what they say is a hint at their own level. */
function hintLevel({ run }: Sweep, column: Column): number {
  return column === CAPACITY && run.plannedCapacityPairs < fewestPairs(run.level)
    ? 1 - 2 ** (1 - run.plannedCapacityPairs)
    : run.level
}

/** `, 96.9% intervals`; values that had fewer pairs have others. */
function levelsText(sweep: Sweep, column: Column): string {
  const levels = sweep.values.flatMap((value) => ratioOf(value, column)?.level ?? [])
  if (levels.length === 0) return ''
  const ends = new Set([Math.min(...levels), Math.max(...levels)].map(formatShare))
  return `, ${[...ends].join(' to ')} intervals`
}

function titleOf(column: Column, requestClass: string | null): string {
  if (column === CAPACITY) return 'Throughput at capacity (closed window)'
  if (column === 'achievedPerSecond') return 'Answered at the offered load'
  if (!isLatency(column)) return METRIC_LABELS[column]
  const of = requestClass === null ? '' : ` of ${requestClass} requests`
  return `${METRIC_LABELS[column]} latency${of}`
}

function figuresOf(sweep: Sweep, value: SweepValue, column: Column): readonly (Figure | null)[] {
  return labelsOf(sweep).map((label) =>
    column === CAPACITY
      ? (value.capacity?.arms[label] ?? null)
      : (value.figures[label]?.[column] ?? null),
  )
}

function ratioOf(value: SweepValue, column: Column): Estimate | null {
  return column === CAPACITY ? (value.capacity?.ratio ?? null) : value.ratios[column]
}

/** `> ` when some trial left requests of the percentile unanswered. */
function figureText(figure: Figure | null, scales: Scales): string {
  if (figure === null) return NOT_AVAILABLE
  return boundText(figure.value, figure.atLeast, formatEstimate(figure, scales))
}

function ratioCell(ratio: Estimate | null, level: number, isTimerBound: boolean): string {
  if (ratio === null) return NOT_AVAILABLE
  const text = formatEstimate(ratio, RATIO)
  if (isTimerBound) return text.replace('×', '×t')
  const isDecided = judge({ ...ratio, level: ratio.level ?? 0 }, level) !== 'inconclusive'
  return isDecided ? text : text.replace('×', '×?')
}

function scalesOf(column: Column): Scales {
  return column === CAPACITY || METRICS[column].unit === 'requests/s' ? PER_SECOND : TIME
}
