import type { Sweep } from '../../results/sweep.ts'
import { formatShare } from '../../words/format.ts'
import type { TerminalOptions } from '../terminal/text.ts'
import { pageView } from '../view/page.ts'
import { terminalView } from '../view/terminal.ts'
import { entryIf, valuesText, type View, type ViewTable } from '../view/view.ts'
import { sweepCharts } from './chart.ts'
import {
  incompleteSweepText,
  loadSentence,
  markedSweepText,
  metricText,
  scalingSentence,
  slopeSentence,
  sweepPredictionText,
  sweepSentence,
} from './sentence.ts'
import { intervalNote, type SweepTable, sweepTables } from './table.ts'

/** A figure with its interval; two lines of one on a narrow terminal. */
const FIGURE_COLUMNS = 22
const NARROW_FIGURE_COLUMNS = 18
const WIDE = 80
const WIDEST_PARAMETER = 16

/** A sweep as text. Ends without a line break. */
export function renderSweep(sweep: Sweep, options: TerminalOptions): string {
  return terminalView(sweepView(sweep), options)
}

/** A sweep as one HTML page. */
export function renderSweepPage(sweep: Sweep): string {
  return pageView(sweepView(sweep))
}

function sweepView(sweep: Sweep): View {
  const { scenario, run, over, arms, load, warnings, environment } = sweep
  return {
    title: `${scenario.name} over ${over.name}`,
    eyebrow: `crossover · sweep ${scenario.name} over ${over.name} · ${run.startedAt}`,
    answer: sweepSentence(sweep),
    partial: incompleteSweepText(sweep),
    marked: markedSweepText(sweep),
    further: [
      sweepPredictionText(sweep),
      loadSentence(sweep),
      scalingSentence(sweep),
      slopeSentence(sweep),
    ],
    question: scenario.question,
    sections: [
      ...sweepCharts(sweep),
      {
        kind: 'tables',
        title: 'Numbers',
        tables: sweepTables(sweep).map(tableOf),
        note: intervalNote(sweep),
      },
    ],
    warnings,
    command: run.command,
    conditions: [
      ['seed', String(run.seed)],
      ['load', load.label],
      ['outcomes on', `${metricText(run.metric)}, ${formatShare(run.level)} confidence`],
      ['pairs planned per value', String(run.plannedPairs)],
      ['at capacity', `${run.plannedCapacityPairs} pairs at each value that has some`],
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

function tableOf({ title, headings, rows, isJudged }: SweepTable): ViewTable {
  const [corner = '', ...figures] = headings
  const arms = ['first', 'second'] as const
  return {
    caption: isJudged ? `${title}: outcomes are on this` : title,
    corner,
    widestLabel: WIDEST_PARAMETER,
    columns: figures.map((heading, place) => ({
      heading,
      ...(arms[place] && { arm: arms[place] }),
      width: FIGURE_COLUMNS,
      narrowWidth: NARROW_FIGURE_COLUMNS,
    })),
    rows: rows.map(([value = '', ...cells]) => [value, ...cells] as const),
    narrowBelow: WIDE,
  }
}
