import type { Objective, Report } from '../results/schema.ts'
import { formatLatency, formatQuantity, NOT_AVAILABLE, PER_SECOND } from './format.ts'
import { liveCell, liveLine, type LiveOptions } from './live-line.ts'
import { liveMarks } from './live-marks.ts'
import { type LiveAxis, rulerColumns, rulerHeading, rulerLine } from './live-ruler.ts'

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
export function liveSearch(
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
