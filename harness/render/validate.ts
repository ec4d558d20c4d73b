import type { ComparisonName } from '../results/schema.ts'
import {
  type IdenticalRun,
  type Validation,
  VALIDATION_PARTS,
  type ValidationPart,
  type ValidationRow,
} from '../results/validate.ts'
import { bandOf, FEWEST_BAND_RUNS } from '../stats/verdict.ts'
import {
  COUNT,
  formatDifference,
  formatQuantity,
  formatTime,
  NOT_AVAILABLE,
  RATIO,
} from '../words/format.ts'
import { medianOf } from './report/pair-figures.ts'
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

/** What the A/A runs of one arm at one load showed of a metric, formatted. */
interface IdenticalRow {
  readonly arm: string
  readonly load: string
  readonly runs: string
  /** Runs whose verdict, falsely, named a winner. */
  readonly winnersNamed: string
  /** Trials that failed a gate. */
  readonly marked: string
  /** Farthest point estimate from 1, as a ratio ≥ 1. */
  readonly largest: string
  readonly median: string
  /** Nineteen of twenty runs stayed within this ratio; not available for fewer than twenty. */
  readonly band: string
}

const NO_WINNER = new Set(['none', 'inconclusive'])

/** One row per arm and load, in the order in which they were first measured. */
export function identicalRows(
  runs: readonly IdenticalRun[],
  metric: ComparisonName,
): readonly IdenticalRow[] {
  const groups = Map.groupBy(runs, ({ arm, load }) => JSON.stringify([arm, load]))
  return [...groups.values()].map((group) => {
    const ratios = group.flatMap((run) => run.ratios[metric]?.value ?? [])
    // The band is that of a load, whoever met itself at it.
    const ofLoad = runs
      .filter(({ load }) => load === group[0]?.load)
      .flatMap((run) => run.ratios[metric]?.value ?? [])
    const distances = ratios.map((ratio) => Math.abs(Math.log(ratio))).toSorted((a, b) => a - b)
    return {
      arm: group[0]?.arm ?? '',
      load: group[0]?.load ?? '',
      runs: String(group.length),
      winnersNamed: String(group.filter(({ winner }) => !NO_WINNER.has(winner)).length),
      marked: String(group.reduce((sum, run) => sum + run.markedTrials, 0)),
      largest: ratioText(distances.at(-1) ?? null),
      median: ratioText(medianOf(distances)),
      band:
        ofLoad.length < FEWEST_BAND_RUNS ? NOT_AVAILABLE : formatQuantity(bandOf(ofLoad), RATIO),
    }
  })
}

function ratioText(distance: number | null): string {
  return distance === null ? NOT_AVAILABLE : formatQuantity(Math.exp(distance), RATIO)
}

/** One figure of a validation in a line, for progress: `staged, 8 servers, 50 %: p99 24.1 ms, expected 23.8 ms, +1.2 %, passed`. */
export function validationRowText(row: ValidationRow): string {
  const { subject, figure, measured, expected, difference, passed } = validationCells(row)
  const parts = [
    `${figure} ${measured}`,
    `expected ${expected}`,
    ...(row.difference === null ? [] : [difference]),
    passed ? 'passed' : 'failed',
  ]
  return `${subject}: ${parts.join(', ')}`
}

/** A figure of a validation, every number formatted. */
interface ValidationCells {
  readonly subject: string
  readonly figure: string
  readonly measured: string
  readonly expected: string
  /** `+1.2 %`, or a dash where it is no ratio. */
  readonly difference: string
  readonly passed: boolean
}

/** A row of a validation's table. */
function validationCells(row: ValidationRow): ValidationCells {
  const { subject, figure, difference, passed } = row
  return {
    subject,
    figure: figure.replace('p99_9', 'p99.9'),
    measured: figureText(row, row.measured),
    expected: figureText(row, row.expected),
    difference: difference === null ? NOT_AVAILABLE : formatDifference(difference),
    passed,
  }
}

function figureText({ unit }: ValidationRow, value: number): string {
  switch (unit) {
    case 'ns':
      return formatTime(value)
    case 'verdicts':
      return formatQuantity(value, COUNT)
    case '×':
      return formatQuantity(value, RATIO)
  }
}

/** Both tables leave what the other columns do not take to their first one. */
const FIGURE_COLUMNS = [8, 10, 10, 12, 8] as const
const IDENTICAL_COLUMNS = [7, 6, 9, 8, 9, 8, 8] as const
/** What A/A runs are judged on. */
const METRIC = 'p99'

/** Figures against what is known beforehand. */
function figureTable(rows: readonly ValidationRow[], columns: number): string {
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
function identicalTable(runs: readonly IdenticalRun[], columns: number): string {
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

const PART_NAMES: Readonly<Record<ValidationPart, string>> = {
  theory: 'theory',
  aa: 'A/A',
  planted: 'planted differences',
  omission: 'coordinated omission',
  engine: 'flags of the runtime',
}
const PART_TITLES: Readonly<Record<ValidationPart, string>> = {
  theory: 'Theory: latencies against the exact recursions on the same trace',
  aa: 'A/A: an architecture against itself; p99 ratios as distances from 1',
  planted: 'Planted: an architecture against itself whose services are longer by a known share',
  omission: 'Coordinated omission: latencies around a server frozen for a known time',
  engine:
    'Engine: the same comparison under the harness’s flags of the runtime and under node’s own',
}

/** A validation as text: one sentence overall, each part with its figures, then every note and warning. Ends without a line break. */
export function renderValidation(validation: Validation, options: TerminalOptions): string {
  const columns = textColumns(options)
  const paint = paintFor(options)
  const sections = [
    overallSection(validation, columns, paint),
    ...VALIDATION_PARTS.map((part) => partSection(validation, part, columns, paint)),
    validation.notes.map((note) => wrap(note, columns, 0)).join('\n'),
    validation.warnings.map((warning) => warningText(warning, columns, paint)).join('\n'),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function overallSection(validation: Validation, columns: number, paint: Paint): string {
  const lines = [paint('bold', wrap(overallSentence(validation), columns, 0))]
  if (!validation.complete) {
    lines.push(
      paint(
        'red',
        wrap(
          `This validation is incomplete: ${validation.ending ?? 'it did not come to its end'}.`,
          columns,
          0,
        ),
      ),
    )
  }
  if (validation.quick) {
    lines.push(paint('dim', wrap('Quick: fewer and shorter trials, and no A/A band.', columns, 0)))
  }
  return lines.join('\n')
}

/** A validation in one sentence. A part may have several summaries, one per arm: it passed if all of them did. */
export function overallSentence({ summaries }: Pick<Validation, 'summaries'>): string {
  const checks = VALIDATION_PARTS.filter((part) => summaries.some((each) => each.part === part))
  const failed = checks.filter((part) =>
    summaries.some((each) => each.part === part && !each.passed),
  )
  const names = (parts: readonly ValidationPart[]): string =>
    parts.map((part) => PART_NAMES[part]).join(', ')
  if (checks.length === 0) return 'Nothing was checked.'
  if (failed.length === 0) {
    return checks.length === 1
      ? `The only check passed: ${names(checks)}.`
      : `All checks passed: ${names(checks)}.`
  }
  return `${checks.length - failed.length} of ${checks.length} checks passed: ${names(failed)} failed.`
}

function partSection(
  validation: Validation,
  part: ValidationPart,
  columns: number,
  paint: Paint,
): string {
  const rows = validation.rows.filter((row) => row.part === part)
  const summaries = validation.summaries.filter((summary) => summary.part === part)
  const runs = part === 'aa' ? validation.identicalRuns : []
  if (rows.length === 0 && summaries.length === 0 && runs.length === 0) return ''
  return [
    paint('bold', wrap(PART_TITLES[part], columns, 0)),
    ...summaries.map(({ passed, sentence }) => {
      const line = indented(`${passed ? 'passed' : 'failed'}: ${sentence}`, columns)
      return passed ? line : paint('red', line)
    }),
    // The summaries say what A/A rows count.
    ...(part === 'aa' || rows.length === 0 ? [] : [figureTable(rows, columns)]),
    ...(runs.length === 0 ? [] : [identicalTable(runs, columns)]),
    ...failureNotes(rows).map((note) => paint('yellow', indented(note, columns))),
  ].join('\n')
}

/** Why rows may have failed. */
function failureNotes(rows: readonly ValidationRow[]): readonly string[] {
  return rows
    .filter(({ passed, note }) => !passed && note !== '')
    .map(({ subject, figure, note }) => `${subject}, ${figure}: ${note}`)
}
