import { pairReport } from '../../results/compared-pair.ts'
import type { Objective, Report, Trial } from '../../results/schema.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  NOT_AVAILABLE,
  PER_SECOND,
} from '../../words/format.ts'
import { ARM_STYLES } from '../terminal/text.ts'
import {
  type LiveAxis,
  liveCell,
  liveLine,
  liveMarks,
  type LiveOptions,
  type LivePiece,
  rulerColumns,
  rulerHeading,
  rulerLine,
} from './line.ts'
import { liveLoads } from './loads.ts'

const GAP = '  '
const WIDEST_ARM = 24
const TRIALS_COLUMNS = 6
/** `212k/s (> 12.3 ms)`. */
const LOAD_COLUMNS = 18

type Probe = Objective['probes'][number]

/**
 * A line per arm of what the search within the objective knows so far, under a heading: trials, the highest load that
 * kept it and the lowest one that did not, and both on an axis of loads. Empty before the first trial has ended.
 */
function liveSearch(
  { objective, arms }: Pick<Report, 'objective' | 'arms'>,
  currentArm: string | null,
  options: LiveOptions,
): readonly string[] {
  if (objective === null || objective.probes.length === 0) return []
  const { unicode } = options
  const labels = arms.map(({ label }) => label)
  const arm = Math.min(WIDEST_ARM, Math.max(...labels.map((label) => label.length)))
  const used = 2 + arm + TRIALS_COLUMNS + 2 * LOAD_COLUMNS + 3 * GAP.length
  const axis = loadAxis(objective.probes, rulerColumns(options.columns - used - GAP.length))
  const heading = [
    `  ${liveCell('arm', arm, unicode)}`,
    liveCell('trials', TRIALS_COLUMNS, unicode),
    liveCell('highest kept', LOAD_COLUMNS, unicode),
    liveCell('lowest missed', LOAD_COLUMNS, unicode),
    ...(axis === null
      ? []
      : [rulerHeading(axis, [loadText(axis.lowest), loadText(axis.highest)], null)]),
  ]
  const rows = labels.map((label) => {
    const probes = objective.probes.filter((probe) => probe.arm === label)
    const { kept, missed } = boundsOf(probes)
    return [
      `${label === currentArm ? liveMarks(unicode).current : ' '} ${liveCell(label, arm, unicode)}`,
      liveCell(String(probes.length), TRIALS_COLUMNS, unicode, 'right'),
      liveCell(probeText(kept), LOAD_COLUMNS, unicode),
      liveCell(probeText(missed), LOAD_COLUMNS, unicode),
      ...(axis === null ? [] : [boundsLine(axis, kept, missed, unicode)]),
    ]
  })
  return [heading, ...rows].map((cells) => liveLine([{ text: cells.join(GAP) }], options))
}

/** From the lowest load that was tried to the highest; null without room, and while they are the same. */
function loadAxis(probes: readonly Probe[], columns: number): LiveAxis | null {
  const loads = probes.map(({ offeredPerSecond }) => offeredPerSecond)
  const [lowest, highest] = [Math.min(...loads), Math.max(...loads)]
  return columns === 0 || lowest === highest ? null : { lowest, highest, columns }
}

/** The limit lies between them; noise can put them the other way round. */
function boundsOf(probes: readonly Probe[]): {
  kept: Probe | undefined
  missed: Probe | undefined
} {
  const byLoad = probes.toSorted((a, b) => a.offeredPerSecond - b.offeredPerSecond)
  return {
    kept: byLoad.findLast((probe) => probe.kept),
    missed: byLoad.find((probe) => !probe.kept),
  }
}

/** The highest load that was kept as a point, and a band from there to the lowest one that was missed. */
function boundsLine(
  axis: LiveAxis,
  kept: Probe | undefined,
  missed: Probe | undefined,
  unicode: boolean,
): string {
  if (kept === undefined) return rulerLine(axis, null, null, unicode)
  const value = kept.offeredPerSecond
  const upper = missed?.offeredPerSecond ?? value
  const interval = upper > value ? { lower: value, upper } : null
  return rulerLine(axis, { value, interval }, null, unicode)
}

function probeText(probe: Probe | undefined): string {
  if (probe === undefined) return NOT_AVAILABLE
  return `${loadText(probe.offeredPerSecond)} (${formatLatency(probe.latency)})`
}

function loadText(perSecond: number): string {
  return formatQuantity(perSecond, PER_SECOND)
}

const WIDEST_BAR = 40
const NARROWEST_BAR = 10

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
    liveLine(barPieces(report, moment, options), options),
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

/** The bar gives way to what stands behind it. */
function barPieces(
  report: Report,
  { fraction, time }: LiveMoment,
  options: LiveOptions,
): readonly LivePiece[] {
  const marks = liveMarks(options.unicode)
  const text = [time, ...trialsTexts(report), ...machineTexts(report)].join(', ')
  const room = options.columns - GAP.length - text.length
  const columns = Math.max(NARROWEST_BAR, Math.min(WIDEST_BAR, options.columns >> 1, room))
  const done = Math.round(Math.min(1, Math.max(0, fraction)) * columns)
  return [
    { text: marks.done.repeat(done), style: 'cyan' },
    { text: marks.ahead.repeat(columns - done), style: 'dim' },
    { text: GAP + text },
  ]
}

/** `51 of 54 trials`: those that count so far, of the plan’s; with a precision the plan has no number. */
function trialsTexts({ loads, arms, run }: Report): readonly string[] {
  const played = loads.flatMap(({ sets }) => sets.flatMap(({ trials }) => Object.keys(trials)))
  if (played.length === 0) return []
  const planned = run.plannedRounds * loads.length * arms.length
  return [
    run.precision === null ? `${played.length} of ${planned} trials` : `${played.length} trials`,
  ]
}

/** What the latest trial says about other programs, also one that did not count. */
function machineTexts({ loads }: Report): readonly string[] {
  const trials = loads.flatMap(({ sets }) =>
    sets.flatMap(({ trials: counted, discarded }) =>
      [counted, ...discarded.map((earlier) => earlier.trials)].flatMap((one) => Object.values(one)),
    ),
  )
  const latest = trials.reduce<Trial | null>(
    (last, trial) =>
      last === null || trial.startedAtSeconds >= last.startedAtSeconds ? trial : last,
    null,
  )
  const noise = latest?.gates.find(({ name }) => name === 'noise')
  return noise === undefined ? [] : [noise.passed ? 'machine quiet' : 'machine busy']
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
