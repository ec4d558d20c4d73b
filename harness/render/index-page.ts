import type { IndexRow } from './index-row.ts'
import { indexSentence, unreadableSentence } from './index-sentence.ts'
import { ratioSeries } from './index-series.ts'
import { filterIndex } from './page/filter-index.ts'
import { indexTable } from './page/index-table.ts'
import { INDEX_STYLE } from './page/index-style.ts'
import { seriesSection } from './page/index-series-section.ts'
import { inlineScript, inlineStyle } from './page/inline-source.ts'
import { html, type Markup, trusted } from './page/markup.ts'

/** By this an earlier index is known, which may be replaced. */
export const INDEX_MARK = '<meta name="generator" content="crossover report --index" />'

/**
 * All measurements of a folder as one HTML page that needs no network and no server: about 2 kB for each. Its content
 * security policy allows its style sheet and the script of its filter; without the script everything is shown.
 * @param rows newest first. @param from the folder in which the page lies: links lead from there.
 */
export function renderIndexPage(rows: readonly IndexRow[], from: string): string {
  const style = inlineStyle(INDEX_STYLE)
  const script = inlineScript(`(${filterIndex.toString()})()`)
  const policy = `default-src 'none'; script-src ${script.policyHash}; style-src ${style.policyHash}; base-uri 'none'; form-action 'none'`
  const sentence = indexSentence(rows)
  const unreadable = unreadableSentence(rows)
  const overTime = seriesSection(ratioSeries(rows))
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        ${trusted(INDEX_MARK)}
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>crossover: ${sentence}</title>
        ${style.element}
      </head>
      <body>
        <main>
          <header>
            <p class="muted">crossover · index of reports</p>
            <h1>${sentence}</h1>
            ${unreadable === null ? null : html`<p class="alarm">${unreadable}</p>`} ${filter(rows)}
            ${overTime === null ? null : contents()}
          </header>
          ${overTime} ${indexTable(rows, from)}
        </main>
        ${script.element}
      </body>
    </html> `.text
}

/** Many scenarios make the table begin far below. */
function contents(): Markup {
  return html`<nav aria-label="Sections of this page">
    <a href="#over-time">ratio over time</a> <a href="#runs">all runs</a>
  </nav>`
}

/** Hidden until the script that it needs has run. */
function filter(rows: readonly IndexRow[]): Markup {
  const names = [...new Set(rows.flatMap(({ scenarios }) => scenarios))].toSorted()
  return html`<div class="filter" id="filter" hidden>
    <label for="choice">Scenario</label>
    <select id="choice" autocomplete="off">
      <option value="">all</option>
      ${names.map((name) => html`<option value="${name}">${name}</option>`)}
    </select>
    <span id="shown" role="status" class="muted"></span>
  </div>`
}
