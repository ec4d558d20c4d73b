import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type { ComparisonName, Estimate } from '../../results/schema.ts'
import { SMALLEST_RATIO } from '../../stats/verdict.ts'
import { counted, formatEstimate, formatShare, RATIO } from '../../words/format.ts'
import { metricOf, ofClass } from '../../words/metrics.ts'
import { advantage, advantageAxis, type Forest, forestChart, placedRatio } from '../view/forest.ts'
import type { ChartBlock } from '../view/view.ts'
import { objectiveTitle } from './objective-rows.ts'
import { pairFigures } from './pair-figures.ts'

/** The picture of them, the first arm at the left; null when there is none to draw. @param ratios rows @default what is judged */
export function ratioChart(
  report: PairReport,
  elementId: string,
  withPairs: boolean,
  note: (data: Forest) => string | null,
  ratios?: readonly JudgedRatio[],
): ChartBlock | null {
  const data = ratioData(report, elementId, withPairs, ratios)
  return data && forestChart(data, armLabels(report), note(data))
}

/** The ratio of each load, and every pair's when `withPairs`; null when there is none to draw. */
export function ratioData(
  report: PairReport,
  elementId: string,
  withPairs: boolean,
  ratios: readonly JudgedRatio[] = judgedRatios(report),
): Forest | null {
  const labels = armLabels(report)
  const rows = ratios.map((row) => ({
    ...row,
    pairs: withPairs && row.load !== null ? pairFigures(report, row.load, row.metric) : [],
  }))
  const shown = withPairs ? rows.filter(({ pairs }) => pairs.length > 0) : rows
  const advantages = shown.flatMap(({ metric, ratio, pairs }) =>
    [ratio?.value, ratio?.lower, ratio?.upper, ...pairs.map((pair) => pair.ratio)].flatMap(
      (value) => (value == null ? [] : advantage(metric, value)),
    ),
  )
  if (advantages.length === 0) return null
  const axis = advantageAxis(advantages)
  const { ticks, place } = axis
  return {
    elementId,
    rowHeight: withPairs ? 88 : shown.length > 4 ? 34 : 50,
    rows: shown.map(({ subject, metric, ratio, threshold, winner, pairs }) => {
      return {
        label: subject,
        span: ratio && placedRatio(metric, ratio, axis),
        text: ratio === null ? 'no ratio' : ratioText(report, metric, ratio),
        winner: ([0, 1] as const).find((arm) => labels[arm] === winner) ?? null,
        zone: [place(1 / threshold), place(threshold)],
        dots: pairs.flatMap(
          ({ pair, first, second, ratio: value, ratioText: text, isDoubtful }) => {
            if (value === null) return []
            const doubt = isDoubtful ? ', a trial failed a gate' : ''
            return {
              place: place(advantage(metric, value)),
              text: `pair ${pair}: ${first} and ${second}, ${text}${doubt}`,
              isDoubtful,
            }
          },
        ),
      }
    }),
    ticks,
    equal: place(1),
  }
}

/** The ratio second ÷ first that is judged: of a load, or of the loads that both arms sustain within an objective. */
export interface JudgedRatio {
  /** What it is of: `20%: p99`, `Highest load within p99 ≤ 1 ms`. */
  readonly subject: string
  /** Null for an objective. */
  readonly load: PairLoad | null
  readonly metric: ComparisonName
  /** Null when no pair is whole. */
  readonly ratio: Estimate | null
  /** An arm's label, `none`, `inconclusive`; null without a verdict. */
  readonly winner: string | null
  /** How far from 1 an interval must lie for a winner. */
  readonly threshold: number
}

/** That of an objective first, then those of the loads in their order. */
export function judgedRatios(report: PairReport): readonly JudgedRatio[] {
  const { objective, loads } = report
  const ofLoads = loads.map((load) => judgedRatio(report, load))
  if (objective === null) return ofLoads
  const { ratio } = objective
  const ofObjective = {
    subject: objectiveTitle(objective),
    load: null,
    metric: 'achievedPerSecond' as const,
    ratio,
    winner: ratio === null || ratio.n <= 1 ? null : objectiveWinner(report, ratio),
    threshold: SMALLEST_RATIO,
  }
  return [ofObjective, ...ofLoads]
}

/** That of one load. */
export function judgedRatio(report: PairReport, load: PairLoad): JudgedRatio {
  const { verdict, comparison, label } = load
  const metric = metricOf(report, load)
  return {
    subject: `${label}: ${ofClass(metric, report.run.requestClass).label}`,
    load,
    metric,
    ratio: verdict?.ratio ?? comparison?.[metric] ?? null,
    winner: verdict?.winner ?? null,
    threshold: Math.max(SMALLEST_RATIO, verdict?.threshold ?? SMALLEST_RATIO),
  }
}

/** Of loads, the larger the better; there is no verdict, so the bound of every winner decides. */
function objectiveWinner(report: PairReport, { lower, upper }: Estimate): string {
  const [first, second] = armLabels(report)
  if (lower > SMALLEST_RATIO) return second
  return upper < 1 / SMALLEST_RATIO ? first : 'inconclusive'
}

function ratioText(report: PairReport, metric: ComparisonName, ratio: Estimate): string {
  const [first, second] = armLabels(report)
  const level = ratio.level === null ? '' : `, ${formatShare(ratio.level)} interval`
  const { label } = ofClass(metric, report.run.requestClass)
  return `${second} ÷ ${first} ${label} ${formatEstimate(ratio, RATIO)}, ${counted(ratio.n, 'pair')}${level}`
}
