import type { styleText } from 'node:util'
import Table from 'cli-table3'
import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import { formatQuantity, formatShare, PER_SECOND } from './format.ts'
import { FRAMELESS } from './frameless.ts'
import { unusualMetricText } from './judged-metric.ts'
import { loadSharesText } from './load-shares.ts'
import { intervalLevel, summaryRows } from './summary-rows.ts'
import { breakLabel, plain } from './terminal-text.ts'

/** Colours text, or leaves it alone on a terminal without colours. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

/** Of the first and the second arm in tables and charts, and of those beside them. */
export const ARM_STYLES = ['cyan', 'yellow', 'magenta', 'green'] as const

const LABEL_COLUMNS = 22
const RATIO_COLUMNS = 30
const MARK = ' ←'

/** One load's numbers under its name; empty when no pair is sound. */
export function terminalTable(
  report: PairReport,
  load: PairLoad,
  columns: number,
  paint: Paint,
): string {
  const rows = summaryRows(report, load)
  if (rows.length === 0) return ''
  const labels = report.arms.map((arm) => plain(arm.label))
  const armColumns = (columns - LABEL_COLUMNS - RATIO_COLUMNS) >> 1
  const table = new Table({
    colWidths: [LABEL_COLUMNS, armColumns, armColumns, RATIO_COLUMNS],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0 },
    chars: FRAMELESS,
  })
  table.push([
    '',
    ...labels.map((label, index) =>
      breakLabel(label, armColumns - 1)
        // Each line by itself: a colour that crosses a line break would run into the next column.
        .map((line) => paint(ARM_STYLES[index] ?? 'white', line))
        .join('\n'),
    ),
    ratioHeading(labels, intervalLevel(load)),
  ])
  for (const { label, first, second, ratio, isMarked } of rows) {
    const cells = [isMarked ? label + MARK : label, first, second, ratio]
    table.push(isMarked ? cells.map((cell) => paint('bold', cell)) : cells)
  }
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  const shares = loadSharesText(load)
  const notes = shares === null ? [] : [paint('dim', shares)]
  return [paint('bold', title(load)), ...lines, ...notes].join('\n')
}

function ratioHeading(labels: readonly string[], level: number | null): string {
  const confidence = level === null ? '' : ` (${formatShare(level)})`
  const named = `${labels[1] ?? ''} ÷ ${labels[0] ?? ''}${confidence}`
  return named.length < RATIO_COLUMNS ? named : `second ÷ first${confidence}`
}

function title(load: PairLoad): string {
  const offered =
    load.offeredPerSecond === null
      ? ''
      : `, offered ${formatQuantity(load.offeredPerSecond, PER_SECOND)}`
  return `Load ${plain(load.label)}${offered}, medians over pairs${unusualMetricText(load)}`
}
