import { plainTable } from '../terminal/table.ts'
import {
  indented,
  type Paint,
  paintFor,
  type TerminalOptions,
  textColumns,
  warningText,
  wrap,
} from '../terminal/text.ts'
import type { Section, View, ViewTable } from './view.ts'

/** A view as text: the answer, pictures, numbers, every reason to doubt them. Ends without a line break. */
export function terminalView(view: View, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const blocks = [
    answerBlock(view, columns, paint),
    ...view.sections.flatMap((section) => sectionBlocks(section, columns, paint)),
    view.warnings.map((warning) => warningText(warning, columns, paint)).join('\n'),
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

function answerBlock(
  { answer, partial, marked, further }: View,
  columns: number,
  paint: Paint,
): string {
  return [
    paint('bold', wrap(answer, columns, 0)),
    ...(partial === null ? [] : [paint('red', wrap(partial, columns, 0))]),
    ...(marked === null ? [] : [paint('yellow', wrap(marked, columns, 0))]),
    ...further.filter((text) => text !== null).map((text) => wrap(text, columns, 0)),
  ].join('\n')
}

function sectionBlocks(section: Section, columns: number, paint: Paint): readonly string[] {
  switch (section.kind) {
    case 'chart':
      return section.text === undefined ? [] : [section.text(columns, paint)]
    case 'list': {
      const items = section.items.map((item) => indented(item, columns))
      return [[paint('bold', section.title), ...items].join('\n')]
    }
    case 'tables': {
      const { note } = section
      return [
        ...section.tables.map((table) => tableBlock(table, columns, paint)),
        ...(note === null ? [] : [wrap(note, columns, 0)]),
      ]
    }
  }
}

function tableBlock(table: ViewTable, columns: number, paint: Paint): string {
  const { caption, corner, widestLabel = Number.POSITIVE_INFINITY, rows, narrowBelow = 0 } = table
  const isNarrow = columns < narrowBelow
  const widths = table.columns.map(({ width, narrowWidth = width }) =>
    isNarrow ? narrowWidth : width,
  )
  const isShown = (_: unknown, place: number): boolean => widths[place] !== null
  const shown = table.columns.flatMap(({ heading }, place) => {
    const width = widths[place]
    return width === null || width === undefined ? [] : [{ heading, width }]
  })
  const left = columns - shown.reduce((sum, { width }) => sum + width, 0)
  const text = plainTable(
    [{ heading: corner, width: Math.min(widestLabel, left), align: 'left' }, ...shown],
    rows.map(([label, ...cells]) => [label, ...cells.filter(isShown)]),
  )
  return caption === null ? text : `${paint('bold', wrap(caption, columns, 0))}\n${text}`
}
