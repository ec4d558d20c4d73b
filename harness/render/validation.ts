import {
  type Validation,
  VALIDATION_PARTS,
  type ValidationPart,
  type ValidationRow,
} from '../results/validation.ts'
import { paintFor, textColumns, type TerminalOptions } from './terminal-options.ts'
import type { Paint } from './terminal-table.ts'
import { indented, wrap } from './terminal-text.ts'
import { warningText } from './warning-text.ts'
import { figureTable, identicalTable } from './validation-table.ts'

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
