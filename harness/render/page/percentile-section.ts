import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { armLabels } from '../arm-labels.ts'
import { formatQuantity, formatShare, PER_SECOND } from '../format.ts'
import { unusualMetricText } from '../judged-metric.ts'
import { loadName, loadSharesText } from '../load-shares.ts'
import { intervalLevel, summaryRows } from '../summary-rows.ts'
import { chartDescription, type ChartData } from './chart-data.ts'
import { armLegend, chartElement } from './chart-figure.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'

/** Percentile curves and the numbers of every load; null when there is no load. */
export function percentileSection(
  report: PairReport,
  charts: readonly (ChartData | null)[],
): Markup | null {
  if (report.loads.length === 0) return null
  return html`<section id="latency">
    <h2>Latency percentiles</h2>
    <p class="muted">
      Lower is better. The line is all pairs together, the band around it reaches from the fastest
      to the slowest pair.
    </p>
    ${report.loads.map((load, index) => loadMarkup(report, load, charts[index] ?? null))}
  </section>`
}

function loadMarkup(report: PairReport, load: PairLoad, chart: ChartData | null): Markup {
  const offered =
    load.offeredPerSecond === null
      ? 'as fast as possible'
      : `offered ${formatQuantity(load.offeredPerSecond, PER_SECOND)}`
  const shares = loadSharesText(load)
  return html`<h3>Load ${load.label}: ${offered}</h3>
    ${shares === null ? null : html`<p class="muted">${shares}</p>`}
    ${chart === null ? html`<p>No pair with right answers in both trials.</p>` : figure(report, load, chart)}
    ${summaryTable(report, load)}`
}

function figure(report: PairReport, load: PairLoad, chart: ChartData): Markup {
  return html`${armLegend(armLabels(report))}
  ${chartElement(chart.elementId, chartDescription(load, chart))}`
}

function summaryTable(report: PairReport, load: PairLoad): Markup | null {
  const rows = summaryRows(report, load)
  if (rows.length === 0) return null
  const level = intervalLevel(load)
  const [first, second] = armLabels(report)
  return dataTable({
    caption: `Latency and cost at ${loadName(load)}, medians over pairs${unusualMetricText(load)}`,
    corner: 'metric',
    columns: [
      { text: first, arm: 'first' },
      { text: second, arm: 'second' },
      {
        text: `${second} ÷ ${first}${level === null ? '' : `, ${formatShare(level)} interval`}`,
      },
    ],
    rows: rows.map((row) => ({
      label: row.label,
      cells: [row.first, row.second, row.ratio],
      isMarked: row.isMarked,
    })),
  })
}
