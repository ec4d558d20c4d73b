import type { CrossingSearch } from '../../results/crossing.ts'
import { crossingPredictionText } from '../crossing-prediction.ts'
import {
  crossingLoadText,
  crossingSentence,
  effortText,
  incompleteCrossingText,
} from '../crossing-sentence.ts'
import { crossingTable, crossingTableNote } from '../crossing-table.ts'
import { formatShare } from '../format.ts'
import { labelsOf, markedSweepText, metricText } from '../sweep-sentence.ts'
import { type CrossingData, crossingDescription } from './crossing-data.ts'
import { estimateMarkup } from './estimate-markup.ts'
import { html, type Markup } from './markup.ts'
import { definitions, type Entry } from './provenance-sections.ts'

/** The answer first. */
export function crossingHeadSection(search: CrossingSearch): Markup {
  const { scenario, run, over } = search
  const alarms = [incompleteCrossingText(search), markedSweepText(search)]
  const further = [crossingPredictionText(search), crossingLoadText(search), effortText(search)]
  return html`<header>
    <p class="muted">crossover · find ${scenario.name} over ${over.name} · ${run.startedAt}</p>
    <h1>${crossingSentence(search)}</h1>
    ${present(alarms).map((text) => html`<p class="alarm">${text}</p>`)}
    ${present(further).map((text) => html`<p>${text}</p>`)}
    <p class="muted">${scenario.question}</p>
  </header>`
}

/** The ratio over the parameter, with the same in words for those who do not see it. */
export function crossingChartSection(
  search: CrossingSearch,
  { elementId, band, dots }: CrossingData,
): Markup {
  const [first, second] = labelsOf(search)
  const isBound = dots.some((dot) => dot.isBound)
  const isLeftOut = dots.some((dot) => dot.isLeftOut)
  return html`<section>
    <h2>${metricText(search.run.metric)}: ${second} ÷ ${first}</h2>
    <div class="legend">
      <span class="first">dot of this colour: ${first} is better in that pair</span>
      <span class="second">${second} is better</span>
    </div>
    <div
      class="chart"
      id="${elementId}"
      role="img"
      aria-label="${crossingDescription(search)}"
    ></div>
    <p class="muted">
      Vertical axis logarithmic; a dot per pair, in the order of measurement, the line is the
      monotone
      fit.${band === null ? null : ' The grey band is the interval of the crossing.'}${isBound ? ' Triangles: one arm left requests unanswered, so the ratio lies beyond the edge.' : null}${isLeftOut ? ' Grey dots: timer-bound, left out of the fit.' : null}
    </p>
  </section>`
}

/** Every value as numbers; null before there is one. */
export function crossingTableSection(search: CrossingSearch): Markup | null {
  const { headings, rows } = crossingTable(search)
  if (rows.length === 0) return null
  return html`<section>
    <h2>Numbers</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([value, ...cells]) =>
              html`<tr>
                <th scope="row">${value}</th>
                ${cells.map((cell) => html`<td>${estimateMarkup(cell)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="muted">${crossingTableNote(search)}</p>
  </section>`
}

/** Doubts with their cures; null when there is none. */
export function crossingWarningSection({ warnings }: CrossingSearch): Markup | null {
  if (warnings.length === 0) return null
  return html`<section>
    <h2>Warnings</h2>
    <ul>
      ${warnings.map(
        ({ message, cure }) => html`<li>${message}. <span class="muted">Cure: ${cure}.</span></li>`,
      )}
    </ul>
  </section>`
}

/** How to get these numbers again. */
export function repeatCrossingSection(search: CrossingSearch): Markup {
  const { run, scenario, arms, load, over } = search
  const listed = (values: Readonly<Record<string, string | number | boolean>>): string =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ') || 'none'
  return html`<section>
    <h2>Run it again</h2>
    <pre><code>${run.command}</code></pre>
    ${definitions([
      ['seed', String(run.seed)],
      ['range', `${over.name} from ${over.from} to ${over.to}`],
      ['load', load.label],
      ['confidence', formatShare(run.level)],
      ['narrow enough', `an interval of ${formatShare(run.until)} of the range`],
      ...(run.mostPairs === null
        ? []
        : [['pairs, at most', String(run.mostPairs)] satisfies Entry]),
      ['steady state of a trial', `${run.durationSeconds} s`],
      ['processors', run.cpus.join(', ')],
      ...(run.virtualCores === null
        ? []
        : [['virtual cores', String(run.virtualCores)] satisfies Entry]),
      ['took', `${run.elapsedSeconds.toFixed(1)} s`],
      ...arms.map((arm): Entry => [arm.label, listed(arm.options)]),
      ['other parameters', listed(scenario.params)],
      ...(scenario.claim === null ? [] : [['claim', scenario.claim] satisfies Entry]),
    ])}
  </section>`
}

function present(texts: readonly (string | null)[]): string[] {
  return texts.filter((text) => text !== null)
}
