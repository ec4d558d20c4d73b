import { armLabels, type PairReport } from '../../results/compared-pair.ts'
import type { ComparisonName, Estimate } from '../../results/schema.ts'
import { SMALLEST_RATIO } from '../../stats/verdict.ts'
import { formatEstimate, formatRoundQuantity, formatShare, RATIO } from '../../words/format.ts'
import { metricOf, METRICS, ofClass } from '../../words/metrics.ts'
import { logAxisBetween, type PlacedTick } from '../page/axis.ts'
import type { ChartKit, Drawing } from '../page/draw-kit.ts'
import type { ChartBlock } from '../view/view.ts'
import { objectiveTitle } from './objective-rows.ts'
import { pairFigures } from './pair-figures.ts'

/** A row of the picture: places are shares of the axis, better for the first arm at the left, for the second at the right. */
interface RatioRow {
  readonly label: string
  /** Estimate with its interval; null when there is no ratio. */
  readonly span: readonly [place: number, from: number, to: number] | null
  readonly text: string
  /** The arm that wins; null when that is open or makes no difference. */
  readonly winner: 0 | 1 | null
  /** Inside it nobody wins. */
  readonly zone: readonly [from: number, to: number]
  readonly dots: readonly {
    readonly place: number
    readonly text: string
    readonly isDoubtful: boolean
  }[]
}

/** What the page's script draws: who is how many times better. */
export interface RatioData {
  readonly elementId: string
  readonly rows: readonly RatioRow[]
  readonly ticks: readonly PlacedTick[]
  /** Where both are equal. */
  readonly equal: number
}

/** Ends and ticks of the axis: the first list that holds everything. */
const SCALES = [
  [1.1, 1.2],
  [1.2, 1.5],
  [1.5, 2],
  [2, 5],
  [2, 5, 10],
  [2, 5, 20],
  [2, 10, 50],
  [10, 100],
  [10, 100, 1_000],
  [10, 1_000, 100_000],
]

/** The picture of them, the first arm at the left; null when there is none to draw. */
export function ratioChart(
  report: PairReport,
  elementId: string,
  withPairs: boolean,
  note: (data: RatioData) => string | null,
): ChartBlock | null {
  const data = ratioData(report, elementId, withPairs)
  if (data === null) return null
  const [first, second] = armLabels(report)
  return {
    kind: 'chart',
    legend: [
      { text: `◂ ${first} is better`, arm: 'first' },
      { text: `${second} is better ▸`, arm: 'second' },
    ],
    legendLook: 'sides',
    note: note(data),
    description: ratioDescription(report, data),
    data,
    draw: drawRatios,
  }
}

/** The ratio of each load, and every pair's when `withPairs`; null when there is none to draw. */
export function ratioData(
  report: PairReport,
  elementId: string,
  withPairs: boolean,
): RatioData | null {
  const rows = judgedRows(report).map((row) => ({
    ...row,
    pairs: withPairs && row.load !== null ? pairFigures(report, row.load, row.metric) : [],
  }))
  const shown = withPairs ? rows.filter(({ pairs }) => pairs.length > 0) : rows
  const advantages = shown.flatMap(({ metric, ratio, pairs }) => [
    ...(ratio === null ? [] : [ratio.value, ratio.lower, ratio.upper].map(better(metric))),
    ...pairs.flatMap((pair) => (pair.ratio === null ? [] : [better(metric)(pair.ratio)])),
  ])
  if (advantages.length === 0) return null
  const { ticks, place } = axisFor(advantages.filter((value) => value > 0 && value < Infinity))
  return {
    elementId,
    rows: shown.map(({ label, metric, ratio, threshold, winner, pairs }) => {
      const at = (value: number): number => place(better(metric)(value))
      const ends = ratio === null ? [] : [at(ratio.lower), at(ratio.upper)]
      return {
        label,
        span: ratio === null ? null : [at(ratio.value), Math.min(...ends), Math.max(...ends)],
        text: ratio === null ? 'no ratio' : ratioText(report, metric, ratio),
        winner,
        zone: [place(1 / threshold), place(threshold)],
        dots: pairs.flatMap(
          ({ pair, first, second, ratio: value, ratioText: text, isDoubtful }) => {
            if (value === null) return []
            const doubt = isDoubtful ? ', a trial failed a gate' : ''
            return {
              place: at(value),
              text: `pair ${pair}: ${first} and ${second}, ${text}${doubt}`,
              isDoubtful,
            }
          },
        ),
      }
    }),
    ticks,
    equal: place(1),
  }
}

/** The picture in words, for those who do not see it. */
export function ratioDescription(report: PairReport, data: RatioData): string {
  const [first, second] = armLabels(report)
  const rows = data.rows.map(
    ({ label, text, dots }) =>
      `${label}: ${text}${dots.length === 0 ? '' : `, ${dots.length} pairs`}`,
  )
  return `How many times better ${first} (left) or ${second} (right) is. ${rows.join('. ')}.`
}

function judgedRows(report: PairReport) {
  const { objective, loads, run } = report
  const sides = armLabels(report)
  const ofLoads = loads.map((load) => {
    const { verdict, comparison, label } = load
    const metric = metricOf(report, load)
    return {
      label: `${label}: ${ofClass(metric, run.requestClass).label}`,
      metric,
      ratio: verdict?.ratio ?? comparison?.[metric] ?? null,
      threshold: Math.max(SMALLEST_RATIO, verdict?.threshold ?? SMALLEST_RATIO),
      winner: ([0, 1] as const).find((arm) => sides[arm] === verdict?.winner) ?? null,
      load,
    }
  })
  if (objective === null) return ofLoads
  const ofObjective = {
    label: objectiveTitle(objective),
    metric: 'achievedPerSecond' as const,
    ratio: objective.ratio,
    threshold: SMALLEST_RATIO,
    winner: sideOf(objective.ratio),
    load: null,
  }
  return [ofObjective, ...ofLoads]
}

/** Of a ratio of loads, the larger the better. */
function sideOf(ratio: Estimate | null): 0 | 1 | null {
  if (ratio === null || ratio.n <= 1) return null
  if (ratio.lower > SMALLEST_RATIO) return 1
  return ratio.upper < 1 / SMALLEST_RATIO ? 0 : null
}

/** How many times better the second arm is. */
function better(metric: ComparisonName): (ratio: number) => number {
  return (ratio) => (METRICS[metric].isMoreBetter ? ratio : 1 / ratio)
}

function ratioText(report: PairReport, metric: ComparisonName, ratio: Estimate): string {
  const [first, second] = armLabels(report)
  const level = ratio.level === null ? '' : `, ${formatShare(ratio.level)} interval`
  const pairs = ratio.n === 1 ? '1 pair' : `${ratio.n} pairs`
  const { label } = ofClass(metric, report.run.requestClass)
  return `${second} ÷ ${first} ${label} ${formatEstimate(ratio, RATIO)}, ${pairs}${level}`
}

function axisFor(advantages: readonly number[]) {
  const farthest = Math.max(...advantages.map((advantage) => Math.max(advantage, 1 / advantage)))
  const ticks = SCALES.find((scale) => farthest <= scale.at(-1)!) ?? SCALES.at(-1)!
  // As far to either side: nobody is favoured by the picture.
  const end = ticks.at(-1)! ** 1.04
  const format = (tick: number): string => {
    if (tick === 1) return 'equal'
    return formatRoundQuantity(Number(Math.max(tick, 1 / tick).toPrecision(6)), RATIO)
  }
  const both = [...ticks.toReversed().map((tick) => 1 / tick), 1, ...ticks]
  return logAxisBetween(1 / end, end, both, format)
}

/**
 * Runs in the reader's browser, as its own source text: a row per load with its ratio, interval, the zone in which nobody
 * wins, and a dot per pair.
 */
function drawRatios(kit: ChartKit, data: RatioData): Drawing {
  const { color, armColor } = kit
  const { rows } = data
  const hasDots = rows.some(({ dots }) => dots.length > 0)
  const rowHeight = hasDots ? 88 : 50
  const middle = (row: number): number => Number((1 - (row + 0.5) / rows.length).toFixed(5))
  // Pairs lie below the estimate, from the first one down to the last one, so that none hides another.
  const dotHeight = (row: number, dot: number, count: number): number =>
    middle(row) - (0.12 + (0.3 * dot) / Math.max(1, count - 1)) / rows.length
  const estimateHeight = (row: number): number => middle(row) + (hasDots ? 0.2 / rows.length : 0)

  const estimates = rows.flatMap(({ span, winner }, row) =>
    span === null ? [] : [{ row, span, winner }],
  )
  const dots = rows.flatMap((row, at) =>
    row.dots.map((dot, index) => ({ row: at, ...dot, y: dotHeight(at, index, row.dots.length) })),
  )
  const inkOf = (winner: 0 | 1 | null): string =>
    winner === null ? color('--text') : armColor(winner)
  const disc = (borderColor: string, isHollow: boolean, borderWidth: number) => ({
    color: isHollow ? color('--surface') : borderColor,
    borderColor,
    borderWidth,
    opacity: 1,
  })
  const names = kit.axis(
    rows.map(({ label }, row) => [middle(row), label] as const),
    false,
  )
  return {
    height: rows.length * rowHeight + 40,
    option: {
      grid: { left: kit.isNarrow ? 84 : 150, right: 18, top: 6, bottom: 30 },
      tooltip: kit.tooltip('item', (series, index) => {
        const row = series === 0 ? estimates[index]?.row : dots[index]?.row
        const { label = '', text = '', winner = null } = rows[row ?? -1] ?? {}
        return series === 0
          ? kit.tooltipBox(label, [{ text, arm: winner }])
          : kit.tooltipBox(label, [{ text: dots[index]?.text ?? '', arm: null }])
      }),
      xAxis: kit.axis(data.ticks, true),
      yAxis: {
        ...names,
        axisLabel: {
          ...names.axisLabel,
          color: color('--text'),
          fontSize: kit.isNarrow ? 12 : 13,
          lineHeight: 15,
          width: kit.isNarrow ? 78 : 140,
          overflow: 'break',
          hideOverlap: false,
        },
        axisTick: { show: false },
      },
      series: [
        {
          type: 'scatter',
          symbolSize: 15,
          z: 5,
          data: estimates.map(({ row, span, winner }) => ({
            value: [span[0], estimateHeight(row)],
            symbol: winner === 1 ? 'diamond' : 'circle',
            itemStyle: disc(inkOf(winner), winner === null, 2),
          })),
        },
        {
          type: 'scatter',
          symbolSize: 8,
          z: 4,
          data: dots.map(({ place, y, isDoubtful }) => ({
            value: [place, y],
            itemStyle: disc(color('--muted'), isDoubtful, 1.5),
          })),
        },
        kit.rules(data.ticks, false),
        kit.rules(
          rows.slice(1).map((_, row) => [1 - (row + 1) / rows.length, ''] as const),
          true,
        ),
        kit.line({
          segments: [[data.equal, 0, data.equal, 1]],
          color: color('--text'),
          width: 1.5,
          z: 2,
        }),
        ...estimates.map(({ row, span: [, from, to], winner }) =>
          kit.line({
            segments: [[from, estimateHeight(row), to, estimateHeight(row)]],
            color: inkOf(winner),
            width: 3,
            z: 3,
          }),
        ),
      ],
    },
    stops: [
      ...estimates.map((_, dataIndex) => ({ seriesIndex: 0, dataIndex })),
      ...dots.map((_, dataIndex) => ({ seriesIndex: 1, dataIndex })),
    ],
    areas: rows.map(({ zone: [from, to] }, row) => {
      const [bottom, top] = [middle(row) - 0.5 / rows.length, middle(row) + 0.5 / rows.length]
      return {
        points: [
          [from, bottom],
          [to, bottom],
          [to, top],
          [from, top],
        ],
        color: color('--muted'),
        opacity: 0.22,
      }
    }),
  }
}
