import { type PairReport, pairReport } from '../../results/compared-pair.ts'
import { METRIC_LABELS } from '../../words/metrics.ts'
import { armLabels } from '../../words/names.ts'
import { headingBlock, listBlock, tableBlock, type ViewTable } from '../view/view.ts'
import { verdictSentence } from './notices.ts'
import { loadName } from './pair-figures.ts'
import type { SectionsOf } from './subject.ts'
import { intervalLevel, ratioColumn, summaryRows } from './summary-rows.ts'

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
    const table = tableOf(pair, `${title}, medians over pairs`)
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
