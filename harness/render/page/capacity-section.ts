import type { Report } from '../../results/schema.ts'
import { breakEvenText } from '../break-even.ts'
import { capacityRows, inlineCeilingText, referenceText } from '../capacity-rows.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'

/** Capacity, what an architecture adds to a request, and the reference arm; null when none was measured. */
export function capacitySection(report: Report): Markup | null {
  const rows = capacityRows(report)
  const ceiling = inlineCeilingText(report)
  const reference = referenceText(report)
  const breakEven = breakEvenText(report)
  if (rows.length === 0 && reference === null && breakEven === null) return null
  return html`<section id="capacity">
    <h2>Capacity</h2>
    <p class="muted">
      Completed requests per second with a closed window${windowText(report)}. Overhead is what an
      architecture adds to each request: cores ÷ capacity − cores ÷ inline ceiling.
    </p>
    ${dataTable({
      caption: 'Capacity and cost per request',
      corner: 'arm',
      columns: ['capacity', 'CPU per request', 'overhead per request'].map((text) => ({ text })),
      rows: [
        ...rows.map(({ label, capacity, cpuPerRequest, overhead }) => ({
          label,
          cells: [capacity, cpuPerRequest, overhead],
        })),
        ...(ceiling === null
          ? []
          : [
              {
                label: 'inline ceiling: the same functions, no architecture',
                cells: [ceiling, '', ''],
              },
            ]),
      ],
    })}
    ${breakEven === null ? null : html`<p>${breakEven}</p>`}
    ${reference === null ? null : html`<p>Reference ${reference}. Measured beside the two arms, so that nobody takes the first one for the best that its architecture can do.</p>`}
  </section>`
}

function windowText(report: Report): string {
  return report.capacity === null ? '' : ` of ${report.capacity.windowPerPort} requests per port`
}
