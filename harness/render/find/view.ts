import type { CrossingSearch } from '../../results/find.ts'
import { formatShare } from '../../words/format.ts'
import { drawPlot, type Plot } from '../page/plot.ts'
import { labelsOf, markedSweepText, metricText } from '../sweep/sentence.ts'
import type { TerminalOptions } from '../terminal/text.ts'
import { pageView } from '../view/page.ts'
import { terminalView } from '../view/terminal.ts'
import {
  type ChartSection,
  entryIf,
  type TableSection,
  valuesText,
  type View,
} from '../view/view.ts'
import { crossingDescription, crossingPlot } from './chart.ts'
import {
  crossingLoadText,
  crossingPredictionText,
  crossingSentence,
  crossingTable,
  crossingTableNote,
  effortText,
  incompleteCrossingText,
} from './sentence.ts'

const WIDEST_VALUE = 22
const PAIR_COLUMNS = 7
const RATIO_COLUMNS = 32
const FIT_COLUMNS = 10

/** A search as text. Ends without a line break. */
export function renderCrossing(search: CrossingSearch, options: TerminalOptions): string {
  return terminalView(crossingView(search), options)
}

/** A search for a crossing as one HTML page. */
export function renderCrossingPage(search: CrossingSearch): string {
  return pageView(crossingView(search))
}

function crossingView(search: CrossingSearch): View {
  const { scenario, run, over, arms, load, warnings, environment } = search
  const data = crossingPlot(search, 'crossing')
  return {
    title: `${scenario.name}: where the winner changes over ${over.name}`,
    eyebrow: `crossover · find ${scenario.name} over ${over.name} · ${run.startedAt}`,
    answer: crossingSentence(search),
    partial: incompleteCrossingText(search),
    marked: markedSweepText(search),
    further: [crossingPredictionText(search), crossingLoadText(search), effortText(search)],
    question: scenario.question,
    sections: [...(data === null ? [] : [chartSection(search, data)]), ...tableSections(search)],
    warnings,
    command: run.command,
    conditions: [
      ['seed', String(run.seed)],
      ['range', `${over.name} from ${over.from} to ${over.to}`],
      ['load', load.label],
      ['confidence', formatShare(run.level)],
      ['narrow enough', `an interval of ${formatShare(run.until)} of the range`],
      ...entryIf('pairs, at most', run.mostPairs),
      ['steady state of a trial', `${run.durationSeconds} s`],
      ['processors', run.cpus.join(', ')],
      ...entryIf('virtual cores', run.virtualCores),
      ['took', `${run.elapsedSeconds.toFixed(1)} s`],
      ...arms.map(({ label, options }) => [label, valuesText(options)] as const),
      ['other parameters', valuesText(scenario.params)],
      ...entryIf('claim', scenario.claim),
    ],
    environment,
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

/** None before there is a value. */
function tableSections(search: CrossingSearch): readonly TableSection[] {
  const { headings, rows } = crossingTable(search)
  if (rows.length === 0) return []
  const [corner, pairs, ratio, fit] = headings
  const table = {
    caption: null,
    corner,
    widestLabel: WIDEST_VALUE,
    columns: [
      { heading: pairs, width: PAIR_COLUMNS },
      { heading: ratio.length < RATIO_COLUMNS ? ratio : 'second ÷ first', width: RATIO_COLUMNS },
      { heading: fit, width: FIT_COLUMNS },
    ],
    rows,
  }
  return [{ kind: 'tables', title: 'Numbers', tables: [table], note: crossingTableNote(search) }]
}
