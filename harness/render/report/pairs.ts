import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { METRIC_LABELS, metricOf } from '../../words/metrics.ts'
import { armLabels } from '../../words/names.ts'
import { textBlock, type ViewTable } from '../view/view.ts'
import { armColumns, loadName, pairFigures } from './pair-figures.ts'
import { ratioChart, type RatioData } from './ratios.ts'
import type { SectionsOf } from './subject.ts'

/** Every pair as a dot and as a row; none when no pair has a ratio. */
export const pairSections: SectionsOf = ({ pair: report }) => {
  const chart = ratioChart(report, 'pair-dots', true, () => null)
  if (chart === null) return []
  const hasDoubtful = (chart.data as RatioData).rows.some(({ dots }) =>
    dots.some(({ isDoubtful }) => isDoubtful),
  )
  const hollow = hasDoubtful ? ' Hollow dots: a trial of the pair failed a validity gate.' : ''
  const text = `A dot is one pair: both arms in one round on the same requests. The first pair is at the top of its row, below the estimate over all of them.${hollow}`
  const all = report.loads.map((load) => pairTable(report, load))
  const tables = all.filter(({ rows }) => rows.length > 0)
  return [
    {
      id: 'pairs',
      title: 'Every pair',
      blocks: [textBlock(text, 'muted'), chart, { kind: 'tables', tables, note: null }],
    },
  ]
}

function pairTable(report: PairReport, load: PairLoad): ViewTable {
  const metric = metricOf(report, load)
  const [first, second] = armLabels(report)
  return {
    caption: `Pairs at ${loadName(load)}: ${METRIC_LABELS[metric]}`,
    corner: 'pair',
    columns: [
      { heading: 'ran first' },
      ...armColumns(report),
      { heading: `${second} ÷ ${first}` },
      { heading: 'gates' },
    ],
    rows: pairFigures(report, load, metric).map((pair) => [
      String(pair.pair),
      pair.ranFirst,
      pair.first,
      pair.second,
      pair.ratioText,
      pair.isDoubtful ? 'failed' : 'passed',
    ]),
  }
}
