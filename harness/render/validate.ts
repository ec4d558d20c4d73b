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
import { withEnding } from './calibrate.ts'
import { partialText } from './view/measured.ts'
import { tableBlock, textBlock, type TitledBlocks, type Told, type ViewTable } from './view/view.ts'

const NO_WINNER = new Set(['none', 'inconclusive'])

/**
 * One row per arm and load, in the order in which they were first measured: how many runs, how many of them falsely named a
 * winner, trials that failed a gate; the farthest and the median point estimate from 1, as ratios ≥ 1; and the band within
 * which nineteen of twenty runs stayed, not available for fewer than twenty.
 */
export function identicalRows(
  runs: readonly IdenticalRun[],
  metric: ComparisonName,
): ViewTable['rows'] {
  const groups = Map.groupBy(runs, ({ arm, load }) => JSON.stringify([arm, load]))
  return [...groups.values()].map((group) => {
    const ratios = group.flatMap((run) => run.ratios[metric]?.value ?? [])
    // The band is that of a load, whoever met itself at it.
    const ofLoad = runs
      .filter(({ load }) => load === group[0]?.load)
      .flatMap((run) => run.ratios[metric]?.value ?? [])
    const distances = ratios.map((ratio) => Math.abs(Math.log(ratio))).toSorted((a, b) => a - b)
    return [
      group[0]?.arm ?? '',
      group[0]?.load ?? '',
      String(group.length),
      String(group.filter(({ winner }) => !NO_WINNER.has(winner)).length),
      String(group.reduce((sum, run) => sum + run.markedTrials, 0)),
      ratioText(distances.at(-1) ?? null),
      ratioText(medianOf(distances)),
      ofLoad.length < FEWEST_BAND_RUNS ? NOT_AVAILABLE : formatQuantity(bandOf(ofLoad), RATIO),
    ]
  })
}

function ratioText(distance: number | null): string {
  return distance === null ? NOT_AVAILABLE : formatQuantity(Math.exp(distance), RATIO)
}

/** One figure of a validation in a line, for progress: `staged, 8 servers, 50 %: p99 24.1 ms, expected 23.8 ms, +1.2 %, passed`. */
export function validationRowText(row: ValidationRow): string {
  const [subject, figure, measured, expected, difference] = figureCells(row)
  const parts = [
    `${figure} ${measured}`,
    `expected ${expected}`,
    ...(row.difference === null ? [] : [difference]),
    row.passed ? 'passed' : 'failed',
  ]
  return `${subject}: ${parts.join(', ')}`
}

/** A row of a validation's table, every number formatted; the difference is a dash where it is no ratio. */
function figureCells(row: ValidationRow) {
  const { subject, figure, measured, expected, difference, passed } = row
  return [
    subject,
    figure.replace('p99_9', 'p99.9'),
    figureText(row, measured),
    figureText(row, expected),
    difference === null ? NOT_AVAILABLE : formatDifference(difference),
    passed ? 'yes' : 'NO',
  ] as const
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

/** What A/A runs are judged on. */
const METRIC = 'p99'

/** Figures against what is known beforehand. */
function figureTable(rows: readonly ValidationRow[]): ViewTable {
  return {
    caption: null,
    corner: 'subject',
    columns: columnsOf({ figure: 8, measured: 10, expected: 10, difference: 12, passed: 8 }),
    rows: rows.map(figureCells),
  }
}

/** How far apart an arm and itself appeared, by arm and load. */
function identicalTable(runs: readonly IdenticalRun[]): ViewTable {
  return {
    caption: null,
    corner: 'arm',
    columns: columnsOf({
      load: 7,
      runs: 6,
      'winners named': 9,
      marked: 8,
      largest: 9,
      median: 8,
      band: 8,
    }),
    rows: identicalRows(runs, METRIC),
  }
}

function columnsOf(widths: Readonly<Record<string, number>>): ViewTable['columns'] {
  return Object.entries(widths).map(([heading, width]) => ({ heading, width }))
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

/** A validation, as everything that shows it takes it: one sentence overall, each part with its figures, then every note. */
export function validationView(validation: Validation): Told {
  const { quick, notes, warnings } = validation
  return {
    answer: overallSentence(validation),
    partial: partialText('validation', withEnding(validation)),
    marked: null,
    further: [quick ? 'Quick: fewer and shorter trials, and no A/A band.' : null],
    sections: [
      ...VALIDATION_PARTS.map((part) => partSection(validation, part)),
      { title: null, blocks: notes.map((text) => textBlock(text)) },
    ],
    warnings,
  }
}

/** A validation in one sentence. A part may have several summaries, one per arm: it passed if all of them did. */
function overallSentence({ summaries }: Pick<Validation, 'summaries'>): string {
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

function partSection(validation: Validation, part: ValidationPart): TitledBlocks {
  const rows = validation.rows.filter((row) => row.part === part)
  const runs = part === 'aa' ? validation.identicalRuns : []
  const summaries = validation.summaries
    .filter((summary) => summary.part === part)
    .map(({ passed, sentence }) =>
      textBlock(`${passed ? 'passed' : 'failed'}: ${sentence}`, passed ? undefined : 'alarm'),
    )
  return {
    title: PART_TITLES[part],
    blocks: [
      ...summaries,
      // The summaries say what A/A rows count.
      part === 'aa' || rows.length === 0 ? null : tableBlock(figureTable(rows)),
      runs.length === 0 ? null : tableBlock(identicalTable(runs)),
      ...failureNotes(rows).map((text) => textBlock(text, 'doubt')),
    ],
  }
}

/** Why rows may have failed. */
function failureNotes(rows: readonly ValidationRow[]): readonly string[] {
  return rows
    .filter(({ passed, note }) => !passed && note !== '')
    .map(({ subject, figure, note }) => `${subject}, ${figure}: ${note}`)
}
