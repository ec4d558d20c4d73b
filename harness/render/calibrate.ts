import {
  type Calibration,
  type CalibrationRow,
  type Claim,
  PAIR_ROWS,
  SINGLE_ROWS,
} from '../results/calibrate.ts'
import type { Standing } from '../results/measurement.ts'
import { formatEstimate, formatShare, formatTime, RATIO, TIME } from '../words/format.ts'
import { partialText } from './view/measured.ts'
import {
  tableBlock,
  type TableSection,
  textBlock,
  type TitledBlocks,
  type Told,
  type ViewTable,
} from './view/view.ts'

const NOT_MEASURED = 'not available'

/** There is room for the interval of the 99th percentile on a wide terminal. */
const WIDE = 96

/** A calibration, as everything that shows it takes it: both tables, what limits them, the claims. */
export function calibrationView(calibration: Calibration): Told {
  const { environment, cpus, rows, claims, warnings } = calibration
  const { cpu, platform, kernel, node } = environment
  const where = `${cpu}, ${cpus.length === 1 ? 'processor' : 'processors'} ${cpus.join(', ')}; ${platform}, kernel ${kernel}; node ${node}`
  return {
    answer: 'What the building blocks cost on this machine',
    short: shortText(calibration),
    partial: partialText('calibration', withEnding(calibration)),
    marked: null,
    further: [where, intervalSentence(rows)],
    sections: [
      ...costSections('One thread', rows, SINGLE_ROWS),
      ...costSections('Two threads, and waits', rows, PAIR_ROWS),
      {
        title: null,
        blocks: [...absentNotes(rows), ...sourceNotes(rows)].map((text) => ({
          ...textBlock(text),
          hanging: 2,
        })),
      },
      ...claims.map((claim) => claimSection(claim, calibration)),
    ],
    warnings,
  }
}

/** A measurement of the machine is never shown before it has ended; files of before endings were kept do not say why. */
export function withEnding({ complete, ending }: Standing): Standing {
  return { complete, ending: ending ?? 'it did not come to its end' }
}

/** `19 of 20 building blocks were measured. C15, …: confirmed.` */
function shortText({ rows, claims }: Calibration): string {
  const measured = rows.filter(({ median }) => median !== null).length
  const said = claims.map(({ id, statement, verdict }) => ` ${id}, ${statement}: ${verdict}.`)
  return `${measured} of ${rows.length} building blocks were measured.${said.join('')}`
}

/** What the numbers are, with the lowest confidence of all. */
function intervalSentence(rows: readonly CalibrationRow[]): string {
  const levels = rows.flatMap(({ median }) => (median?.level == null ? [] : [median.level]))
  if (levels.length === 0) return 'Nothing was measured.'
  return `Medians of n rounds, in brackets exact intervals of at least ${formatShare(Math.min(...levels))}; p99 likewise.`
}

/** Costs, one row per building block; with a column for those that sleep where there are some. */
function costSections(
  title: string,
  all: readonly CalibrationRow[],
  names: readonly string[],
): readonly TableSection[] {
  const rows = all.filter(({ name }) => names.includes(name))
  if (rows.length === 0) return []
  const hasTails = rows.some(({ p99 }) => p99 !== null)
  const p99 = { heading: 'p99', width: 24, narrowWidth: 10, isBriefWhereNarrow: true }
  const table: ViewTable = {
    caption: title,
    corner: 'building block',
    columns: [
      { heading: 'median', width: 24 },
      ...(hasTails ? [p99] : []),
      { heading: 'n', width: 4 },
      { heading: 'in principle', width: 13 },
    ],
    rows: rows.map(({ label, median, p99: tail, inPrinciple }) => [
      label,
      median === null ? NOT_MEASURED : formatEstimate(median, TIME),
      ...(hasTails ? [tail === null ? '' : formatEstimate(tail, TIME)] : []),
      median === null ? '' : String(median.n),
      inPrinciple === null ? '' : formatTime(inPrinciple.ns),
    ]),
    narrowBelow: WIDE,
  }
  return [{ kind: 'tables', title, tables: [table], note: null }]
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

/** A claim with the ratios that it rests on. */
function claimSection(claim: Claim, { cpus }: Calibration): TitledBlocks {
  const { id, statement, threshold, verdict, comparisons } = claim
  const explanation =
    cpus.length > 1
      ? 'The hop wakes a thread of another processor; the switch has both threads on one, and is the cheaper.'
      : 'All threads were on one processor.'
  const table: ViewTable = {
    caption: null,
    corner: 'comparison',
    columns: [
      { heading: 'ratio', width: 26 },
      { heading: 'verdict', width: 11 },
    ],
    rows: comparisons.map(({ numerator, denominator, ratio, verdict: said }) => [
      `${numerator} ÷ ${denominator}`,
      ratio === null ? NOT_MEASURED : formatEstimate(ratio, RATIO),
      said,
    ]),
  }
  return {
    title: `Claim ${id}, ${statement} (at least ${threshold}×): ${verdict}`,
    blocks: [textBlock(explanation), tableBlock(table)],
  }
}
