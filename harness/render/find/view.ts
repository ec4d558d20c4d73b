import { type CrossingSearch, type CrossingValue, isLeftOut } from '../../results/find.ts'
import {
  formatQuantity,
  formatRoundQuantity,
  formatShare,
  formatWhole,
  NOT_AVAILABLE,
  RATIO,
  valueText,
} from '../../words/format.ts'
import { logAxis, type PlacedTick, roundedPlace } from '../page/axis.ts'
import { drawPlot, type Plot, type PlotCurve, valuePlace } from '../page/plot.ts'
import { labelsOf, metricText, parameterHeading } from '../sweep/sentence.ts'
import { measuredConditions, measuredView } from '../view/measured.ts'
import type { ChartSection, TableSection, View, ViewTable } from '../view/view.ts'
import {
  crossingLoadText,
  crossingPredictionText,
  crossingSentence,
  effortText,
  intervalText,
  larger,
  medianRatioText,
  positionText,
  smaller,
} from './sentence.ts'

const RATIO_COLUMNS = 32

/** A search for a crossing, as everything that shows it takes it. */
export function crossingView(search: CrossingSearch): View {
  const { scenario, run, over, load } = search
  const data = crossingPlot(search, 'crossing')
  return {
    ...measuredView('search', search),
    title: `${scenario.name}: where the winner changes over ${over.name}`,
    answer: crossingSentence(search),
    further: [crossingPredictionText(search), crossingLoadText(search), effortText(search)],
    sections: [...(data === null ? [] : [chartSection(search, data)]), ...tableSections(search)],
    conditions: measuredConditions(search, [
      ['range', `${over.name} from ${over.from} to ${over.to}`],
      ['load', load.label],
      ['confidence', formatShare(run.level)],
      ['narrow enough', `an interval of ${formatShare(run.until)} of the range`],
      ...(run.mostPairs === null ? [] : [['pairs, at most', String(run.mostPairs)] as const]),
    ]),
  }
}

function chartSection(search: CrossingSearch, data: Plot): ChartSection {
  const [first, second] = labelsOf(search)
  const dots = data.curves[0]?.points ?? []
  const notes = [
    'Vertical axis logarithmic; a dot per pair, in the order of measurement, the line is the monotone fit.',
    ...(data.bands.length === 0 ? [] : ['The grey band is the interval of the crossing.']),
    ...(dots.some(({ symbol }) => symbol === 'triangle')
      ? [
          'Triangles: one arm left requests unanswered or does not keep up, so the ratio lies beyond the edge.',
        ]
      : []),
    ...(dots.some(({ tone }) => tone === 'muted') ? ['Grey dots: left out of the fit.'] : []),
  ]
  return {
    kind: 'chart',
    title: `${metricText(search.run.metric, search.run.requestClass)}: ${second} ÷ ${first}`,
    legend: [
      { text: `dot of this colour: ${first} is better in that pair`, arm: 'first' },
      { text: `${second} is better`, arm: 'second' },
    ],
    note: notes.join(' '),
    description: crossingDescription(search),
    data,
    draw: drawPlot,
  }
}

/** Pairs, their median ratio and the fit, at every value that was measured; none before there is one. */
function tableSections(search: CrossingSearch): readonly TableSection[] {
  const { over, values } = search
  if (values.length === 0) return []
  const ratio = labelsOf(search).toReversed().join(' ÷ ')
  const table: ViewTable = {
    caption: null,
    corner: parameterHeading(search),
    widestLabel: 22,
    columns: [
      { heading: 'pairs', width: 7 },
      { heading: ratio.length < RATIO_COLUMNS ? ratio : 'second ÷ first', width: RATIO_COLUMNS },
      { heading: 'fit', width: 10 },
    ],
    rows: values.map((value) => [
      valueText(over, value.value),
      String(value.ratio?.n ?? 0),
      ratioText(value),
      value.fitted === null ? NOT_AVAILABLE : formatQuantity(value.fitted, RATIO),
    ]),
  }
  return [{ kind: 'tables', title: 'Numbers', tables: [table], note: tableNote(search) }]
}

/** What the table's intervals and marks are. */
function tableNote({ run, crossing, values }: CrossingSearch): string {
  const bound = values.some(({ timerBound }) => timerBound !== null)
    ? ' ×t marks a timer-bound value, which is left out of the fit: the waits that stages declare are late there by more than a quarter of what they ask for, so timers are compared.'
    : ''
  const saturated = values.some((value) => value.saturated.length > 0)
    ? ' A saturated arm answered less than 99 % of the requests due in most trials: alone it counts as slower than everything, with both the value is left out of the fit.'
    : ''
  const resamples = crossing === null ? '' : `${formatWhole(crossing.resamples)} `
  return `Ratios are medians over pairs with exact intervals of ${formatShare(run.level)} at least, or their range where pairs are too few. The fit is monotone over the values, each weighted by its pairs; the interval of the crossing comes from ${resamples}resamples of the pairs at each value.${bound}${saturated}`
}

function ratioText({ ratio, timerBound, saturated }: CrossingValue): string {
  if (saturated.length > 0) return `${saturated.join(', ')} saturated`
  if (ratio === null) return NOT_AVAILABLE
  const text = medianRatioText(ratio)
  return timerBound === null ? text : text.replace('×', '×t')
}

/** Between neighbouring dots of one value, and of all of its dots together, as shares of the axis. */
const DOT_SHIFT = 0.006
const WIDEST_DOTS = 0.03
const VALUE_TICKS = 5
/** A chart of ratios closer to 1 than this would show noise only. */
const NARROWEST = 1.1

/** The chart of a search, a dot per pair and the fit; null when there is nothing to draw. */
function crossingPlot(search: CrossingSearch, elementId: string): Plot | null {
  const { over, values, crossing } = search
  const ratios = values.flatMap((value) => [
    // One that lies further out lies at the edge: its size would press all others together.
    ...value.pairRatios.flatMap((pair) => (pair?.bound === 'exact' ? [pair.ratio] : [])),
    ...(value.fitted === null ? [] : [value.fitted]),
  ])
  if (!ratios.some((ratio) => ratio > 0 && Number.isFinite(ratio))) return null
  const up = logAxis([1 / NARROWEST, NARROWEST, ...ratios], (tick) =>
    formatRoundQuantity(tick, RATIO),
  )
  const across = valuePlace(over.from, over.to)
  const at = crossing?.position ?? null
  const ends = [crossing?.lower ?? over.from, crossing?.upper ?? over.to].map(across)
  const [from, to] = [ends[0]!, ends[1]!]
  return {
    elementId,
    name: parameterHeading(search),
    xTicks: valueTicks(search, across),
    yTicks: up.ticks,
    curves: [dotsOf(search, across, up.place), fitOf(search, across, up.place)],
    bands:
      at === null
        ? []
        : [
            {
              points: [
                [from, 0, 1],
                [to, 0, 1],
              ],
              tone: 'muted',
            },
          ],
    lines: [
      { y: up.place(1), tone: 'muted' },
      ...(at === null ? [] : [{ x: across(at), tone: 'text' as const }]),
    ],
    tips: 'point',
  }
}

function valueTicks(
  { over }: CrossingSearch,
  across: (value: number) => number,
): readonly PlacedTick[] {
  const ticks = Array.from({ length: VALUE_TICKS }, (_, step): PlacedTick => {
    const value = over.from + ((over.to - over.from) * step) / (VALUE_TICKS - 1)
    const shown = over.integer ? Math.round(value) : value
    return [across(shown), valueText(over, Number(shown.toPrecision(3)))]
  })
  return [...new Map(ticks)]
}

function dotsOf(
  search: CrossingSearch,
  across: (value: number) => number,
  up: (ratio: number) => number,
): PlotCurve {
  const [first] = labelsOf(search)
  const points = search.values.flatMap((at) => {
    const { value, pairRatios, timerBound } = at
    return pairRatios.flatMap((pair, index) => {
      if (pair === null) return []
      const { ratio, bound } = pair
      const sign = { exact: '', 'at-least': '≥ ', 'at-most': '≤ ' }[bound]
      const isFirst = (ratio < 1 ? smaller(search) : larger(search)) === first
      return {
        x: beside(across(value), index, pairRatios.length),
        y: bound === 'exact' ? up(ratio) : Number(bound === 'at-least'),
        text: `${search.over.name} ${valueText(search.over, value)}, pair ${index + 1}: ${sign}${formatQuantity(ratio, RATIO)}${timerBound === null ? '' : ', timer-bound'}`,
        tone: isLeftOut(at) ? ('muted' as const) : isFirst ? ('first' as const) : 'second',
        symbol: bound === 'exact' ? (isFirst ? ('circle' as const) : 'diamond') : 'triangle',
      } as const
    })
  })
  return { label: 'pairs', tone: 'muted', isJoined: false, points }
}

/** Dots of a value lie side by side, in the order in which they were measured. */
function beside(place: number, index: number, count: number): number {
  const shift = Math.min(DOT_SHIFT, WIDEST_DOTS / count) * (index - (count - 1) / 2)
  return roundedPlace(Math.min(1, Math.max(0, place + shift)))
}

function fitOf(
  { over, values }: CrossingSearch,
  across: (value: number) => number,
  up: (ratio: number) => number,
): PlotCurve {
  const points = values.flatMap(({ value, fitted, ratio }) => {
    if (fitted === null || ratio === null) return []
    const text = `${over.name} ${valueText(over, value)}: fit ${formatQuantity(fitted, RATIO)}, median ${medianRatioText(ratio)}`
    return { x: across(value), y: up(fitted), text }
  })
  return { label: 'fit', tone: 'text', symbol: 'rect', points }
}

/** The chart in words, for those who do not see it. */
function crossingDescription(search: CrossingSearch): string {
  const { values, over, crossing } = search
  const [first, second] = labelsOf(search)
  const points = values.flatMap(({ value, ratio, fitted, timerBound }) =>
    ratio === null
      ? []
      : [
          `${valueText(over, value)}: ${medianRatioText(ratio)}${fitted === null ? '' : `, fit ${formatQuantity(fitted, RATIO)}`}${timerBound === null ? '' : ', timer-bound'}`,
        ],
  )
  const at =
    crossing === null || crossing.position === null
      ? 'The fit does not pass 1.'
      : `The fit passes 1 at ${positionText(search, crossing.position)}, interval ${intervalText(search)}.`
  return `${second} ÷ ${first} over ${over.name}. ${points.join('; ')}. ${at}`
}
