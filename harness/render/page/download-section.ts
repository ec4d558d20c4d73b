import { BYTES, formatQuantity } from '../format.ts'
import { html, type Markup } from './markup.ts'
import type { PackedReport } from './report-data.ts'

/** Everything that was measured, to take away. */
export function downloadSection({ base64, bytes }: PackedReport): Markup {
  const size = formatQuantity(bytes, BYTES)
  return html`<section id="data">
    <h2>Raw data</h2>
    ${
      base64 === null
        ? html`<p>
            report.json beside this page (${size}) holds all that was measured; it is too large to
            be inside, too.
          </p>`
        : html`<p>report.json holds all that was measured; every figure here is made from it.</p>
            <button type="button" id="download" hidden>Download report.json (${size})</button>
            <noscript
              ><p class="muted">Without JavaScript take it from beside this page.</p></noscript
            >`
    }
  </section>`
}
