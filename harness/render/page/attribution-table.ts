import type { Load, Report } from '../../results/schema.ts'
import { attributionRows, BAND_LABELS, slowestCauses } from '../attribution-rows.ts'
import { html, type Markup } from './markup.ts'

/** What requests around the median, p99 and p99.9 spent their time on; null when it is not known. */
export function attributionTable(report: Report, load: Load): Markup | null {
  const rows = attributionRows(report, load)
  if (rows.length === 0) return null
  return html`<table>
      <caption>
        Where the time went: make-up of sampled, answered requests, means over pairs
      </caption>
      <thead>
        <tr>
          <th scope="col">part of the latency</th>
          ${report.arms.flatMap((arm, index) =>
            BAND_LABELS.map(
              (band) =>
                html`<th scope="col" class="${index === 0 ? 'first' : 'second'}">
                  ${arm.label} ${band}
                </th>`,
            ),
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ label, first, second }) =>
            html`<tr>
              <th scope="row">${label}</th>
              ${[...first, ...second].map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="muted">
      Longest part of the slowest 1 %: ${slowestCauses(report, load).join('; ')}.
    </p>`
}
