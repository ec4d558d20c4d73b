import type { Report } from '../../results/schema.ts'
import { roundRows, roundsText } from '../round-rows.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'

/** What it took to make servers ready, by arm; null for a report without rounds. */
export function roundSection(report: Report): Markup | null {
  const text = roundsText(report)
  if (text === null) return null
  return html`<section id="rounds">
    <h2>Rounds</h2>
    <p class="muted">
      In each round every arm is started anew and warmed until compilers, collectors and medians
      stand still; then every load is measured. ${text}.
    </p>
    ${dataTable({
      caption: 'Until servers were ready, medians over rounds',
      corner: 'arm',
      columns: ['start', 'warm-up', 'search of the capacity', 'quiet'].map((heading) => ({
        text: heading,
      })),
      rows: roundRows(report).map(({ label, start, warmUp, capacity, quiet }) => ({
        label,
        cells: [start, warmUp, capacity, quiet],
      })),
    })}
  </section>`
}
