import type { Ablation } from '../../results/ablate.ts'
import {
  formatQuantity,
  formatRoundQuantity,
  formatRoundTime,
  formatTime,
  PER_SECOND,
} from '../../words/format.ts'
import { niceTicks, type PlacedTick, roundedPlace, thinnedTicks } from '../page/axis.ts'
import { brokenWords, type Paint, wrap } from '../terminal/text.ts'
import { type Effect, effectOf, effectText } from './sentence.ts'
import type { ChartKit, Drawing } from '../page/draw-kit.ts'

/** Metrics that have a waterfall. */
export const WATERFALL_METRICS = ['p99', 'throughput'] as const
export type WaterfallMetric = (typeof WATERFALL_METRICS)[number]

/** A value of the axis and its text. */
interface Figure {
  readonly value: number
  readonly text: string
}

/** A step as a floating bar; nanoseconds or requests per second. */
interface WaterfallBar {
  readonly name: string
  /** Null when the step's ratio is not known. */
  readonly span: {
    readonly from: number
    readonly to: number
    /** Where the interval would have put `to`. */
    readonly lower: number
    readonly upper: number
  } | null
  readonly effect: Effect
  /** `0.31× (0.26–0.38)`. */
  readonly text: string
}

/** From the first arm's median to the last one's, step by step. */
interface Waterfall {
  readonly metric: WaterfallMetric
  readonly first: Figure
  /** As measured: where the last bar should end. Null when it is not known. */
  readonly last: Figure | null
  readonly bars: readonly WaterfallBar[]
  /** Round values of the axis, which is logarithmic; they enclose everything. */
  readonly ticks: readonly number[]
}

/**
 * Each bar begins where the one before ended and is as long as its step's ratio, so the bars multiply. Behind a step
 * that is not known they go on at the median of its arm, or where they were when that has none. Null when there is nothing to begin with, or no step is known.
 */
export function waterfallOf(ablation: Ablation, metric: WaterfallMetric): Waterfall | null {
  const medianAt = (arm: number): number | null =>
    ablation.arms[arm]?.figures[metric]?.value ?? null
  const first = medianAt(0)
  const last = medianAt(ablation.arms.length - 1)
  if (first === null) return null
  let from = first
  const bars = ablation.steps.map(({ name, to: arm, ratios }): WaterfallBar => {
    const ratio = ratios[metric]
    const isKnown = ratio !== null && ratio.value > 0 && Number.isFinite(ratio.value)
    const to = isKnown ? from * ratio.value : (medianAt(arm) ?? from)
    const span = isKnown ? { from, to, lower: from * ratio.lower, upper: from * ratio.upper } : null
    from = to
    return {
      name,
      span,
      effect: effectOf(ablation, metric, ratio),
      text: effectText(ablation, metric, ratio),
    }
  })
  const spans = bars.flatMap(({ span }) => span ?? [])
  if (spans.length === 0) return null
  const values = [
    first,
    ...(last === null ? [] : [last]),
    ...spans.flatMap((span) => [span.from, span.to, span.lower, span.upper]),
  ].filter((value) => value > 0 && Number.isFinite(value))
  const figure = (value: number): Figure => ({ value, text: figureText(metric, value) })
  return {
    metric,
    first: figure(first),
    last: last === null ? null : figure(last),
    bars,
    ticks: niceTicks(Math.min(...values), Math.max(...values)),
  }
}

/** A figure of the waterfall with its unit. */
function figureText(metric: WaterfallMetric, value: number): string {
  return metric === 'p99' ? formatTime(value) : formatQuantity(value, PER_SECOND)
}

/** Where a value lies on the logarithmic axis: 0 at the first tick, 1 at the last; what lies beyond is at the end. */
export function axisShare({ ticks }: Pick<Waterfall, 'ticks'>, value: number): number {
  const [lowest, highest] = [ticks[0] ?? 1, ticks.at(-1) ?? 10]
  const share = Math.log(value / lowest) / Math.log(highest / lowest)
  return Math.min(1, Math.max(0, share))
}

/** A tick's text. */
function tickText(metric: WaterfallMetric, tick: number): string {
  return metric === 'p99' ? formatRoundTime(tick) : formatRoundQuantity(tick, PER_SECOND)
}

/** A row of the chart; places are shares of the axis, 0 … 1. */
interface WaterfallRow {
  /** `3`, or `arm 1`. */
  readonly short: string
  readonly name: string
  /** An arm's median is a point, a step a bar with its interval; null when it is not known. */
  readonly place: number | null
  readonly span: readonly [from: number, to: number, lower: number, upper: number] | null
  readonly isDecided: boolean
  /** Figure or ratio, for the tooltip. */
  readonly text: string
}

/** What the page's script draws for one waterfall: every number is formatted here. */
export interface WaterfallData {
  readonly elementId: string
  readonly rows: readonly WaterfallRow[]
  readonly ticks: readonly PlacedTick[]
}

/** More ticks than this would run into each other: then decades only. */
const MOST_TICKS = 6

/** A waterfall for the page's script. */
export function waterfallData(waterfall: Waterfall, elementId: string): WaterfallData {
  const { metric, first, last, bars, ticks } = waterfall
  const share = (value: number): number => roundedPlace(axisShare(waterfall, value))
  const arm = (number: number, figure: Waterfall['last']): WaterfallRow => ({
    short: `arm ${number}`,
    name: `arm ${number}, median`,
    place: figure && share(figure.value),
    span: null,
    isDecided: true,
    text: figure?.text ?? 'not known',
  })
  return {
    elementId,
    rows: [
      arm(1, first),
      ...bars.map(({ name, span, effect, text }, index) => ({
        short: String(index + 1),
        name: `${index + 1} ${name}`,
        place: null,
        span:
          span &&
          ([share(span.from), share(span.to), share(span.lower), share(span.upper)] as const),
        isDecided: effect === 'decided',
        text: effect === 'undecided' ? `${text}, undecided` : text,
      })),
      arm(bars.length + 1, last),
    ],
    ticks: thinnedTicks(ticks, MOST_TICKS).map((tick) => [share(tick), tickText(metric, tick)]),
  }
}

/** The chart in one sentence, for those who do not see it. */
export function waterfallDescription({ metric, first, last, bars }: Waterfall): string {
  const steps = bars.map(({ name, span, text, effect }) => {
    const undecided = effect === 'undecided' ? ', undecided' : ''
    return `${name}: ${text}${undecided}${span === null ? '' : `, to ${figureText(metric, span.to)}`}`
  })
  const end = last === null ? '' : ` to ${last.text}`
  return `Waterfall from ${first.text}${end}. ${steps.join('. ')}.`
}

const TEXT_COLUMNS = 25
const LABEL_SHARE = 0.36
const DECIDED = '█'
const UNDECIDED = '░'
const WHISKER = '─'
const LOWER_END = '├'
const UPPER_END = '┤'
const ARM = '●'

/** Floating bars of characters over a logarithmic axis: a step each, its interval as a whisker, its ratio beside it. */
export function terminalWaterfall(waterfall: Waterfall, columns: number, paint: Paint): string {
  const labelColumns = Math.floor(columns * LABEL_SHARE)
  const plotColumns = columns - labelColumns - TEXT_COLUMNS
  const columnOf = (value: number): number =>
    Math.round(axisShare(waterfall, value) * (plotColumns - 1))
  const row = (label: string, plot: string, text: string): string => {
    const [first = '', ...more] = labelLines(label, labelColumns - 1)
    return [
      `${first.padEnd(labelColumns)}${plot}  ${text}`.trimEnd(),
      ...more.map((line) => `  ${line}`),
    ].join('\n')
  }
  const mark = (value: number): string => ARM.padStart(columnOf(value) + 1).padEnd(plotColumns)
  const { first, last, bars } = waterfall
  return [
    row('', axisLine(waterfall, plotColumns, columnOf), ''),
    row('arm 1, median', mark(first.value), first.text),
    ...bars.map((bar, index) => {
      const plot = barLine(bar, plotColumns, columnOf)
      const painted = (text: string): string =>
        bar.effect === 'decided' ? text : paint('dim', text)
      return row(`${index + 1} ${bar.name}`, painted(plot), painted(bar.text))
    }),
    ...(last === null ? [] : [row(`arm ${bars.length + 1}, median`, mark(last.value), last.text)]),
  ].join('\n')
}

function barLine(
  { span, effect }: WaterfallBar,
  plotColumns: number,
  columnOf: (value: number) => number,
): string {
  const cells = Array<string>(plotColumns).fill(' ')
  if (span === null) return cells.join('')
  const { from, to, lower, upper } = span
  const [low, high] = [columnOf(lower), columnOf(upper)]
  for (let column = low; column <= high; column++) cells[column] = WHISKER
  const [left, right] = [columnOf(Math.min(from, to)), columnOf(Math.max(from, to))]
  for (let column = left; column <= right; column++) {
    cells[column] = effect === 'decided' ? DECIDED : UNDECIDED
  }
  if (high > low) {
    cells[low] = LOWER_END
    cells[high] = UPPER_END
  }
  return cells.join('')
}

/** Ticks where there is room for them; first and last first. */
function axisLine(
  { ticks, metric }: Waterfall,
  plotColumns: number,
  columnOf: (value: number) => number,
): string {
  const cells = Array<string>(plotColumns).fill(' ')
  const place = (tick: number): void => {
    const text = tickText(metric, tick)
    const start = Math.max(
      0,
      Math.min(plotColumns - text.length, columnOf(tick) - (text.length >> 1)),
    )
    const around = cells.slice(Math.max(0, start - 1), start + text.length + 1)
    if (around.some((cell) => cell !== ' ')) return
    for (let index = 0; index < text.length; index++) cells[start + index] = text.charAt(index)
  }
  for (const tick of [ticks[0], ticks.at(-1), ...ticks]) if (tick !== undefined) place(tick)
  return cells.join('')
}

/** A step's name in so many columns; later lines are to be indented by two. */
function labelLines(label: string, columns: number): readonly string[] {
  const width = columns - 2
  return wrap(brokenWords(label, width), width, 0).split('\n')
}

/** Runs in the reader's browser, as its own source text: it must use nothing from outside its body but its arguments. */
export function drawWaterfall(kit: ChartKit, { rows, ticks }: WaterfallData): Drawing {
  const BARS = 1
  return {
    option: {
      grid: { left: kit.isNarrow ? 52 : 290, right: 28, top: 8, bottom: 32 },
      tooltip: kit.tooltip('axis', (_, row) =>
        kit.tooltipBox(rows[row]?.name ?? '', [{ text: rows[row]?.text ?? '', arm: null }]),
      ),
      yAxis: {
        // The table holds long names.
        ...kit.rowAxis(
          rows.map((row) => (kit.isNarrow ? row.short : row.name)),
          kit.isNarrow ? 46 : 276,
        ),
        axisPointer: { type: 'none' },
      },
      xAxis: kit.axis(ticks, true),
      series: [
        {
          type: 'bar',
          stack: 'bar',
          silent: true,
          itemStyle: { color: 'transparent' },
          data: rows.map(({ span }) => (span === null ? 0 : Math.min(span[0], span[1]))),
        },
        {
          type: 'bar',
          stack: 'bar',
          barMaxWidth: 18,
          // A change too small to see is still a mark.
          barMinHeight: 2,
          data: rows.map(({ span, isDecided }) =>
            span === null
              ? '-'
              : {
                  value: Math.abs(span[1] - span[0]),
                  itemStyle: {
                    color: kit.color(isDecided ? '--first' : '--muted'),
                    opacity: isDecided ? 1 : 0.55,
                  },
                },
          ),
        },
        {
          type: 'line',
          silent: true,
          symbol: 'rect',
          symbolSize: [2, 10],
          lineStyle: { width: 1.5, color: kit.color('--text') },
          itemStyle: { color: kit.color('--text') },
          tooltip: { show: false },
          // A gap behind each whisker keeps it apart from the next.
          data: rows.flatMap(({ span }, index) =>
            span === null
              ? []
              : [
                  [span[2], index],
                  [span[3], index],
                  ['-', index],
                ],
          ),
        },
        {
          type: 'scatter',
          silent: true,
          symbol: 'diamond',
          symbolSize: 12,
          itemStyle: { color: kit.color('--second') },
          tooltip: { show: false },
          data: rows.flatMap(({ place }, index) => (place === null ? [] : [[place, index]])),
        },
      ],
    },
    stops: rows.flatMap(({ span }, dataIndex) =>
      span === null ? [] : [{ seriesIndex: BARS, dataIndex }],
    ),
  }
}
