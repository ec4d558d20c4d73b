import type { PairReport } from '../../results/compared-pair.ts'
import { armLabels } from '../arm-labels.ts'
import { formatQuantity, PER_SECOND } from '../format.ts'
import { FOLLOWED, loadLatencies } from '../load-latency.ts'
import { METRIC_LABELS } from '../metric-label.ts'
import { armLegend, chartElement } from './chart-figure.ts'
import { dataTable } from './data-table.ts'
import { type LoadLatencyData, loadLatencyDescription } from './load-latency-data.ts'
import { html, type Markup } from './markup.ts'

/** Latency against load; null when no load was offered at a rate. */
export function loadLatencySection(
  report: PairReport,
  chart: LoadLatencyData | null,
): Markup | null {
  const loads = loadLatencies(report)
  if (loads.length === 0) return null
  const labels = armLabels(report)
  return html`<section id="load">
    <h2>Latency against load</h2>
    ${
      chart === null
        ? html`<p class="muted">A curve needs two loads or more, e.g. --loads 20%,50%,80%.</p>`
        : html`<p class="muted">
              Thick is p99, thin is p50: medians over pairs, in bands from the fastest to the
              slowest pair.
            </p>
            ${armLegend(labels)} ${chartElement(chart.elementId, loadLatencyDescription(chart))}`
    }
    ${dataTable({
      caption: 'Latency against load, medians over pairs',
      corner: 'load',
      groups: [
        { text: '', span: 1 },
        ...FOLLOWED.map((name) => ({ text: METRIC_LABELS[name], span: 2 })),
      ],
      columns: [
        { text: 'offered' },
        ...FOLLOWED.flatMap(() => [
          { text: labels[0], arm: 'first' as const },
          { text: labels[1], arm: 'second' as const },
        ]),
      ],
      rows: loads.map(({ load, offeredPerSecond, first, second }) => ({
        label: load.label,
        cells: [
          formatQuantity(offeredPerSecond, PER_SECOND),
          ...FOLLOWED.flatMap((_, index) => [first[index]!.text, second[index]!.text]),
        ],
      })),
    })}
  </section>`
}
