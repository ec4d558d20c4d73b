import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { armLabels } from '../arm-labels.ts'
import { attributionRows, BAND_LABELS, slowestCauses, unsampledText } from '../attribution-rows.ts'
import { loadName } from '../load-shares.ts'
import { chartElement } from './chart-figure.ts'
import { dataTable } from './data-table.ts'
import { type MakeUpData, makeUpDescription } from './make-up-data.ts'
import { html, type Markup } from './markup.ts'

/** What requests around the median, p99 and p99.9 spent their time on; null when it is not known at any load. */
export function makeUpSection(
  report: PairReport,
  charts: readonly (MakeUpData | null)[],
): Markup | null {
  const loads = report.loads.flatMap((load, index) => {
    const unsampled = unsampledText(report, load)
    if (unsampled !== null) return [html`<p class="muted">${unsampled}</p>`]
    const table = attributionTable(report, load)
    return table === null ? [] : [loadMarkup(report, load, charts[index] ?? null, table)]
  })
  if (loads.length === 0) return null
  return html`<section id="make-up">
    <h2>What latency is made of</h2>
    <p class="muted">
      Requests around the median, p99 and p99.9, sampled and answered. Bars show shares, whatever
      their length in time, which stands beside them.
    </p>
    ${loads}
  </section>`
}

function loadMarkup(
  report: PairReport,
  load: PairLoad,
  chart: MakeUpData | null,
  table: Markup,
): Markup {
  return html`<h3>Load ${loadName(load)}</h3>
    ${chart === null ? null : figure(chart)} ${table}
    <p class="muted">
      Longest part of the slowest 1 %: ${slowestCauses(report, load).join('; ')}.
    </p>`
}

/** Class names of our own: a part's colour is its place in the list of kinds. */
function figure(chart: MakeUpData): Markup {
  return html`<div class="legend parts">
      ${chart.parts.map(({ label, color }) => html`<span class="${color.slice(2)}">${label}</span>`)}
    </div>
    ${chartElement(chart.elementId, makeUpDescription(chart))}`
}

function attributionTable(report: PairReport, load: PairLoad): Markup | null {
  const rows = attributionRows(report, load)
  if (rows.length === 0) return null
  return dataTable({
    caption: `Where the time went at ${loadName(load)}: means over pairs`,
    corner: 'part of the latency',
    groups: armLabels(report).map((text) => ({ text, span: BAND_LABELS.length })),
    columns: (['first', 'second'] as const).flatMap((arm) =>
      BAND_LABELS.map((text) => ({ text, arm })),
    ),
    rows: rows.map(({ label, first, second }) => ({ label, cells: [...first, ...second] })),
  })
}
