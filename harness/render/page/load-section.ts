import type { Load, Report } from '../../results/schema.ts'
import { counterRows } from '../counter-rows.ts'
import { formatQuantity, formatShare, PER_SECOND } from '../format.ts'
import { verdictSentence } from '../headline.ts'
import { unusualMetricText } from '../judged-metric.ts'
import { intervalLevel, summaryRows } from '../summary-rows.ts'
import { attributionTable } from './attribution-table.ts'
import { chartDescription, type ChartData } from './chart-data.ts'
import { estimateMarkup } from './estimate-markup.ts'
import { html, type Markup, trusted } from './markup.ts'

/** Everything about one load: verdict, curves, numbers, where the time went. */
export function loadSection(report: Report, load: Load, chart: ChartData | null): Markup {
  const offered =
    load.offeredPerSecond === null
      ? 'as fast as possible'
      : `offered ${formatQuantity(load.offeredPerSecond, PER_SECOND)}`
  return html`<section>
    <h2>Load ${load.label}: ${offered}</h2>
    <p>${verdictSentence(load)}</p>
    ${chart === null ? null : figure(load, chart)} ${summaryTable(report, load)}
    ${attributionTable(report, load)} ${counterTable(report, load)}
  </section>`
}

function figure(load: Load, chart: ChartData): Markup {
  const [first, second] = chart.arms
  return html`<div class="legend">
      <span class="first">${first?.label ?? ''}, all pairs</span>
      <span class="second">${second?.label ?? ''}, all pairs</span>
      <span class="thin muted">one pair</span>
    </div>
    <div
      class="chart"
      id="${chart.elementId}"
      role="img"
      aria-label="${chartDescription(load, chart)}"
    ></div>`
}

function summaryTable(report: Report, load: Load): Markup | null {
  const rows = summaryRows(report, load)
  if (rows.length === 0) return null
  const level = intervalLevel(load)
  const [first, second] = armLabels(report)
  return html`<table>
    <caption>
      Latency and cost, medians over pairs${unusualMetricText(load)}
    </caption>
    <thead>
      <tr>
        <th scope="col">metric</th>
        <th scope="col" class="first">${first}</th>
        <th scope="col" class="second">${second}</th>
        <th scope="col">
          ${second} ÷ ${first}${level === null ? '' : `, ${formatShare(level)} interval`}
        </th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr${row.isMarked ? trusted(' class="judged"') : null}>
            <th scope="row">${row.label}${row.isMarked ? ' ←' : null}</th>
            <td>${row.first}</td>
            <td>${row.second}</td>
            <td>${estimateMarkup(row.ratio)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function counterTable(report: Report, load: Load): Markup | null {
  const rows = counterRows(report, load)
  if (rows.length === 0) return null
  const [first, second] = armLabels(report)
  return html`<table>
    <caption>
      Counters, medians over pairs
    </caption>
    <thead>
      <tr>
        <th scope="col">counter</th>
        <th scope="col" class="first">${first}</th>
        <th scope="col" class="second">${second}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            <th scope="row">${row.label}</th>
            <td>${row.first}</td>
            <td>${row.second}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function armLabels(report: Report): readonly [first: string, second: string] {
  return [report.arms[0]?.label ?? '', report.arms[1]?.label ?? '']
}
