import type { PairReport } from '../../results/compared-pair.ts'
import { METRIC_LABELS } from '../metric-label.ts'
import { objectiveRatioText, objectiveRows, objectiveTitle, probeTexts } from '../objective-rows.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'

/** The highest load of each arm within the objective, and how it was found; null when none was searched. */
export function objectiveSection(report: PairReport): Markup | null {
  const { objective } = report
  if (objective === null) return null
  const ratio = objectiveRatioText(report, objective)
  const probes = probeTexts(objective)
  return html`<section id="objective">
    <h2>${objectiveTitle(objective)}</h2>
    <p>${objective.sentence}</p>
    ${dataTable({
      caption: 'What each arm sustains within the objective',
      corner: 'arm',
      columns: [
        'highest load',
        'rounds that kept it',
        `${METRIC_LABELS[objective.percentile]} there`,
      ].map((text) => ({ text })),
      rows: objectiveRows(report, objective).map(({ label, load, kept, latency }) => ({
        label,
        cells: [load, kept, latency],
      })),
    })}
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
