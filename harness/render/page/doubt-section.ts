import type { Report } from '../../results/schema.ts'
import { failedGates, voidTrials } from '../findings.ts'
import { gateRows } from '../gate-rows.ts'
import { shareDoubts } from '../load-shares.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'

/** Every reason to doubt the numbers, says so when there is none, and which gates the trials had to pass. */
export function doubtSection(report: Report): Markup {
  const entries = [
    ...voidTrials(report).map(
      ({ where, what }) => html`<li><span class="alarm">void</span> ${where}: ${what}</li>`,
    ),
    ...[...shareDoubts(report.loads), ...failedGates(report)].map(
      ({ where, what }) => html`<li><strong>doubtful</strong> ${where}: ${what}</li>`,
    ),
    ...report.warnings.map(
      ({ message, cure }) =>
        html`<li>
          <strong>warning</strong> ${message}. <span class="muted">Cure: ${cure}.</span>
        </li>`,
    ),
  ]
  return html`<section id="gates">
    <h2>Gates and warnings</h2>
    ${
      entries.length === 0
        ? html`<p>All trials passed every check.</p>`
        : html`<ul>
            ${entries}
          </ul>`
    }
    ${gateTable(report)}
  </section>`
}

function gateTable(report: Report): Markup | null {
  const rows = gateRows(report)
  if (rows.length === 0) return null
  const [compared] = report.comparisons
  return dataTable({
    caption: 'Validity gates: trials that passed',
    corner: 'gate',
    columns: report.arms.map(({ label }) => ({
      text: label,
      arm: label === compared?.first ? 'first' : label === compared?.second ? 'second' : '',
    })),
    rows,
  })
}
