import type { IdenticalRun, ValidationRow } from '../results/validation.ts'
import { identicalRows } from './identical-rows.ts'
import { plainTable } from './plain-table.ts'
import { validationCells } from './validation-row.ts'

/** Both tables leave what the other columns do not take to their first one. */
const FIGURE_COLUMNS = [8, 10, 10, 12, 8] as const
const IDENTICAL_COLUMNS = [7, 6, 9, 8, 9, 8, 8] as const
/** What A/A runs are judged on. */
const METRIC = 'p99'

/** Figures against what is known beforehand. */
export function figureTable(rows: readonly ValidationRow[], columns: number): string {
  const headings = ['figure', 'measured', 'expected', 'difference', 'passed']
  return plainTable(
    [
      { heading: 'subject', width: columns - sumOf(FIGURE_COLUMNS), align: 'left' },
      ...FIGURE_COLUMNS.map((width, index) => ({ heading: headings[index] ?? '', width })),
    ],
    rows
      .map(validationCells)
      .map(({ subject, figure, measured, expected, difference, passed }) => [
        subject,
        figure,
        measured,
        expected,
        difference,
        passed ? 'yes' : 'NO',
      ]),
  )
}

/** How far apart an arm and itself appeared, by arm and load. */
export function identicalTable(runs: readonly IdenticalRun[], columns: number): string {
  const headings = ['load', 'runs', 'winners named', 'marked', 'largest', 'median', 'band']
  return plainTable(
    [
      { heading: 'arm', width: columns - sumOf(IDENTICAL_COLUMNS), align: 'left' },
      ...IDENTICAL_COLUMNS.map((width, index) => ({ heading: headings[index] ?? '', width })),
    ],
    identicalRows(runs, METRIC).map((row) => [
      row.arm,
      row.load,
      row.runs,
      row.winnersNamed,
      row.marked,
      row.largest,
      row.median,
      row.band,
    ]),
  )
}

function sumOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0)
}
