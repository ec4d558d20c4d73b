import type { Report } from '../../results/schema.ts'
import { METRIC_LABELS } from '../metric-label.ts'
import { objectiveRatioText, objectiveRows, objectiveTitle, probeTexts } from '../objective-rows.ts'
import { estimateMarkup } from './estimate-markup.ts'
import { html, type Markup } from './markup.ts'

/** The highest load of each arm within the objective, and how it was found; null when none was searched. */
export function objectiveSection(report: Report): Markup | null {
  const { objective } = report
  if (objective === null) return null
  const ratio = objectiveRatioText(report, objective)
  const probes = probeTexts(objective)
  return html`<section>
    <h2>${objectiveTitle(objective)}</h2>
    <p>${objective.sentence}</p>
    <table>
      <thead>
        <tr>
          <th scope="col">arm</th>
          <th scope="col">highest load</th>
          <th scope="col">trials that kept it</th>
          <th scope="col">${METRIC_LABELS[objective.percentile]} there</th>
        </tr>
      </thead>
      <tbody>
        ${objectiveRows(report, objective).map(
          (row) =>
            html`<tr>
              <th scope="row">${row.label}</th>
              <td>${estimateMarkup(row.load)}</td>
              <td>${row.kept}</td>
              <td>${estimateMarkup(row.latency)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${ratio === null ? null : html`<p>${ratio}</p>`}
    ${
      probes.length === 0
        ? null
        : html`<details>
            <summary>Every load that was tried, in order</summary>
            <ul>
              ${probes.map((probe) => html`<li>${probe}</li>`)}
            </ul>
          </details>`
    }
  </section>`
}
