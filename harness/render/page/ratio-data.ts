import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import type { ComparisonName, Estimate } from '../../results/schema.ts'
import { SMALLEST_RATIO } from '../../stats/verdict.ts'
import { METRICS } from '../../words/metrics.ts'
import { armLabels } from '../arm-labels.ts'
import { formatEstimate, formatRoundQuantity, formatShare, RATIO } from '../format.ts'
import { metricOf } from '../judged-metric.ts'
import { METRIC_LABELS } from '../metric-label.ts'
import { objectiveTitle } from '../objective-rows.ts'
import { pairFigures } from '../pair-figures.ts'
import { logAxisBetween, type PlacedTick } from './log-axis.ts'

/** A row of the picture: places are shares of the axis, better for the first arm at the left, for the second at the right. */
interface RatioRow {
  readonly label: string
  /** Estimate with its interval; null when there is no ratio. */
  readonly span: readonly [place: number, from: number, to: number] | null
  readonly text: string
  /** The arm that wins; null when that is open or makes no difference. */
  readonly winner: 0 | 1 | null
  /** Inside it nobody wins. */
  readonly zone: readonly [from: number, to: number]
  readonly dots: readonly {
    readonly place: number
    readonly text: string
    readonly isDoubtful: boolean
  }[]
}

/** What the page's script draws: who is how many times better. */
export interface RatioData {
  readonly kind: 'ratios'
  readonly elementId: string
  readonly rows: readonly RatioRow[]
  readonly ticks: readonly PlacedTick[]
  /** Where both are equal. */
  readonly equal: number
}

/** Ends and ticks of the axis: the first list that holds everything. */
const SCALES = [
  [1.1, 1.2],
  [1.2, 1.5],
  [1.5, 2],
  [2, 5],
  [2, 5, 10],
  [2, 5, 20],
  [2, 10, 50],
  [10, 100],
  [10, 100, 1_000],
  [10, 1_000, 100_000],
]

interface Judged {
  readonly label: string
  readonly metric: ComparisonName
  readonly ratio: Estimate | null
  readonly threshold: number
  readonly winner: 0 | 1 | null
  readonly load: PairLoad | null
}

/** The ratio of each load, and every pair's when `withPairs`; null when there is none to draw. */
export function ratioData(
  report: PairReport,
  elementId: string,
  withPairs: boolean,
): RatioData | null {
  const rows = judgedRows(report).map((row) => ({
    ...row,
    pairs: withPairs && row.load !== null ? pairFigures(report, row.load, row.metric) : [],
  }))
  const shown = withPairs ? rows.filter(({ pairs }) => pairs.length > 0) : rows
  const advantages = shown.flatMap(({ metric, ratio, pairs }) => [
    ...(ratio === null ? [] : [ratio.value, ratio.lower, ratio.upper].map(better(metric))),
    ...pairs.flatMap((pair) => (pair.ratio === null ? [] : [better(metric)(pair.ratio)])),
  ])
  if (advantages.length === 0) return null
  const { ticks, place } = axisFor(advantages.filter((value) => value > 0 && value < Infinity))
  return {
    kind: 'ratios',
    elementId,
    rows: shown.map(({ label, metric, ratio, threshold, winner, pairs }) => {
      const at = (value: number): number => place(better(metric)(value))
      return {
        label,
        span:
          ratio === null ? null : [at(ratio.value), ...ascending(at(ratio.lower), at(ratio.upper))],
        text: ratio === null ? 'no ratio' : ratioText(report, metric, ratio),
        winner,
        zone: [place(1 / threshold), place(threshold)],
        dots: pairs.flatMap(({ pair, first, second, ratio: value, ratioText: text, isDoubtful }) =>
          value === null
            ? []
            : [
                {
                  place: at(value),
                  text: `pair ${pair}: ${first} and ${second}, ${text}${isDoubtful ? ', a trial failed a gate' : ''}`,
                  isDoubtful,
                },
              ],
        ),
      }
    }),
    ticks,
    equal: place(1),
  }
}

/** The picture in words, for those who do not see it. */
export function ratioDescription(report: PairReport, data: RatioData): string {
  const [first, second] = armLabels(report)
  const rows = data.rows.map(
    ({ label, text, dots }) =>
      `${label}: ${text}${dots.length === 0 ? '' : `, ${dots.length} pairs`}`,
  )
  return `How many times better ${first} (left) or ${second} (right) is. ${rows.join('. ')}.`
}

function judgedRows(report: PairReport): readonly Judged[] {
  const { objective } = report
  const [first, second] = armLabels(report)
  const loads = report.loads.map((load) => {
    const metric = metricOf(report, load)
    const winner = load.verdict?.winner
    return {
      label: `${load.label}: ${METRIC_LABELS[metric]}`,
      metric,
      ratio: load.verdict?.ratio ?? load.comparison?.[metric] ?? null,
      threshold: Math.max(SMALLEST_RATIO, load.verdict?.threshold ?? SMALLEST_RATIO),
      winner: winner === first ? (0 as const) : winner === second ? (1 as const) : null,
      load,
    }
  })
  if (objective === null) return loads
  return [
    {
      label: objectiveTitle(objective),
      metric: 'achievedPerSecond',
      ratio: objective.ratio,
      threshold: SMALLEST_RATIO,
      winner: sideOf(objective.ratio),
      load: null,
    },
    ...loads,
  ]
}

/** Of a ratio of loads, the larger the better. */
function sideOf(ratio: Estimate | null): 0 | 1 | null {
  if (ratio === null || ratio.n <= 1) return null
  if (ratio.lower > SMALLEST_RATIO) return 1
  return ratio.upper < 1 / SMALLEST_RATIO ? 0 : null
}

/** How many times better the second arm is. */
function better(metric: ComparisonName): (ratio: number) => number {
  return (ratio) => (METRICS[metric].isMoreBetter ? ratio : 1 / ratio)
}

function ascending(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a]
}

function ratioText(report: PairReport, metric: ComparisonName, ratio: Estimate): string {
  const [first, second] = armLabels(report)
  const level = ratio.level === null ? '' : `, ${formatShare(ratio.level)} interval`
  const pairs = ratio.n === 1 ? '1 pair' : `${ratio.n} pairs`
  return `${second} ÷ ${first} ${METRIC_LABELS[metric]} ${formatEstimate(ratio, RATIO)}, ${pairs}${level}`
}

function axisFor(advantages: readonly number[]) {
  const farthest = Math.max(...advantages.map((advantage) => Math.max(advantage, 1 / advantage)))
  const ticks = SCALES.find((scale) => farthest <= scale.at(-1)!) ?? SCALES.at(-1)!
  // As far to either side: nobody is favoured by the picture.
  const end = ticks.at(-1)! ** 1.04
  const format = (tick: number): string => {
    if (tick === 1) return 'equal'
    return formatRoundQuantity(Number(Math.max(tick, 1 / tick).toPrecision(6)), RATIO)
  }
  const both = [...ticks.toReversed().map((tick) => 1 / tick), 1, ...ticks]
  return logAxisBetween(1 / end, end, both, format)
}
