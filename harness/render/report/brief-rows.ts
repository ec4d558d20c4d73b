import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type { ComparisonName, Estimate } from '../../results/schema.ts'
import { AMOUNT, type FactorWords, inWords, wordsOf } from '../../words/factor.ts'
import { formatQuantity, formatShare, NOT_AVAILABLE, PER_SECOND, TIME } from '../../words/format.ts'
import { isLatency, METRIC_LABELS, metricOf } from '../../words/metrics.ts'
import { spaced } from '../../words/verdict.ts'
import type { Paint } from '../terminal/text.ts'
import { isBeyond, isWithin, keepsUpText, type Names } from './brief-answer.ts'
import { saturatedIn, type Standing, standingOf } from './brief-standing.ts'
import { metricText, soundTrials } from './pair-figures.ts'

/** A line of the table at the end of a run. */
interface BriefRow {
  readonly label: string
  readonly first: string
  readonly second: string
  /** What the second server is, and between which bounds; a text over both columns; or nothing. */
  readonly ratio: Said | string | null
}

interface Said {
  readonly text: string
  readonly interval: string
  /** Where the table has no room for that. */
  readonly shortInterval: string
  readonly isOpen: boolean
  /** Null where the bounds are the smallest and the largest value. */
  readonly level: number | null
}

/**
 * The table as lines: latencies and throughput, then what a server bears and what a request costs. A `?` marks what is not decided,
 * and is explained where there is one.
 * @param withCost the last row, too
 */
export function briefTable(
  report: PairReport,
  names: Names,
  withCost: boolean,
  columns: number,
  paint: Paint,
): readonly string[] {
  const rows = [
    ...objectiveRows(report),
    ...loadRows(report, names),
    ...capacityRow(report),
    ...(withCost ? costRow(report) : []),
  ]
  if (rows.length === 0) return []
  const [head, ...lines] = aligned([headOf(report, rows, names), ...rows], columns)
  return [paint('dim', head!), ...lines]
}

function headOf(report: PairReport, rows: readonly BriefRow[], names: Names): BriefRow {
  const [first, second] = armLabels(report).map((label) => names.get(label) ?? label) as [
    string,
    string,
  ]
  const said = rows.flatMap(({ ratio }) =>
    ratio === null || typeof ratio === 'string' ? [] : [ratio],
  )
  if (said.length === 0) return { label: '', first, second, ratio: null }
  const levels = said.flatMap(({ level }) => level ?? [])
  const interval = levels.length === 0 ? '' : `${spaced(formatShare(Math.min(...levels)))} sure`
  return {
    label: said.some(({ isOpen }) => isOpen) ? '? = not decided' : '',
    first,
    second,
    ratio: { text: `${second} is`, interval, shortInterval: interval, isOpen: false, level: null },
  }
}

/** Figures to the right, words to the left; closer together where that is needed to fit, then with shorter intervals. */
function aligned(rows: readonly BriefRow[], columns: number): readonly string[] {
  const written = rows.map((row) => cellsOf(row, 'interval'))
  const widths = widthsOf(written)
  // A space between, and two in front.
  const isTooWide = sum(widths) + widths.length + 1 > columns
  return isTooWide
    ? lined(
        rows.map((row) => cellsOf(row, 'shortInterval')),
        columns,
      )
    : lined(written, columns)
}

/** Label, two figures, ratio and interval; a text over the last two columns has no interval, nor a part in their widths. */
type Cells = readonly [string, string, string, string?, string?]

function cellsOf(
  { label, first, second, ratio }: BriefRow,
  interval: 'interval' | 'shortInterval',
): Cells {
  if (ratio === null) return [label, first, second]
  if (typeof ratio === 'string') return [label, first, second, ratio]
  return [label, first, second, ratio.text, ratio[interval]]
}

function widthsOf(rows: readonly Cells[]): readonly number[] {
  const whole = rows.filter((cells) => cells.length === 5)
  return [0, 1, 2, 3, 4].map((column) =>
    Math.max(0, ...(column < 3 ? rows : whole).map((cells) => cells[column]!.length)),
  )
}

function lined(rows: readonly Cells[], columns: number): readonly string[] {
  const widths = widthsOf(rows)
  const gap = ' '.repeat(Math.max(1, Math.min(3, Math.floor((columns - 2 - sum(widths)) / 4))))
  return rows.map((cells) => {
    const padded = cells.map((cell, column) => {
      const isFigure = column === 1 || column === 2 || column === 4
      return isFigure ? cell!.padStart(widths[column]!) : cell!.padEnd(widths[column]!)
    })
    return `  ${padded.join(gap)}`.trimEnd()
  })
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0)
}

/** What the search for a load within an objective found. */
function objectiveRows({ objective, arms }: PairReport): readonly BriefRow[] {
  if (objective === null) return []
  const sustained = arms.map(({ label }) => objective.arms[label] ?? null)
  const [loads, latencies] = [
    sustained.map((one) =>
      one === null
        ? NOT_AVAILABLE
        : (one.atLeast ? '≥ ' : '') + formatQuantity(one.perSecond.value, PER_SECOND),
    ),
    sustained.map((one) =>
      one?.latencyNs ? formatQuantity(one.latencyNs.value, TIME) : NOT_AVAILABLE,
    ),
  ] as [string[], string[]]
  const { ratio, percentile } = objective
  const said = ratio === null || ratio.n === 0 ? null : ratioOf(ratio, AMOUNT)
  return [
    { label: 'highest load', first: loads[0]!, second: loads[1]!, ratio: said },
    {
      label: `${METRIC_LABELS[percentile]} there`,
      first: latencies[0]!,
      second: latencies[1]!,
      ratio: null,
    },
  ]
}

/** The judged metric at each load, then the median and, beside another metric, the tail at one of them. */
function loadRows(report: PairReport, names: Names): readonly BriefRow[] {
  const measured = report.loads.filter((load) => soundTrials(report, load)[0].length > 0)
  const judged = measured.map((load) => {
    const metric = metricOf(report, load)
    const standing = standingOf(report, load)
    return {
      ...row(report, load, metric, judgedSaying(report, load, metric, standing, names)),
      metric,
    }
  })
  const shown = comparableLoad(report)
  if (shown === null) return judged.map(named)
  const main = metricOf(report, shown)
  const beside = (['p50', 'p99'] as const).filter((metric) =>
    metric === 'p50' ? main !== 'p50' : !isLatency(main),
  )
  return [
    ...judged.map(named),
    ...beside.map((metric) => {
      const ratio = shown.comparison?.[metric] ?? null
      const made = row(report, shown, metric, ratio && ratioOf(ratio, wordsOf(metric)))
      return { ...made, label: `${METRIC_LABELS[metric]} ${made.label}` }
    }),
  ]
}

/** The middle one of the loads at which both arms have latencies that say something of them; null without. */
export function comparableLoad(report: PairReport): PairLoad | null {
  const loads = report.loads.filter(
    (load) =>
      soundTrials(report, load)[0].length > 0 &&
      saturatedIn(report, load).length === 0 &&
      load.placed?.by !== 'each',
  )
  return loads[loads.length >> 1] ?? null
}

/** A metric is named where it begins. */
function named(
  { metric, label, ...rest }: BriefRow & { readonly metric: ComparisonName },
  index: number,
  rows: readonly { readonly metric: ComparisonName }[],
): BriefRow {
  const name = SHORT_NAMES[metric] ?? METRIC_LABELS[metric]
  const isRepeated = rows[index - 1]?.metric === metric
  return { ...rest, label: `${isRepeated ? ' '.repeat(name.length) : name} ${label}` }
}

const SHORT_NAMES: Partial<Record<ComparisonName, string>> = {
  achievedPerSecond: 'throughput',
  cpuPerRequest: 'CPU',
}

function row(
  report: PairReport,
  load: PairLoad,
  metric: ComparisonName,
  ratio: BriefRow['ratio'],
): BriefRow {
  const standing = standingOf(report, load)
  const saturated = standing.kind === 'saturated' && isLatency(metric) ? standing.arms : []
  const [first, second] = soundTrials(report, load).map((trials, arm) =>
    saturated.includes(armLabels(report)[arm]!) ? NOT_AVAILABLE : metricText(trials, metric),
  ) as [string, string]
  return { label: placeText(load), first, second, ratio }
}

/** Characters of a label that has room beside its requests per second. */
const LONGEST_LABEL = 6

/** `at 50 %, 131k/s`; a longer label leaves its place to the rate: `at 655k/s`. */
function placeText({ label, offeredPerSecond, placed }: PairLoad): string {
  if (placed?.by === 'each' || offeredPerSecond === null) return `at ${spaced(label)}`
  const rate = formatQuantity(offeredPerSecond, PER_SECOND)
  if (label.length > LONGEST_LABEL) return `at ${rate}`
  return label.includes('%') ? `at ${spaced(label)}, ${rate}` : `at ${label}`
}

function judgedSaying(
  report: PairReport,
  load: PairLoad,
  metric: ComparisonName,
  standing: Standing,
  names: Names,
): BriefRow['ratio'] {
  switch (standing.kind) {
    case 'alone':
      return `only ${names.get(standing.arm) ?? standing.arm} answers`
    case 'ahead':
    case 'equal':
      return standing.ratio && ratioOf(standing.ratio, wordsOf(metric), false)
    case 'saturated':
      return keepsUpText(report, standing.arms, names)
    case 'own-rates':
      return 'each at a load of its own'
    case 'undecided':
    case 'noisy':
    case 'barred':
    case 'no-answers':
    case 'unjudged': {
      const ratio = load.verdict?.ratio ?? null
      return ratio && ratioOf(ratio, wordsOf(metric), true)
    }
  }
}

/** @param isOpen by the verdict. @default by its bounds: neither beyond what matters, nor wholly within */
function ratioOf(
  ratio: Estimate,
  words: FactorWords,
  isOpen = !isBeyond(ratio) && !isWithin(ratio),
): Said | null {
  // A single pair has no interval: nothing is said of it.
  if (ratio.n < 2) return null
  const { times, word, interval, shortInterval } = inWords(ratio, words)
  const bounds = ratio.level === null ? ' range' : ''
  return {
    text: isWithin(ratio) && !isOpen ? 'the same' : `${times} ${word}${isOpen ? '?' : ''}`,
    interval: interval + bounds,
    shortInterval: shortInterval + bounds,
    isOpen,
    level: ratio.level,
  }
}

function capacityRow({ capacity, arms }: PairReport): readonly BriefRow[] {
  if (capacity === null) return []
  const { sustained, saturated, sustainedRatios } = capacity
  // Reports before version 4 knew the closed window only.
  const [figures, label] =
    Object.keys(sustained).length > 0 ? [sustained, 'capacity'] : [saturated, 'throughput at most']
  const [first, second] = arms.map((arm) => figures[arm.label])
  if (first === undefined || second === undefined) return []
  const ratio = sustainedRatios[0] ?? null
  return [
    {
      label,
      first: formatQuantity(first.value, PER_SECOND),
      second: formatQuantity(second.value, PER_SECOND),
      ratio: ratio && ratioOf(ratio, AMOUNT),
    },
  ]
}

/** Where a request costs nothing but itself: at capacity. */
function costRow({ capacity, breakEven, arms }: PairReport): readonly BriefRow[] {
  const [first, second] = arms.map(({ label }) => capacity?.cpuPerRequestNs[label])
  if (first === undefined || second === undefined) return []
  const isOfThese = breakEven?.staged === arms[0].label && breakEven.sharded === arms[1].label
  return [
    {
      label: 'CPU per request there',
      first: formatQuantity(first.value, TIME),
      second: formatQuantity(second.value, TIME),
      ratio: isOfThese ? ratioOf(breakEven.measuredRatio, AMOUNT) : null,
    },
  ]
}
