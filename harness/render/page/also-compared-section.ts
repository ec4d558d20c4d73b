import { alsoCompared, type AlsoCompared, alsoRatioHeading } from '../also-compared.ts'
import type { Report } from '../../results/schema.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'

/** The other comparisons of a run: verdicts, and the figures that a reader asks for first; null when there is only one. */
export function alsoComparedSection(report: Report): Markup | null {
  const others = alsoCompared(report)
  if (others.length === 0) return null
  return html`<section id="also">
    <h2>Also compared</h2>
    ${others.map(otherMarkup)}
  </section>`
}

function otherMarkup(also: AlsoCompared): Markup {
  const { first, second, verdicts, rows } = also
  return html`<h3>${second} with ${first}</h3>
    <ul>
      ${verdicts.map(({ load, sentence }) => html`<li><strong>${load}</strong>: ${sentence}</li>`)}
    </ul>
    ${
      rows.length === 0
        ? null
        : dataTable({
            caption: `${second} with ${first}, medians over pairs`,
            corner: 'load',
            columns: ['metric', first, second, alsoRatioHeading(also)].map((text) => ({ text })),
            rows: rows.map((row) => ({
              label: row.load,
              cells: [row.metric, row.first, row.second, row.ratio],
            })),
          })
    }`
}
