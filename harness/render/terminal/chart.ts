import type { CurvePoint } from '../../results/histogram.ts'
import { formatPercentile, formatRoundTime } from '../../words/format.ts'
import { niceTicks } from '../page/axis.ts'

/** One curve and the character it is drawn with, coloured or not. */
export interface ChartSeries {
  readonly points: readonly CurvePoint[]
  readonly mark: string
}

const ROWS = 12
const LABEL_COLUMNS = 8
const BOTH_MARK = '*'

/**
 * Percentile curves in characters: x = 1 ÷ (1 − p) and y = latency, both logarithmic; `*` where they meet.
 * Empty when no series has two points.
 */
export function terminalChart(series: readonly ChartSeries[], columns: number): string {
  const points = series.flatMap((each) => each.points)
  const oneInEnd = Math.max(...points.map((point) => point.oneIn))
  if (points.length === 0 || oneInEnd <= 1) return ''
  const ticks = niceTicks(
    Math.max(1, Math.min(...points.map((point) => point.latencyNs))),
    Math.max(1, ...points.map((point) => point.latencyNs)),
  )
  const plotColumns = columns - LABEL_COLUMNS - 2
  const lowest = Math.log10(ticks[0] ?? 1)
  const highest = Math.log10(ticks.at(-1) ?? 10)
  const rowOf = (ns: number): number =>
    ROWS -
    1 -
    Math.round(((Math.log10(Math.max(1, ns)) - lowest) / (highest - lowest)) * (ROWS - 1))

  const cells = Array.from({ length: ROWS }, () => Array<string>(plotColumns).fill(' '))
  for (let column = 0; column < plotColumns; column++) {
    const oneIn = oneInEnd ** (column / (plotColumns - 1))
    for (const { points: curve, mark } of series) {
      const latencyNs = latencyAt(curve, oneIn)
      const row = latencyNs === null ? undefined : cells[rowOf(latencyNs)]
      if (row !== undefined) row[column] = row[column] === ' ' ? mark : BOTH_MARK
    }
  }
  const labels = rowLabels(ticks, rowOf)
  return [
    ...cells.map(
      (row, index) =>
        `${(labels.get(index) ?? '').padStart(LABEL_COLUMNS)} │${row.join('').trimEnd()}`,
    ),
    `${' '.repeat(LABEL_COLUMNS)} └${'─'.repeat(plotColumns)}`,
    `${' '.repeat(LABEL_COLUMNS + 2)}${percentileAxis(oneInEnd, plotColumns)}`,
  ].join('\n')
}

/** The curve's step at `oneIn`; null behind its end, where refused and unanswered requests are. */
function latencyAt(curve: readonly CurvePoint[], oneIn: number): number | null {
  const end = curve.at(-1)
  // The last column's oneIn comes out of a power and may be a hair above the end.
  if (end === undefined || oneIn > end.oneIn * (1 + 1e-9)) return null
  return curve.find((point) => point.oneIn >= oneIn)?.latencyNs ?? end.latencyNs
}

/** Ticks by row; of two in adjoining rows only the upper one is labelled. */
function rowLabels(
  ticks: readonly number[],
  rowOf: (ns: number) => number,
): ReadonlyMap<number, string> {
  const labels = new Map<number, string>()
  for (const tick of ticks.toReversed()) {
    const row = rowOf(tick)
    if (!labels.has(row) && !labels.has(row - 1)) labels.set(row, formatRoundTime(tick))
  }
  return labels
}

function percentileAxis(oneInEnd: number, plotColumns: number): string {
  let axis = ''
  for (const oneIn of [2, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]) {
    const text = formatPercentile(oneIn)
    const centre = Math.round((Math.log(oneIn) / Math.log(oneInEnd)) * (plotColumns - 1))
    const start = centre - (text.length >> 1)
    if (start > axis.length && start + text.length <= plotColumns) axis = axis.padEnd(start) + text
  }
  return axis
}
