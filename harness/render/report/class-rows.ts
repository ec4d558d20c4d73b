import { classNames, loadOfClass } from '../../results/request-class.ts'
import type { ComparisonName, Load, Report, Trial } from '../../results/schema.ts'
import { ratioOverPairs } from '../../stats/ratio-over-pairs.ts'
import { logsOver, saturatedAmong, wholeRounds } from '../../stats/sound-rounds.ts'
import { formatEstimate, formatShare, NOT_AVAILABLE, RATIO } from '../../words/format.ts'
import { isLatency, METRIC_LABELS, soundSet } from '../../words/metrics.ts'
import { type Block, tableBlock, textBlock, type ViewTable } from '../view/view.ts'
import { loadName, metricText, type SectionsOf } from './pair-figures.ts'

type ClassRow = readonly [requestClass: string, arm: string, ...figures: string[]]

const PERCENTILES = ['p50', 'p99', 'p99_9'] as const
const SHARE_DIGITS = 3
const ALL = 'all'

/** Characters of a terminal. */
const LABEL_COLUMNS = 14
const ARM_COLUMNS = 26
const SHARE_COLUMNS = 8
const LATENCY_COLUMNS = 10
const RATIO_COLUMNS = 24
const NARROW_RATIO_COLUMNS = 16
/** Below it shares are left out, and ratios have no intervals. */
const WIDE = 100

const INTRO =
  'Each request belongs to one class, known when it was drawn. Shares are of what was due, latencies medians over rounds; a request that was refused or never answered counts as later than all of its class.'

/**
 * Latencies of each arm by class of requests, at every load, and of all requests; none where the scenario names no classes. On a
 * terminal only where the verdicts are about one.
 */
export const classSections: SectionsOf = ({ report, medium }) => {
  const names = classNames(report)
  if (names.length === 0 || (medium === 'terminal' && report.run.requestClass === null)) return []
  const tables = report.loads.flatMap((load): readonly Block[] => {
    const rows = classRows(report, load, names)
    return rows.length === 0 ? [] : [tableBlock(tableOf(report, load, rows))]
  })
  if (tables.length === 0) return []
  const intro = textBlock(INTRO, medium === 'page' ? 'muted' : undefined)
  return [{ id: 'classes', title: 'By class', blocks: [intro, ...tables] }]
}

/** A row for each class and arm, all requests last; none where no set has right answers of all arms. */
export function classRows(
  report: Report,
  load: Load,
  names: readonly string[],
): readonly ClassRow[] {
  const labels = report.arms.map(({ label }) => label)
  // Sets stay whole, as pairs do elsewhere: a round that one arm lacks would move the median of the others.
  const sets = load.sets.filter(({ trials }) =>
    labels.every((label) => trials[label]?.void === null),
  )
  if (sets.length === 0) return []
  return [...names, null].flatMap((name) => {
    const seen = loadOfClass({ ...load, sets }, name)
    return labels.map((label): ClassRow => {
      const trials = trialsOf(seen, label)
      const share = dueOf(trials) / Math.max(1, dueOf(trialsOf({ sets }, label)))
      const latencies = PERCENTILES.map((percentile) => metricText(trials, percentile))
      return [
        name ?? ALL,
        label,
        formatShare(Number(share.toPrecision(SHARE_DIGITS))),
        ...(share === 0 ? PERCENTILES.map(() => NOT_AVAILABLE) : latencies),
        ratioText(report, seen, label),
      ]
    })
  })
}

/** The arm ÷ the one that it is compared with first; not available where one of the two does not keep up with the load. */
function ratioText({ comparisons, run }: Report, load: Load, arm: string): string {
  const compared = comparisons.find(({ second }) => second === arm)
  if (compared === undefined) return NOT_AVAILABLE
  const { first, second } = compared
  const rounds = wholeRounds(load.sets.map(soundSet), [first, second])
  if (load.label !== 'max' && saturatedAmong(rounds, [first, second]).length > 0)
    return NOT_AVAILABLE
  const ratio = ratioOverPairs(logsOver(rounds, first, second, judgedIn(run)), run.level)
  if (ratio === null) return NOT_AVAILABLE
  const against = comparisons.every((other) => other.first === first) ? '' : ` of ${first}`
  return formatEstimate(ratio, RATIO) + against
}

function judgedIn({ metric }: Report['run']): ComparisonName {
  return isLatency(metric) ? metric : 'p99'
}

function dueOf(trials: readonly Trial[]): number {
  return trials.reduce((sum, { counts }) => sum + counts.due, 0)
}

function trialsOf({ sets }: Pick<Load, 'sets'>, arm: string): readonly Trial[] {
  return sets.map(({ trials }) => trials[arm]!)
}

function tableOf({ comparisons, run }: Report, load: Load, rows: readonly ClassRow[]): ViewTable {
  const firsts = new Set(comparisons.map(({ first }) => first))
  const [only, ...others] = firsts
  const against = others.length === 0 ? (only ?? '') : 'the other'
  return {
    caption: `Latency by class of requests at ${loadName(load)}`,
    corner: 'class',
    widestLabel: LABEL_COLUMNS,
    columns: [
      { heading: 'arm', align: 'left', widest: ARM_COLUMNS },
      { heading: 'share', width: SHARE_COLUMNS, narrowWidth: null },
      ...PERCENTILES.map((name) => ({ heading: METRIC_LABELS[name], width: LATENCY_COLUMNS })),
      {
        heading: `${METRIC_LABELS[judgedIn(run)]} ÷ ${against}’s`,
        shortHeading: 'second ÷ first',
        width: RATIO_COLUMNS,
        narrowWidth: NARROW_RATIO_COLUMNS,
        isBriefWhereNarrow: true,
      },
    ],
    rows,
    narrowBelow: WIDE,
  }
}
