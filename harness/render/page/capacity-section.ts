import type { Report } from '../../results/schema.ts'
import { breakEvenText } from '../break-even.ts'
import {
  capacityRows,
  hasSustained,
  inlineCeilingText,
  sustainedRatioTexts,
} from '../capacity-rows.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'

const COLUMNS = ['sustained', 'saturated throughput', 'CPU per request', 'overhead per request']

/** What the arms can bear, and what an architecture adds to a request; null when neither was measured. */
export function capacitySection(report: Report): Markup | null {
  const rows = capacityRows(report)
  const ceiling = inlineCeilingText(report)
  const ratios = sustainedRatioTexts(report)
  const breakEven = breakEvenText(report)
  if (rows.length === 0 && breakEven === null) return null
  return html`<section id="capacity">
    <h2>Capacity</h2>
    <p class="muted">
      ${sustainedText(report)} Saturated throughput is what a closed window${windowText(report)}
      completes. Overhead is what an architecture adds to each request: cores ÷ saturated throughput
      − cores ÷ inline ceiling.
    </p>
    ${dataTable({
      caption: 'Capacity and cost per request',
      corner: 'arm',
      columns: COLUMNS.map((text) => ({ text })),
      rows: [
        ...rows.map(({ label, sustained, saturated, cpuPerRequest, overhead }) => ({
          label,
          cells: [sustained, saturated, cpuPerRequest, overhead],
        })),
        ...(ceiling === null
          ? []
          : [
              {
                label: 'inline ceiling: the same functions, no architecture',
                cells: ['', ceiling, '', ''],
              },
            ]),
      ],
    })}
    ${ratios.length === 0 ? null : html`<p>Sustained, ${ratios.join('; ')}.</p>`}
    ${breakEven === null ? null : html`<p>${breakEven}</p>`}
  </section>`
}

/** Reports before version 4 knew the closed window only. */
function sustainedText({ capacity }: Report): string {
  return capacity !== null && hasSustained(capacity)
    ? 'Sustained is the highest load, requests at their own instants, that was kept: loads in percent are shares of the smallest.'
    : ''
}

function windowText(report: Report): string {
  return report.capacity === null ? '' : ` of ${report.capacity.windowPerPort} requests per port`
}
