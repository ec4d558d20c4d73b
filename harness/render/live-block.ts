import { pairReport } from '../results/compared-pair.ts'
import type { Report } from '../results/schema.ts'
import { formatEstimate, PER_SECOND } from './format.ts'
import { liveLine, type LiveOptions, type LivePiece } from './live-line.ts'
import { liveLoads } from './live-loads.ts'
import { liveMarks } from './live-marks.ts'
import { liveSearch } from './live-search.ts'
import { ARM_STYLES } from './terminal-table.ts'

const WIDEST_BAR = 40

/** A moment of a run, in words and figures. */
export interface LiveMoment {
  /** Where this run stands among several; null when it is the only one. */
  readonly place: string | null
  /** Scenario, phase, and what is being measured. */
  readonly subject: string
  /** Said behind the subject where there is room. */
  readonly profile: string
  /** Share of the run's time that has passed, 0 … 1. */
  readonly fraction: number
  /** That share and what is left, in words. */
  readonly time: string
  /** Label of the load that is being measured; null in other phases. */
  readonly load: string | null
  /** Label of the arm that is being measured, or was just now; null while all are at work. */
  readonly arm: string | null
}

/** What a terminal shows of a run at this moment: at most `options.rows` lines, 8 at least, none longer than its columns. */
export function liveBlock(
  report: Report,
  moment: LiveMoment,
  options: LiveOptions,
): readonly string[] {
  const head = [
    ...(moment.place === null ? [] : [liveLine([{ text: moment.place }], options)]),
    liveLine([{ text: subjectText(moment, options), style: 'bold' }], options),
    liveLine(barPieces(moment, options), options),
  ]
  const rows = options.rows - head.length
  const search = liveSearch(report, moment.arm, options)
  const capacities = isMeasured(report) ? [] : capacityLines(report, options)
  const loads = liveLoads(pairReport(report), moment.load, rows, options)
  const found = [search, capacities, loads].find((lines) => lines.length > 0)
  return [...head, ...(found ?? [])]
}

function subjectText({ subject, profile }: LiveMoment, { columns }: LiveOptions): string {
  const whole = `${subject}, ${profile}`
  return whole.length <= columns ? whole : subject
}

function barPieces({ fraction, time }: LiveMoment, options: LiveOptions): readonly LivePiece[] {
  const marks = liveMarks(options.unicode)
  const columns = Math.min(WIDEST_BAR, options.columns >> 1)
  const done = Math.round(Math.min(1, Math.max(0, fraction)) * columns)
  return [
    { text: marks.done.repeat(done), style: 'cyan' },
    { text: marks.ahead.repeat(columns - done), style: 'dim' },
    { text: `  ${time}` },
  ]
}

/** Whether any load has a trial: a run may list its loads before. */
function isMeasured({ loads }: Report): boolean {
  return loads.some(({ sets }) => sets.some(({ trials }) => Object.keys(trials).length > 0))
}

/** What is known before the first load. */
function capacityLines({ arms, capacity }: Report, options: LiveOptions): readonly string[] {
  return arms.flatMap(({ label }, index) => {
    const estimate = capacity?.sustained[label] ?? capacity?.saturated[label]
    if (estimate === undefined) return []
    const pieces: readonly LivePiece[] = [
      { text: '  capacity of ' },
      { text: label, style: ARM_STYLES[index] ?? 'white' },
      { text: `: ${formatEstimate(estimate, PER_SECOND)}` },
    ]
    return [liveLine(pieces, options)]
  })
}
