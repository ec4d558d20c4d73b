import type { ComparisonName, Estimate } from '../../results/schema.ts'
import { formatRoundQuantity, RATIO } from '../../words/format.ts'
import { isLatency, METRICS } from '../../words/metrics.ts'
import { type LogAxis, logAxisBetween, type PlacedTick } from '../page/axis.ts'
import type { ChartKit, Drawing } from '../page/draw-kit.ts'
import type { ChartBlock } from './view.ts'

/*
 * A picture of who is how many times better: a row for each thing that was compared, its estimate with its interval, and other
 * ratios of it below. Places are shares of the axis: better for the first arm at the left, for the second at the right.
 */

/** One ratio, small. */
interface ForestDot {
  readonly place: number
  readonly text: string
  /** Then it is hollow. */
  readonly isDoubtful: boolean
}

interface ForestRow {
  readonly label: string
  /** Estimate with its interval; null when there is no ratio. */
  readonly span: readonly [place: number, from: number, to: number] | null
  readonly text: string
  /** The arm that wins; null when that is open or makes no difference. */
  readonly winner: 0 | 1 | null
  /** Inside it nobody wins. */
  readonly zone: readonly [from: number, to: number]
  /** From top to bottom. */
  readonly dots: readonly ForestDot[]
}

/** What the page's script draws. */
export interface Forest {
  readonly elementId: string
  readonly rows: readonly ForestRow[]
  readonly ticks: readonly PlacedTick[]
  /** Where both are equal. */
  readonly equal: number
  /** Pixels. */
  readonly rowHeight: number
}

/** The picture with the first arm at the left. @param sides what the two are called */
export function forestChart(
  data: Forest,
  [first, second]: readonly [string, string],
  note: string | null,
): ChartBlock {
  const rows = data.rows.map(
    ({ label, text, dots }) =>
      `${label}: ${text}${dots.length === 0 ? '' : `, ${dots.length} pairs`}`,
  )
  return {
    kind: 'chart',
    legend: [
      { text: `◂ ${first} is better`, arm: 'first' },
      { text: `${second} is better ▸`, arm: 'second' },
    ],
    legendLook: 'sides',
    note,
    description: `How many times better ${first} (left) or ${second} (right) is. ${rows.join('. ')}.`,
    data,
    draw: drawForest,
  }
}

/** How many times better the second arm is, by the ratio second ÷ first of a metric. */
export function advantage(metric: ComparisonName, ratio: number): number {
  return METRICS[metric].isMoreBetter ? ratio : 1 / ratio
}

/** A ratio of second ÷ first as people say it: who is how many times better, from how many to how many times. */
interface Saying {
  /** Of the better one. */
  readonly arm: string
  /** `95×`; empty where the ratio has no number. */
  readonly times: string
  /** `61× to 130×`. */
  readonly interval: string
}

/** A ratio second ÷ first of a metric in those words. */
export function sayingOf(
  labels: readonly [string, string],
  metric: ComparisonName,
  ratio: Estimate,
): Saying {
  const isSecond = advantage(metric, ratio.value) >= 1
  const [value, one, other] = [ratio.value, ratio.lower, ratio.upper].map((each) => {
    const better = advantage(metric, each)
    return isSecond ? better : 1 / better
  }) as [number, number, number]
  const text = (times: number): string =>
    Number.isFinite(times) ? formatRoundQuantity(Number(times.toPrecision(2)), RATIO) : 'any number'
  return {
    arm: labels[isSecond ? 1 : 0],
    times: Number.isFinite(value) && value > 0 ? text(value) : '',
    interval: `${text(Math.min(one, other))} to ${text(Math.max(one, other))}`,
  }
}

/** `faster`, `more`, `less`: what being better means. */
export function betterWord(metric: ComparisonName): string {
  if (METRICS[metric].isMoreBetter) return 'more'
  return isLatency(metric) ? 'faster' : 'less'
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

/** The axis of advantages, as far to either side: nobody is favoured by the picture. Those that are 0 or infinite lie at its ends. */
export function advantageAxis(advantages: readonly number[]): LogAxis {
  const known = advantages.filter((value) => value > 0 && value < Infinity)
  const farthest = Math.max(...known.map((value) => Math.max(value, 1 / value)))
  const ticks = SCALES.find((scale) => farthest <= scale.at(-1)!) ?? SCALES.at(-1)!
  const end = ticks.at(-1)! ** 1.04
  const format = (tick: number): string => {
    if (tick === 1) return 'equal'
    return formatRoundQuantity(Number(Math.max(tick, 1 / tick).toPrecision(6)), RATIO)
  }
  const both = [...ticks.toReversed().map((tick) => 1 / tick), 1, ...ticks]
  return logAxisBetween(1 / end, end, both, format)
}

/** Estimate and interval of a ratio second ÷ first on that axis. */
export function placedRatio(
  metric: ComparisonName,
  {
    value,
    lower,
    upper,
  }: { readonly value: number; readonly lower: number; readonly upper: number },
  { place }: LogAxis,
): readonly [place: number, from: number, to: number] {
  const at = (ratio: number): number => place(advantage(metric, ratio))
  const ends = [at(lower), at(upper)]
  return [at(value), Math.min(...ends), Math.max(...ends)]
}

/**
 * Runs in the reader's browser, as its own source text: a row with its ratio, interval, the zone in which nobody wins,
 * and dots.
 */
function drawForest(kit: ChartKit, data: Forest): Drawing {
  const { color, armColor } = kit
  const { rows, rowHeight } = data
  const hasDots = rows.some(({ dots }) => dots.length > 0)
  // Names are broken between words only, and not at all where there is room.
  const longest = Math.max(
    ...rows.flatMap(({ label }) =>
      kit.isNarrow ? label.split(/\s/).map((word) => word.length) : label.length,
    ),
  )
  const nameWidth = Math.min(
    kit.isNarrow ? 132 : 200,
    Math.max(kit.isNarrow ? 78 : 140, longest * (kit.isNarrow ? 7 : 7.6)),
  )
  const middle = (row: number): number => Number((1 - (row + 0.5) / rows.length).toFixed(5))
  // Dots lie below the estimate, from the first one down to the last one, so that none hides another.
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
      grid: { left: nameWidth + (kit.isNarrow ? 6 : 10), right: 18, top: 6, bottom: 30 },
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
          width: nameWidth,
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
