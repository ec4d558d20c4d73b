import type { Sweep } from '../results/sweep.ts'
import { plainTable } from './plain-table.ts'
import { sweepPredictionText } from './sweep-prediction.ts'
import {
  incompleteSweepText,
  loadSentence,
  markedSweepText,
  scalingSentence,
  slopeSentence,
  sweepSentence,
} from './sweep-sentence.ts'
import { intervalNote, type SweepTable, sweepTables } from './sweep-table.ts'
import { paintFor, type TerminalOptions, textColumns } from './terminal-options.ts'
import type { Paint } from './terminal-table.ts'
import { wrap } from './terminal-text.ts'
import { warningText } from './warning-text.ts'

/** A figure with its interval; two lines of one on a narrow terminal. */
const FIGURE_COLUMNS = 22
const NARROW_FIGURE_COLUMNS = 18
const WIDE = 80
const WIDEST_PARAMETER = 16

/** A sweep as text: the answer, the numbers, every reason to doubt them. Ends without a line break. */
export function renderSweep(sweep: Sweep, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const sections = [
    answerSection(sweep, columns, paint),
    ...sweepTables(sweep).map((table) => tableSection(table, columns, paint)),
    wrap(intervalNote(sweep), columns, 0),
    sweep.warnings.map((warning) => warningText(warning, columns, paint)).join('\n'),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function answerSection(sweep: Sweep, columns: number, paint: Paint): string {
  const notice = incompleteSweepText(sweep)
  const marked = markedSweepText(sweep)
  const further = [
    sweepPredictionText(sweep),
    loadSentence(sweep),
    scalingSentence(sweep),
    slopeSentence(sweep),
  ]
  return [
    paint('bold', wrap(sweepSentence(sweep), columns, 0)),
    ...(notice === null ? [] : [paint('red', wrap(notice, columns, 0))]),
    ...(marked === null ? [] : [paint('yellow', wrap(marked, columns, 0))]),
    ...further.filter((text) => text !== null).map((text) => wrap(text, columns, 0)),
  ].join('\n')
}

function tableSection(
  { title, headings, rows, isJudged }: SweepTable,
  columns: number,
  paint: Paint,
): string {
  const width = columns >= WIDE ? FIGURE_COLUMNS : NARROW_FIGURE_COLUMNS
  const [parameter = '', ...figures] = headings
  const table = plainTable(
    [
      {
        heading: parameter,
        width: Math.min(WIDEST_PARAMETER, columns - figures.length * width),
        align: 'left',
      },
      ...figures.map((heading) => ({ heading, width })),
    ],
    rows,
  )
  const heading = isJudged ? `${title}: outcomes are on this` : title
  return `${paint('bold', wrap(heading, columns, 0))}\n${table}`
}
