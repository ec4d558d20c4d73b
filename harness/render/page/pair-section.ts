import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { armLabels } from '../arm-labels.ts'
import { metricOf } from '../judged-metric.ts'
import { loadName } from '../load-shares.ts'
import { METRIC_LABELS } from '../metric-label.ts'
import { pairFigures } from '../pair-figures.ts'
import { ratioSides } from './answer-section.ts'
import { chartElement } from './chart-figure.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'
import { type RatioData, ratioDescription } from './ratio-data.ts'

/** Every pair as a dot and as a row; null when no pair has a ratio. */
export function pairSection(report: PairReport, chart: RatioData | null): Markup | null {
  if (chart === null) return null
  const hasDoubtful = chart.rows.some(({ dots }) => dots.some(({ isDoubtful }) => isDoubtful))
  return html`<section id="pairs">
    <h2>Every pair</h2>
    <p class="muted">
      A dot is one pair: both arms in one round on the same requests. The first pair is at the top
      of its row, below the estimate over all of
      them.${hasDoubtful ? ' Hollow dots: a trial of the pair failed a validity gate.' : null}
    </p>
    ${ratioSides(report)} ${chartElement(chart.elementId, ratioDescription(report, chart))}
    ${report.loads.map((load) => html`${pairTable(report, load)}`)}
  </section>`
}

function pairTable(report: PairReport, load: PairLoad): Markup | null {
  const metric = metricOf(report, load)
  const pairs = pairFigures(report, load, metric)
  if (pairs.length === 0) return null
  const [first, second] = armLabels(report)
  return dataTable({
    caption: `Pairs at ${loadName(load)}: ${METRIC_LABELS[metric]}`,
    corner: 'pair',
    columns: [
      { text: 'ran first' },
      { text: first, arm: 'first' },
      { text: second, arm: 'second' },
      { text: `${second} ÷ ${first}` },
      { text: 'gates' },
    ],
    rows: pairs.map((pair) => ({
      label: String(pair.pair),
      cells: [
        pair.ranFirst,
        pair.first,
        pair.second,
        pair.ratioText,
        pair.isDoubtful ? 'failed' : 'passed',
      ],
    })),
  })
}
