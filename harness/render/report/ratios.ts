import { armLabels, type PairReport } from '../../results/compared-pair.ts'
import type { ComparisonName, Estimate } from '../../results/schema.ts'
import { SMALLEST_RATIO } from '../../stats/verdict.ts'
import { formatEstimate, formatShare, RATIO } from '../../words/format.ts'
import { metricOf, ofClass } from '../../words/metrics.ts'
import { advantage, advantageAxis, drawForest, type Forest, placedRatio } from '../view/forest.ts'
import type { ChartBlock } from '../view/view.ts'
import { objectiveTitle } from './objective-rows.ts'
import { pairFigures } from './pair-figures.ts'

/** The picture of them, the first arm at the left; null when there is none to draw. */
export function ratioChart(
  report: PairReport,
  elementId: string,
  withPairs: boolean,
  note: (data: Forest) => string | null,
): ChartBlock | null {
  const data = ratioData(report, elementId, withPairs)
  if (data === null) return null
  const [first, second] = armLabels(report)
  return {
    kind: 'chart',
    legend: [
      { text: `◂ ${first} is better`, arm: 'first' },
      { text: `${second} is better ▸`, arm: 'second' },
    ],
    legendLook: 'sides',
    note: note(data),
    description: ratioDescription(report, data),
    data,
    draw: drawForest,
  }
}

/** The ratio of each load, and every pair's when `withPairs`; null when there is none to draw. */
export function ratioData(
  report: PairReport,
  elementId: string,
  withPairs: boolean,
): Forest | null {
  const rows = judgedRows(report).map((row) => ({
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
    rowHeight: withPairs ? 88 : 50,
    rows: shown.map(({ label, metric, ratio, threshold, winner, pairs }) => {
      return {
        label,
        span: ratio && placedRatio(metric, ratio, axis),
        text: ratio === null ? 'no ratio' : ratioText(report, metric, ratio),
        winner,
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

/** The picture in words, for those who do not see it. */
export function ratioDescription(report: PairReport, data: Forest): string {
  const [first, second] = armLabels(report)
  const rows = data.rows.map(
    ({ label, text, dots }) =>
      `${label}: ${text}${dots.length === 0 ? '' : `, ${dots.length} pairs`}`,
  )
  return `How many times better ${first} (left) or ${second} (right) is. ${rows.join('. ')}.`
}

function judgedRows(report: PairReport) {
  const { objective, loads, run } = report
  const sides = armLabels(report)
  const ofLoads = loads.map((load) => {
    const { verdict, comparison, label } = load
    const metric = metricOf(report, load)
    return {
      label: `${label}: ${ofClass(metric, run.requestClass).label}`,
      metric,
      ratio: verdict?.ratio ?? comparison?.[metric] ?? null,
      threshold: Math.max(SMALLEST_RATIO, verdict?.threshold ?? SMALLEST_RATIO),
      winner: ([0, 1] as const).find((arm) => sides[arm] === verdict?.winner) ?? null,
      load,
    }
  })
  if (objective === null) return ofLoads
  const ofObjective = {
    label: objectiveTitle(objective),
    metric: 'achievedPerSecond' as const,
    ratio: objective.ratio,
    threshold: SMALLEST_RATIO,
    winner: sideOf(objective.ratio),
    load: null,
  }
  return [ofObjective, ...ofLoads]
}

/** Of a ratio of loads, the larger the better. */
function sideOf(ratio: Estimate | null): 0 | 1 | null {
  if (ratio === null || ratio.n <= 1) return null
  if (ratio.lower > SMALLEST_RATIO) return 1
  return ratio.upper < 1 / SMALLEST_RATIO ? 0 : null
}

function ratioText(report: PairReport, metric: ComparisonName, ratio: Estimate): string {
  const [first, second] = armLabels(report)
  const level = ratio.level === null ? '' : `, ${formatShare(ratio.level)} interval`
  const pairs = ratio.n === 1 ? '1 pair' : `${ratio.n} pairs`
  const { label } = ofClass(metric, report.run.requestClass)
  return `${second} ÷ ${first} ${label} ${formatEstimate(ratio, RATIO)}, ${pairs}${level}`
}
