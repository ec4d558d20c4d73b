import type { Report } from '../../results/schema.ts'
import { breakEvenText } from '../break-even.ts'
import { capacityRows, inlineCeilingText, referenceText } from '../capacity-rows.ts'
import { failedGates, incompleteNotice, repeatedTrials, voidTrials } from '../findings.ts'
import { headline, verdictSentence } from '../headline.ts'
import { notices } from '../notices.ts'
import { predictionOutcome, predictionText } from '../prediction-outcome.ts'
import { type VerdictNote, verdictNotes } from '../verdict-notes.ts'
import { estimateMarkup } from './estimate-markup.ts'
import { html, type Markup } from './markup.ts'

/** The answer first: the headline, what was asked, the verdict of each load. */
export function headSection(report: Report): Markup {
  const notice = incompleteNotice(report)
  return html`<header>
      <p class="muted">crossover · ${report.scenario.name} · ${report.run.startedAt}</p>
      <h1>${headline(report)}</h1>
      ${notices(report).map((text) => html`<p class="alarm label">${text}</p>`)}
      ${notice === null ? null : html`<p class="alarm">${notice}</p>`}
      <p class="muted">${report.scenario.question}</p>
    </header>
    ${verdictSection(report)}`
}

/** An objective has a section of its own, so that without loads only the prediction is left. */
function verdictSection(report: Report): Markup | null {
  const prediction = predictionParagraph(report)
  if (report.loads.length === 0 && report.objective !== null) {
    return prediction === null ? null : html`<section>${prediction}</section>`
  }
  return html`<section>
    <h2>Verdicts</h2>
    <ul>
      ${report.loads.map((load) => html`<li><strong>${load.label}</strong>: ${verdictSentence(load)}</li>`)}
    </ul>
    ${verdictNotes(report).map(noteParagraph)} ${prediction}
  </section>`
}

function noteParagraph({ text, isMuted }: VerdictNote): Markup {
  return isMuted ? html`<p class="muted">${text}</p>` : html`<p>${text}</p>`
}

function predictionParagraph(report: Report): Markup | null {
  const { prediction } = report.scenario
  const outcome = predictionOutcome(report)
  if (prediction === null || outcome === null) return null
  return html`<h3>Prediction, written down before measuring</h3>
    <p>${predictionText(prediction)}. <strong>Outcome</strong>: ${outcome}.</p>`
}

/** Capacity, what an architecture adds to a request, and the reference arm; null when none was measured. */
export function capacitySection(report: Report): Markup | null {
  const rows = capacityRows(report)
  const ceiling = inlineCeilingText(report)
  const reference = referenceText(report)
  const breakEven = breakEvenText(report)
  if (rows.length === 0 && reference === null && breakEven === null) return null
  return html`<section>
    <h2>Capacity</h2>
    <p class="muted">
      Completed requests per second with a closed window${windowText(report)}. Overhead is what an
      architecture adds to each request: cores ÷ capacity − cores ÷ inline ceiling.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">arm</th>
          <th scope="col">capacity</th>
          <th scope="col">CPU per request</th>
          <th scope="col">overhead per request</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${row.label}</th>
              <td>${estimateMarkup(row.capacity)}</td>
              <td>${estimateMarkup(row.cpuPerRequest)}</td>
              <td>${estimateMarkup(row.overhead)}</td>
            </tr>`,
        )}
        ${
          ceiling === null
            ? null
            : html`<tr>
                <th scope="row">inline ceiling: the same functions, no architecture</th>
                <td>${estimateMarkup(ceiling)}</td>
                <td></td>
                <td></td>
              </tr>`
        }
      </tbody>
    </table>
    ${breakEven === null ? null : html`<p>${breakEven}</p>`}
    ${reference === null ? null : html`<p>Reference ${reference}. Measured beside the two arms, so that nobody takes the first one for the best that its architecture can do.</p>`}
  </section>`
}

function windowText(report: Report): string {
  return report.capacity === null ? '' : ` of ${report.capacity.windowPerPort} requests per port`
}

/** Every reason to doubt the numbers; says so when there is none. */
export function doubtSection(report: Report): Markup {
  const repeated = repeatedTrials(report)
  const entries = [
    ...voidTrials(report).map(
      ({ where, what }) => html`<li><span class="alarm">void</span> ${where}: ${what}</li>`,
    ),
    ...failedGates(report).map(
      ({ where, what }) => html`<li><strong>doubtful</strong> ${where}: ${what}</li>`,
    ),
    ...(repeated === null ? [] : [html`<li><strong>repeated</strong> ${repeated}</li>`]),
    ...report.warnings.map(
      ({ message, cure }) =>
        html`<li>
          <strong>warning</strong> ${message}. <span class="muted">Cure: ${cure}.</span>
        </li>`,
    ),
  ]
  return html`<section>
    <h2>Gates and warnings</h2>
    ${
      entries.length === 0
        ? html`<p>All trials passed every check.</p>`
        : html`<ul>
            ${entries}
          </ul>`
    }
  </section>`
}
