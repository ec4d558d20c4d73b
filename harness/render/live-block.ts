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
  /** Label of the arm that is being measured, or was just now. */
  readonly arm: string
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
  const loads = liveLoads(report, moment.load, rows, options)
  const found = search.length > 0 ? search : loads
  return [...head, ...(found.length > 0 ? found : capacityLines(report, options))]
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

/** What is known before the first load. */
function capacityLines({ arms, capacity }: Report, options: LiveOptions): readonly string[] {
  return arms.flatMap(({ label }, index) => {
    const estimate = capacity?.arms[label]
    if (estimate === undefined) return []
    const pieces: readonly LivePiece[] = [
      { text: '  capacity of ' },
      { text: label, style: ARM_STYLES[index] ?? 'white' },
      { text: `: ${formatEstimate(estimate, PER_SECOND)}` },
    ]
    return [liveLine(pieces, options)]
  })
}
