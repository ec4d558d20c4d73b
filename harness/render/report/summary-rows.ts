import {
  armLabels,
  type PairLoad,
  type PairReport,
  pairReport,
} from '../../results/compared-pair.ts'
import { COMPARISON_NAMES, type Estimate, type Trial } from '../../results/schema.ts'
import {
  COUNT,
  formatEstimate,
  formatQuantity,
  formatShare,
  NOT_AVAILABLE,
  RATIO,
} from '../../words/format.ts'
import { classText, METRIC_LABELS } from '../../words/metrics.ts'
import {
  headingBlock,
  listBlock,
  tableBlock,
  type ViewColumn,
  type ViewTable,
} from '../view/view.ts'
import { verdictSentence } from './notices.ts'
import {
  bothArms,
  loadName,
  medianText,
  metricText,
  rangeOfRatios,
  type SectionsOf,
  type SoundTrials,
  soundTrials,
} from './pair-figures.ts'

/** A figure of one load: the medians over pairs of both arms, and second ÷ first with its interval where that says something. */
type SummaryRow = readonly [label: string, first: string, second: string, ratio: string]

/**
 * How predictable each arm is: how far its tail is from its median within a trial, and how far p99 wandered from one trial
 * to another. Claim C13: control gives predictability.
 */
export function predictabilityRows(trials: SoundTrials): readonly SummaryRow[] {
  if (trials[0].length === 0) return []
  const tails = bothArms(trials, (arm) => medianText(arm, tailOverMedian, RATIO))
  return [
    ['p99.9 ÷ p50', ...tails, formatRatio(rangeOfRatios(trials, tailOverMedian), null)],
    ['worst ÷ best p99', ...bothArms(trials, spreadText), NOT_AVAILABLE],
  ]
}

/** Null where a percentile falls on requests that were never answered. */
function tailOverMedian({ percentiles }: Trial): number | null {
  const { p50, p99_9 } = percentiles
  return p99_9.atLeast || p50.atLeast || p50.ns === 0 ? null : p99_9.ns / p50.ns
}

/** Largest ÷ smallest p99 of an arm's trials. */
function spreadText(trials: readonly Trial[]): string {
  const latencies = trials.map((trial) => trial.percentiles.p99)
  if (latencies.length < 2 || latencies.some(({ atLeast, ns }) => atLeast || ns === 0))
    return NOT_AVAILABLE
  const all = latencies.map(({ ns }) => ns)
  return formatQuantity(Math.max(...all) / Math.min(...all), RATIO)
}

/** What a reader compares at one load, formatted; empty when no pair is sound. */
export function summaryRows(report: PairReport, load: PairLoad): readonly SummaryRow[] {
  const trials = soundTrials(report, load)
  if (trials[0].length === 0) return []
  const level = intervalLevel(load)
  const switches = bothArms(trials, (arm) => medianText(arm, switchesPerRequest, COUNT))
  return [
    ...COMPARISON_NAMES.filter(
      // Of a run that states no time within which an answer is useful.
      (name) => name !== 'goodputPerSecond' || load.comparison?.goodputPerSecond != null,
    ).map((name): SummaryRow => [
      METRIC_LABELS[name],
      ...bothArms(trials, (arm) => metricText(arm, name)),
      formatRatio(load.comparison?.[name] ?? null, level),
    ]),
    [
      'switches per request',
      ...switches,
      formatRatio(rangeOfRatios(trials, switchesPerRequest), level),
    ],
    ...predictabilityRows(trials),
  ]
}

/** Of second ÷ first with the level of its intervals; the arms go nameless where a terminal has no room for them. */
export function ratioColumn(report: PairReport, level: number | null, width: number): ViewColumn {
  const [first, second] = armLabels(report)
  const confidence = level === null ? '' : ` (${formatShare(level)})`
  return {
    heading: `${second} ÷ ${first}${confidence}`,
    shortHeading: `second ÷ first${confidence}`,
    width,
  }
}

/**
 * Confidence of the intervals of a load, for a table's heading: that of the metric judged. Null when they are ranges or
 * there are none. A row whose own level is another one carries it.
 */
export function intervalLevel(load: PairLoad): number | null {
  return load.comparison?.[load.verdict?.metric ?? 'p99']?.level ?? null
}

function switchesPerRequest(trial: Trial): number | null {
  return trial.counters.contextSwitchesPerRequest
}

function formatRatio(estimate: Estimate | null, headingLevel: number | null): string {
  if (estimate === null) return NOT_AVAILABLE
  const text = formatEstimate(estimate, RATIO)
  const { level, n } = estimate
  return level === null || level === headingLevel || n <= 1
    ? text
    : text.replace('(', `(${formatShare(level)}: `)
}

/** Of the metrics: what a reader asks for first. */
const SHOWN: readonly string[] = [METRIC_LABELS.p50, METRIC_LABELS.p99]

/** Widths on a terminal. */
const LOAD_COLUMNS = 18
const METRIC_COLUMNS = 6
const RATIO_COLUMNS = 26

/** The other comparisons of a run: verdicts, and the figures that a reader asks for first; none when there is only one. */
export const alsoSections: SectionsOf = ({ report, medium }) => {
  const others = report.comparisons.slice(1).map((_, index) => {
    const pair = pairReport(report, index + 1)
    const [first, second] = armLabels(pair)
    const title = `${second} with ${first}`
    const verdicts = pair.loads.map((load) => ({ label: load.label, text: verdictSentence(load) }))
    const table = tableOf(pair, `${title}, medians over pairs${classText(pair)}`)
    const blocks = [
      // A terminal has them beside the others.
      medium === 'terminal' ? null : listBlock(verdicts),
      table.rows.length === 0 ? null : tableBlock(table),
    ]
    return { title, blocks }
  })
  if (medium !== 'page')
    return others.map(({ title, blocks }) => ({
      title: `Also compared: ${title}, medians over pairs`,
      blocks,
    }))
  const blocks = others.flatMap(({ title, blocks: ofOne }) => [headingBlock(title), ...ofOne])
  return blocks.length === 0 ? [] : [{ id: 'also', title: 'Also compared', blocks }]
}

/** Two metrics for each load with a sound pair: medians over pairs, and second ÷ first with its interval. */
function tableOf(pair: PairReport, caption: string): ViewTable {
  const [first, second] = armLabels(pair)
  const level = pair.loads.map(intervalLevel).find((one) => one !== null) ?? null
  return {
    caption,
    corner: 'load',
    widestLabel: LOAD_COLUMNS,
    columns: [
      { heading: 'metric', shortHeading: '', width: METRIC_COLUMNS, align: 'left' },
      { heading: first },
      { heading: second },
      ratioColumn(pair, level, RATIO_COLUMNS),
    ],
    rows: pair.loads.flatMap((load) =>
      summaryRows(pair, load)
        .filter(([label]) => SHOWN.includes(label))
        .map((row) => [loadName(load), ...row] as const),
    ),
  }
}
