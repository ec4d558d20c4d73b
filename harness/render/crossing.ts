import type { CrossingSearch } from '../results/crossing.ts'
import { crossingPredictionText } from './crossing-prediction.ts'
import {
  crossingLoadText,
  crossingSentence,
  effortText,
  incompleteCrossingText,
} from './crossing-sentence.ts'
import { crossingTable, crossingTableNote } from './crossing-table.ts'
import { plainTable } from './plain-table.ts'
import { markedSweepText } from './sweep-sentence.ts'
import { paintFor, type TerminalOptions, textColumns } from './terminal-options.ts'
import type { Paint } from './terminal-table.ts'
import { wrap } from './terminal-text.ts'
import { warningText } from './warning-text.ts'

const COLUMNS = { pairs: 7, ratio: 32, fit: 10 }
const WIDEST_VALUE = 22

/** A search as text: the answer, the numbers, every reason to doubt them. Ends without a line break. */
export function renderCrossing(search: CrossingSearch, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const sections = [
    answerSection(search, columns, paint),
    tableSection(search, columns),
    search.warnings.map((warning) => warningText(warning, columns, paint)).join('\n'),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function answerSection(search: CrossingSearch, columns: number, paint: Paint): string {
  const notice = incompleteCrossingText(search)
  const marked = markedSweepText(search)
  const further = [crossingPredictionText(search), crossingLoadText(search), effortText(search)]
  return [
    paint('bold', wrap(crossingSentence(search), columns, 0)),
    ...(notice === null ? [] : [paint('red', wrap(notice, columns, 0))]),
    ...(marked === null ? [] : [paint('yellow', wrap(marked, columns, 0))]),
    ...further.filter((text) => text !== null).map((text) => wrap(text, columns, 0)),
  ].join('\n')
}

function tableSection(search: CrossingSearch, columns: number): string {
  const { headings, rows } = crossingTable(search)
  if (rows.length === 0) return ''
  const others = COLUMNS.pairs + COLUMNS.ratio + COLUMNS.fit
  const [value, pairs, ratio, fit] = headings
  const table = plainTable(
    [
      { heading: value, width: Math.min(WIDEST_VALUE, columns - others), align: 'left' },
      { heading: pairs, width: COLUMNS.pairs },
      { heading: ratio.length < COLUMNS.ratio ? ratio : 'second ÷ first', width: COLUMNS.ratio },
      { heading: fit, width: COLUMNS.fit },
    ],
    rows,
  )
  return `${table}\n${wrap(crossingTableNote(search), columns, 0)}`
}
