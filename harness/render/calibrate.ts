import {
  type Calibration,
  type CalibrationRow,
  type Claim,
  PAIR_ROWS,
  SINGLE_ROWS,
} from '../results/calibrate.ts'
import type { Estimate } from '../results/schema.ts'
import { formatEstimate, formatShare, formatTime, RATIO, TIME } from '../words/format.ts'
import { plainTable } from './terminal/table.ts'
import {
  indented,
  type Paint,
  paintFor,
  type TerminalOptions,
  textColumns,
  warningText,
  wrap,
} from './terminal/text.ts'

const NOT_MEASURED = 'not available'

const MEDIAN_COLUMNS = 24
const ROUNDS_COLUMNS = 4
const IN_PRINCIPLE_COLUMNS = 13
/** With and without the interval of the 99th percentile: there is room for it on a wide terminal. */
const TAIL_COLUMNS = { wide: 24, narrow: 10 }
const WIDE = 96
const RATIO_COLUMNS = 26
const VERDICT_COLUMNS = 11

/** Costs, one row per building block. @param hasTails whether some of them sleep. */
function costTable(rows: readonly CalibrationRow[], hasTails: boolean, columns: number): string {
  const isWide = columns >= WIDE
  const tailColumns = hasTails ? (isWide ? TAIL_COLUMNS.wide : TAIL_COLUMNS.narrow) : 0
  const taken = MEDIAN_COLUMNS + tailColumns + ROUNDS_COLUMNS + IN_PRINCIPLE_COLUMNS
  const tail = (p99: Estimate | null) =>
    p99 === null ? '' : isWide ? formatEstimate(p99, TIME) : formatTime(p99.value)
  return plainTable(
    [
      { heading: 'building block', width: columns - taken, align: 'left' },
      { heading: 'median', width: MEDIAN_COLUMNS },
      ...(hasTails ? [{ heading: 'p99', width: tailColumns }] : []),
      { heading: 'n', width: ROUNDS_COLUMNS },
      { heading: 'in principle', width: IN_PRINCIPLE_COLUMNS },
    ],
    rows.map(({ label, median, p99, inPrinciple }) => [
      label,
      median === null ? NOT_MEASURED : formatEstimate(median, TIME),
      ...(hasTails ? [tail(p99)] : []),
      median === null ? '' : String(median.n),
      inPrinciple === null ? '' : formatTime(inPrinciple.ns),
    ]),
  )
}

/** The ratios that a claim rests on. */
function claimTable({ comparisons }: Claim, columns: number): string {
  return plainTable(
    [
      {
        heading: 'comparison',
        width: columns - RATIO_COLUMNS - VERDICT_COLUMNS,
        align: 'left',
      },
      { heading: 'ratio', width: RATIO_COLUMNS },
      { heading: 'verdict', width: VERDICT_COLUMNS },
    ],
    comparisons.map(({ numerator, denominator, ratio, verdict }) => [
      `${numerator} ÷ ${denominator}`,
      ratio === null ? NOT_MEASURED : formatEstimate(ratio, RATIO),
      verdict,
    ]),
  )
}

/** A calibration as text: both tables, what limits them, the claim, every warning. Ends without a line break. */
export function renderCalibration(calibration: Calibration, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const rowsOf = (names: readonly string[]) =>
    calibration.rows.filter(({ name }) => names.includes(name))
  const sections = [
    heading(calibration, columns, paint),
    costSection('One thread', rowsOf(SINGLE_ROWS), columns, paint),
    costSection('Two threads, and waits', rowsOf(PAIR_ROWS), columns, paint),
    [...absentNotes(calibration.rows), ...sourceNotes(calibration.rows)]
      .map((note) => wrap(note, columns, 2))
      .join('\n'),
    ...calibration.claims.map((claim) => claimSection(claim, calibration, columns, paint)),
    calibration.warnings.map((warning) => warningText(warning, columns, paint)).join('\n'),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function heading(calibration: Calibration, columns: number, paint: Paint): string {
  const { environment, cpus, complete, ending, rows } = calibration
  const where = `${environment.cpu}, ${cpus.length === 1 ? 'processor' : 'processors'} ${cpus.join(', ')}; ${environment.platform}, kernel ${environment.kernel}; node ${environment.node}`
  const lines = [
    paint('bold', wrap('What the building blocks cost on this machine', columns, 0)),
    paint('dim', wrap(where, columns, 0)),
    paint('dim', wrap(intervalSentence(rows), columns, 0)),
  ]
  if (!complete) {
    const sentence = `This calibration is incomplete: ${ending ?? 'it did not come to its end'}.`
    lines.push(paint('red', wrap(sentence, columns, 0)))
  }
  return lines.join('\n')
}

/** What the numbers are, with the lowest confidence of all. */
function intervalSentence(rows: readonly CalibrationRow[]): string {
  const levels = rows.flatMap(({ median }) => (median?.level == null ? [] : [median.level]))
  if (levels.length === 0) return 'Nothing was measured.'
  return `Medians of n rounds, in brackets exact intervals of at least ${formatShare(Math.min(...levels))}; p99 likewise.`
}

function costSection(
  title: string,
  rows: readonly CalibrationRow[],
  columns: number,
  paint: Paint,
): string {
  if (rows.length === 0) return ''
  const hasTails = rows.some(({ p99 }) => p99 !== null)
  return `${paint('bold', title)}\n${costTable(rows, hasTails, columns)}`
}

function absentNotes(rows: readonly CalibrationRow[]): readonly string[] {
  const byNote = Map.groupBy(
    rows.filter(({ median, note }) => median === null && note !== ''),
    ({ note }) => note,
  )
  return [...byNote].map(([note, of]) => `not available (${note}): ${labels(of)}`)
}

/** Where the figures of the last column come from: the most common source without the rows' names. */
function sourceNotes(rows: readonly CalibrationRow[]): readonly string[] {
  const bySource = Map.groupBy(
    rows.filter(({ inPrinciple }) => inPrinciple !== null),
    ({ inPrinciple }) => inPrinciple?.source ?? '',
  )
  return [...bySource]
    .toSorted(([, some], [, others]) => others.length - some.length)
    .map(([source, of], index) =>
      index === 0 ? `in principle: ${source}` : `in principle, for ${labels(of)}: ${source}`,
    )
}

function labels(rows: readonly CalibrationRow[]): string {
  return rows.map(({ label }) => label).join(' · ')
}

function claimSection(claim: Claim, { cpus }: Calibration, columns: number, paint: Paint): string {
  const { id, statement, threshold, verdict } = claim
  const sentence = `Claim ${id}, ${statement} (at least ${threshold}×): ${verdict}`
  const explanation =
    cpus.length > 1
      ? 'The hop wakes a thread of another processor; the switch has both threads on one, and is the cheaper.'
      : 'All threads were on one processor.'
  return [
    paint('bold', wrap(sentence, columns, 0)),
    indented(explanation, columns),
    claimTable(claim, columns),
  ].join('\n')
}
