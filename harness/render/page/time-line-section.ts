import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { loadName } from '../load-shares.ts'
import { EXTREME_COLUMNS, extremeRows } from '../time-line-rows.ts'
import { armLegend, chartElement } from './chart-figure.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'
import { type TimeLineData, timeLineDescription } from './time-line-data.ts'

/** Throughput and p99 over time; null when no window was recorded. */
export function timeLineSection(
  report: PairReport,
  charts: readonly (TimeLineData | null)[],
): Markup | null {
  const loads = report.loads.flatMap((load, index) => {
    const chart = charts[index] ?? null
    return chart === null ? [] : [loadMarkup(load, chart)]
  })
  if (loads.length === 0) return null
  return html`<section id="time">
    <h2>Throughput and p99 over time</h2>
    <p class="muted">
      Windows of 100 ms of the steady state, by when their requests were due, all trials in the
      order in which they ran. Of hiccups and gaps those of 0.2 ms or more are marked.
    </p>
    ${loads}
    ${dataTable({
      caption: 'Extremes over time',
      corner: 'load, arm',
      columns: EXTREME_COLUMNS.map((text) => ({ text })),
      rows: extremeRows(report),
    })}
  </section>`
}

function loadMarkup(load: PairLoad, chart: TimeLineData): Markup {
  const { labels, hiccups, gaps, pairsLeftOut } = chart
  return html`<h3>Load ${loadName(load)}</h3>
    ${armLegend(
      labels,
      [
        ...(hiccups.length === 0
          ? []
          : [html`<span class="hiccup">hiccup of the machine between trials</span>`]),
        ...(gaps.length === 0
          ? []
          : [
              html`<span class="gap">longest gap of a port’s thread, somewhere in its trial</span>`,
            ]),
      ],
      false,
    )}
    ${chartElement(chart.elementId, timeLineDescription(load, chart))}
    ${pairsLeftOut === 0 ? null : html`<p class="muted">The last ${pairsLeftOut} pairs are not drawn: there is no room.</p>`}`
}
