import type { CrossingSearch, CrossingValue } from '../../results/find.ts'
import { formatQuantity, formatShare, NOT_AVAILABLE, RATIO, valueText } from '../../words/format.ts'
import { drawPlot, type Plot } from '../page/plot.ts'
import { labelsOf, metricText } from '../sweep/sentence.ts'
import { parameterHeading } from '../sweep/table.ts'
import { measuredConditions, measuredView } from '../view/measured.ts'
import type { ChartSection, TableSection, View, ViewTable } from '../view/view.ts'
import { crossingDescription, crossingPlot } from './chart.ts'
import {
  crossingLoadText,
  crossingPredictionText,
  crossingSentence,
  effortText,
  medianRatioText,
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
    title: `${metricText(search.run.metric)}: ${second} ÷ ${first}`,
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
  const resamples = crossing === null ? '' : `${crossing.resamples.toLocaleString('en')} `
  return `Ratios are medians over pairs with exact intervals of ${formatShare(run.level)} at least, or their range where pairs are too few. The fit is monotone over the values, each weighted by its pairs; the interval of the crossing comes from ${resamples}resamples of the pairs at each value.${bound}${saturated}`
}

function ratioText({ ratio, timerBound, saturated }: CrossingValue): string {
  if (saturated.length > 0) return `${saturated.join(', ')} saturated`
  if (ratio === null) return NOT_AVAILABLE
  const text = medianRatioText(ratio)
  return timerBound === null ? text : text.replace('×', '×t')
}
