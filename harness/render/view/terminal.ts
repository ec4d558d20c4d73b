import Table from 'cli-table3'
import {
  ARM_STYLES,
  brokenWords,
  indented,
  type Paint,
  paintFor,
  plain,
  type TerminalOptions,
  textColumns,
  warningText,
  wrap,
} from '../terminal/text.ts'
import {
  type Answer,
  type Block,
  type Doubt,
  type ListBlock,
  type ListItem,
  type Section,
  type TextBlock,
  textSection,
  type Told,
  type ViewColumn,
  type ViewTable,
} from './view.ts'

/** A view as text: the answer, pictures, numbers, every reason to doubt them. Ends without a line break. */
export function terminalView(view: Told, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const blocks = [
    answerBlock(view, columns, paint),
    ...view.sections.flatMap((section) => sectionBlocks(section, columns, paint)),
    view.warnings.map((warning) => warningText(warning, columns, paint)).join('\n'),
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

/** Sections alone, the same way. */
export function terminalSections(sections: readonly Section[], options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  return sections
    .flatMap((section) => sectionBlocks(section, columns, paint))
    .filter((block) => block !== '')
    .join('\n\n')
}

function answerBlock(
  { answer, partial, marked, further }: Answer,
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

/** Of sections of one block only lists need their title: charts have their own, tables their captions. */
function sectionBlocks(section: Section, columns: number, paint: Paint): readonly string[] {
  const isTitled = 'blocks' in section || section.kind === 'list'
  const { title, blocks } = textSection(section)
  const texts = blocks.flatMap((block) => blockTexts(block, title !== null, columns, paint))
  if (!isTitled || texts.every((text) => text === '')) return texts
  const heading = title === null ? [] : [paint('bold', wrap(title, columns, 0))]
  return [[...heading, ...texts].join('\n')]
}

function blockTexts(
  block: Block,
  isTitled: boolean,
  columns: number,
  paint: Paint,
): readonly string[] {
  switch (block.kind) {
    case 'chart':
      return block.text === undefined ? [] : [block.text(columns, paint)]
    case 'tables': {
      const { tables, note } = block
      return [
        ...tables.map((table) => tableText(table, columns, paint)),
        ...(note === null ? [] : [wrap(note, columns, 0)]),
      ]
    }
    case 'list':
      return listTexts(block, columns, paint)
    case 'text':
      return [textOf(block, isTitled, columns, paint)]
    case 'heading':
      return [paint('bold', wrap(block.text, columns, 0))]
    case 'doubts':
      return block.items.map((doubt) => doubtText(doubt, columns, paint))
    case 'code':
      return [indented(block.text, columns)]
    case 'terms':
      return block.entries.map(([term, value]) => indented(`${term}: ${value}`, columns))
    case 'folded':
    case 'tabs':
    case 'beside':
    case 'tiles':
    case 'download':
    case 'scenario':
    case 'signs':
    case 'sparks':
    case 'records':
      return []
  }
}

const TONES = {
  muted: 'dim',
  alarm: 'red',
  doubt: 'yellow',
  good: 'green',
  strong: 'bold',
} as const

function textOf(block: TextBlock, isTitled: boolean, columns: number, paint: Paint): string {
  const { label, text, tone, indent = isTitled ? 2 : 0, hanging = indent } = block
  const whole = label === undefined ? text : `${label}: ${text}`
  const wrapped = ' '.repeat(indent) + wrap(whole, columns, hanging)
  return tone === undefined ? wrapped : paint(TONES[tone], wrapped)
}

/** Beside labels that leave a text less than this, each text stands below its own. */
const LEAST_TEXT_COLUMNS = 24

/** Texts beside their labels, which are a column of their own, or below them where those are too long for one. */
function listTexts({ items }: ListBlock, columns: number, paint: Paint): readonly string[] {
  const labels = items.flatMap((item) => (typeof item === 'string' ? [] : [plain(item.label)]))
  const labelColumns = Math.max(...labels.map((label) => label.length)) + 2
  if (columns - labelColumns < LEAST_TEXT_COLUMNS)
    return items.flatMap((item) => {
      if (typeof item === 'string') return indented(item, columns)
      const { label, text, besides = [] } = item
      const below = besides.map((beside) => indented(beside, columns))
      return [
        wrap(brokenWords(plain(label), columns), columns, 0),
        paint('bold', indented(text, columns)),
        ...below,
      ]
    })
  const lines = ({ label, text, besides = [] }: ListItem): readonly string[] => [
    plain(label).padEnd(labelColumns) + paint('bold', wrap(text, columns, labelColumns)),
    ...besides.map((beside) => ' '.repeat(labelColumns) + wrap(beside, columns, labelColumns)),
  ]
  return items.flatMap((item) => (typeof item === 'string' ? indented(item, columns) : lines(item)))
}

/** What could not be compared is no fault of the numbers. */
const WEIGHT_TONES = { void: 'red', doubtful: 'yellow', warning: 'yellow' } as const

function doubtText({ weight, text, cure }: Doubt, columns: number, paint: Paint): string {
  const named = weight ?? 'warning'
  const line = wrap(`${named}: ${text}`, columns, 2)
  const painted = named in WEIGHT_TONES ? paint(WEIGHT_TONES[named as 'void'], line) : line
  return cure === undefined ? painted : `${painted}\n${indented(`→ ${cure}`, columns)}`
}

function tableText(table: ViewTable, columns: number, paint: Paint): string {
  const { caption, corner, rows, judged = [], narrowBelow = 0 } = table
  const isNarrow = columns < narrowBelow
  const widths = columnWidths(table, columns, isNarrow)
  const isShown = (_: unknown, place: number): boolean => widths[place] !== null
  const briefly = (cell: string, place: number): string =>
    isNarrow && table.columns[place]?.isBriefWhereNarrow === true
      ? (cell.split(' (', 1)[0] ?? '')
      : cell
  const groups = (table.groups ?? []).flatMap(({ text, span }) => Array<string>(span).fill(text))
  const shown = table.columns.filter(isShown).map((column, place) => {
    const width = widths.filter((one) => one !== null)[place] ?? 0
    return { ...column, heading: headingOf(column, groups[place] ?? '', width), width }
  })
  const left = columns - shown.reduce((sum, { width }) => sum + width, 0)
  const { widestLabel = Number.POSITIVE_INFINITY } = table
  const text = plainTable(
    [{ heading: corner, width: Math.min(widestLabel, left), align: 'left' }, ...shown],
    rows.map(([label, ...cells]) => [
      judged.includes(label) ? `${label} ←` : label,
      ...cells.map(briefly).filter(isShown),
    ]),
    (line, row, column) => {
      const arm = shown[column - 1]?.arm
      if (row < 0)
        return arm === undefined ? line : paint(ARM_STYLES[Number(arm === 'second')]!, line)
      return judged.includes(rows[row]?.[0] ?? '') ? paint('bold', line) : line
    },
  )
  return caption === null ? text : `${paint('bold', wrap(caption, columns, 0))}\n${text}`
}

/** Behind the first word of the column's group. */
function headingOf(
  { heading, shortHeading = heading }: ViewColumn,
  group: string,
  width: number,
): string {
  const text = plain(heading).length < width ? heading : shortHeading
  return `${plain(group).split(':')[0] ?? ''} ${text}`.trim()
}

/** Null for a column that is left out. */
function columnWidths(
  { columns: all, widestLabel = 0 }: ViewTable,
  columns: number,
  isNarrow: boolean,
): readonly (number | null)[] {
  const fixed = all.map(({ width, narrowWidth = width }) => (isNarrow ? narrowWidth : width))
  const taken = fixed.reduce<number>((sum, width) => sum + (width ?? 0), widestLabel)
  const sharers = fixed.filter((width) => width === undefined).length
  const share = Math.floor((columns - taken) / Math.max(1, sharers))
  return fixed.map((width, place) =>
    width === undefined ? Math.min(all[place]?.widest ?? share, share) : width,
  )
}

/** Characters of cli-table3 without any frame: the numbers are what there is to see. */
const FRAMELESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
} as const

/** A column of a frameless table of the terminal. */
interface PlainColumn {
  readonly heading: string
  /** Characters, the blank before it included. */
  readonly width: number
  /** @default 'right' */
  readonly align?: 'left' | 'right'
}

/**
 * Texts under headings, cells broken where they are too long; lines without blanks at their ends.
 * @param dress colours a line of a cell; the headings' row is -1. Each line by itself: a colour that crosses a line break would
 * run into the next column.
 */
function plainTable(
  columns: readonly PlainColumn[],
  rows: readonly (readonly string[])[],
  dress: (line: string, row: number, column: number) => string = (line) => line,
): string {
  const table = new Table({
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ align }) => align ?? 'right'),
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0 },
    chars: FRAMELESS,
  })
  const cellsOf = (texts: readonly string[], row: number): string[] =>
    texts.map((text, column) => {
      const width = (columns[column]?.width ?? 1) - 1
      const lines = wrap(brokenWords(text, width), width, 0).split('\n')
      return lines.map((line) => dress(line, row, column)).join('\n')
    })
  table.push(
    cellsOf(
      columns.map(({ heading }) => heading),
      -1,
    ),
    ...rows.map(cellsOf),
  )
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
