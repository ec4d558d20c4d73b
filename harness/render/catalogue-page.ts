import type { Catalogue, CatalogueEntry } from '../results/catalogue.ts'
import { catalogueSentence, outcomeWord, STATES } from './catalogue.ts'
import { CATALOGUE_STYLE } from './page/catalogue-style.ts'
import { inlineStyle } from './page/inline-source.ts'
import { html, type Markup } from './page/markup.ts'
import { predictedWinner, predictionText } from './prediction-outcome.ts'

/**
 * The index of a catalogue's reports as one page without any script; its content security policy allows its style sheet and
 * nothing else. Links lead to the reports beside it. Below 20 kB per scenario.
 * @param pictures by scenario name; a scenario without one had nothing to draw.
 */
export function renderCataloguePage(
  catalogue: Catalogue,
  pictures: ReadonlyMap<string, Markup>,
): string {
  const style = inlineStyle(CATALOGUE_STYLE)
  const policy = `default-src 'none'; style-src ${style.policyHash}; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>crossover: ${catalogueSentence(catalogue)}</title>
        ${style.element}
      </head>
      <body>
        <main>
          ${head(catalogue)} ${overview(catalogue.scenarios)}
          ${catalogue.scenarios.map((entry) => entrySection(entry, pictures.get(entry.name) ?? null))}
          ${provenance(catalogue)}
        </main>
      </body>
    </html> `.text
}

function head({ startedAt, profile, ending, complete, ...catalogue }: Catalogue): Markup {
  const sentence = catalogueSentence({ startedAt, profile, ending, complete, ...catalogue })
  return html`<header>
    <p class="muted">crossover · catalogue · profile ${profile} · ${startedAt}</p>
    <h1>${sentence}</h1>
    ${complete ? null : html`<p class="alarm">${ending === null ? 'Not finished: what follows may change.' : `Incomplete: ${ending}.`}</p>`}
    <p class="muted">
      Each scenario asks one question of both architectures. Its prediction was written down before
      it was measured; the outcome is whether that winner won, at default parameters. What a claim
      says beyond it is in the scenario’s figures, sweeps and arms.
    </p>
  </header>`
}

function overview(entries: readonly CatalogueEntry[]): Markup {
  return html`<section>
    <h2>Overview</h2>
    <table class="overview">
      <thead>
        <tr>
          <th scope="col">scenario</th>
          <th scope="col" class="claim">claim</th>
          <th scope="col" class="wide-only">prediction</th>
          <th scope="col">outcome</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          (entry) =>
            html`<tr>
              <th scope="row"><a href="#${entry.name}">${entry.name}</a></th>
              <td class="claim">${entry.claim ?? '–'}</td>
              <td class="wide-only">
                ${entry.prediction === null ? '–' : predictedWinner(entry.prediction)}
              </td>
              <td>${outcomeMarkup(entry)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

function outcomeMarkup(entry: CatalogueEntry): Markup {
  if (entry.state !== 'sound') return html`<span class="alarm">${STATES[entry.state]}</span>`
  return html`<span class="outcome">${outcomeWord(entry.outcome)}</span>`
}

function entrySection(entry: CatalogueEntry, picture: Markup | null): Markup {
  const { name, claim, question, prediction, headline, notices } = entry
  return html`<section id="${name}">
    <h2>${name}${claim === null ? null : html` <span class="muted claim">${claim}</span>`}</h2>
    ${question === null ? null : html`<p class="muted">${question}</p>`}
    ${notices.map((text) => html`<p class="alarm label">${text}</p>`)}
    ${headline === null ? null : html`<p>${headline}</p>`} ${failureMarkup(entry)}
    ${prediction === null ? null : html`<p><strong>Prediction</strong>: ${predictionText(prediction)}.</p>`}
    ${outcomeParagraph(entry)} ${picture} ${reportLink(entry)}
  </section>`
}

function outcomeParagraph({ outcomeText }: CatalogueEntry): Markup | null {
  if (outcomeText === null) return null
  return html`<p><strong>Outcome</strong>: <span class="outcome">${outcomeText}</span>.</p>`
}

function failureMarkup({ state, failure }: CatalogueEntry): Markup | null {
  if (failure === null)
    return state === 'unfinished' ? html`<p class="muted">Not finished.</p>` : null
  const cure =
    failure.cure === null ? null : html`<span class="muted">Cure: ${failure.cure}.</span>`
  return html`<p><span class="alarm">failed</span> ${failure.message}. ${cure}</p>`
}

/** Folder names are made of letters, digits, `.`, `_` and `-`. */
function reportLink({ folder, name }: CatalogueEntry): Markup | null {
  return folder === null
    ? null
    : html`<p><a href="${folder}/report.html">The whole report of ${name}</a></p>`
}

function provenance({ command, seed, elapsedSeconds, environment }: Catalogue): Markup {
  const machine =
    environment === null
      ? null
      : html`<dt>machine</dt>
          <dd>${environment.cpu}, ${environment.cores} cores, kernel ${environment.kernel}</dd>
          <dt>node</dt>
          <dd>${environment.node}, crossover ${environment.crossover}</dd>`
  return html`<section>
    <h2>Run it again</h2>
    <pre>${command}</pre>
    <dl>
      <dt>seed</dt>
      <dd>${seed}</dd>
      <dt>took</dt>
      <dd>${Math.round(elapsedSeconds)} s</dd>
      ${machine}
    </dl>
  </section>`
}
