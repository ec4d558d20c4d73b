import { ABLATION_METRICS } from '../../results/ablation.ts'
import type { Ablation } from '../../results/ablation.ts'
import {
  ABLATION_METRIC_NAMES,
  ablationSentence,
  agreementSentence,
  incompleteText,
  loadText,
  markedText,
  throughputSentence,
  waterfallTitle,
} from '../ablation-sentence.ts'
import {
  armRows,
  mechanismRows,
  ratioHeadings,
  type RatioRow,
  stepRows,
} from '../ablation-table.ts'
import { formatShare } from '../format.ts'
import type { Waterfall } from '../waterfall.ts'
import { estimateMarkup } from './estimate-markup.ts'
import { html, type Markup } from './markup.ts'
import { definitions } from './provenance-sections.ts'
import { type WaterfallData, waterfallDescription } from './waterfall-data.ts'

/** The answer first. */
export function answerSection(ablation: Ablation): Markup {
  const notice = incompleteText(ablation)
  const marked = markedText(ablation)
  const { scenario, run } = ablation
  return html`<header>
    <p class="muted">crossover · ablate ${scenario.name} · ${run.startedAt}</p>
    <h1>${ablationSentence(ablation)}</h1>
    ${notice === null ? null : html`<p class="alarm">${notice}</p>`}
    <p>${throughputSentence(ablation)}</p>
    ${marked === null ? null : html`<p class="alarm">${marked}</p>`}
    <p class="muted">${scenario.question}</p>
  </header>`
}

/** A waterfall as a chart, with the same in words for those who do not see it. */
export function waterfallSection(
  ablation: Ablation,
  waterfall: Waterfall,
  chart: WaterfallData,
): Markup {
  return html`<section>
    <h2>${waterfallTitle(ablation, waterfall.metric)}</h2>
    <p class="muted">
      Logarithmic: each bar begins where the one before ended and is as long as its step’s ratio.
      Thin lines are intervals, diamonds the medians of the first and the last arm. Grey is
      undecided.
    </p>
    <div
      class="chart"
      id="${chart.elementId}"
      role="img"
      aria-label="${waterfallDescription(waterfall)}"
    ></div>
  </section>`
}

/** Every ratio as a number. */
export function ratioSection(ablation: Ablation): Markup {
  const { plannedRounds, plannedCapacityRounds } = ablation.run
  return html`<section>
    <h2>What each step is worth</h2>
    ${ratioTable('Steps: second ÷ first, over rounds', ablation, stepRows(ablation))}
    ${ratioTable('Mechanisms: all their steps together', ablation, mechanismRows(ablation))}
    <p class="muted">
      <strong>×?</strong> marks an interval that includes 1: undecided, no effect. Latency has
      ${plannedRounds} rounds, throughput ${plannedCapacityRounds}. Of many steps that change
      nothing, a few look decided by chance. CPU per request includes spinning.
    </p>
  </section>`
}

function ratioTable(caption: string, ablation: Ablation, rows: readonly RatioRow[]): Markup | null {
  if (rows.length === 0) return null
  return html`<div class="wide">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col"></th>
          ${ratioHeadings(ablation).map((heading) => html`<th scope="col">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, cells }) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell) => html`<td>${estimateMarkup(cell)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** Whether the steps multiply to what the ends showed. */
export function agreementSection(ablation: Ablation): Markup | null {
  const sentences = ABLATION_METRICS.map((metric) => agreementSentence(ablation, metric)).filter(
    (sentence) => sentence !== null,
  )
  if (sentences.length === 0) return null
  return html`<section>
    <h2>Do the steps add up?</h2>
    <p class="muted">
      The first and the last arm were also measured alone, on other traces. Per round, the steps’
      ratios multiply to the ratio of the ends in that round.
    </p>
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </section>`
}

/** What was compared. */
export function armSection(ablation: Ablation): Markup {
  return html`<section>
    <h2>Arms</h2>
    <div class="wide">
      <table>
        <caption>
          Medians over rounds
        </caption>
        <thead>
          <tr>
            <th scope="col">arm</th>
            ${ABLATION_METRICS.map((metric) => html`<th scope="col">${ABLATION_METRIC_NAMES[metric]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${armRows(ablation).map(
            ({ number, label, cells }) =>
              html`<tr>
                <th scope="row">${number} ${breakable(label)}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

/** A label that may be broken behind its colons. */
function breakable(label: string): Markup {
  return label.split(/(?<=:)/).reduce((before, piece) => html`${before}${piece}<wbr />`, html``)
}

/** Doubts with their cures; null when there is none. */
export function warningSection({ warnings }: Ablation): Markup | null {
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
export function repeatAblationSection(ablation: Ablation): Markup {
  const { run, scenario } = ablation
  const params = Object.entries(scenario.params).map(([name, value]) => `${name}=${value}`)
  return html`<section>
    <h2>Run it again</h2>
    <pre><code>${run.command}</code></pre>
    ${definitions([
      ['seed', String(run.seed)],
      ['load', loadText(ablation)],
      ['rounds', `${run.plannedRounds} at the load, ${run.plannedCapacityRounds} at capacity`],
      ['steady state of a trial', `${run.durationSeconds} s`],
      ['confidence', formatShare(run.level)],
      ['processors', run.cpus.join(', ')],
      ['took', `${run.elapsedSeconds.toFixed(1)} s`],
      ['parameters', params.join(', ') || 'none'],
      ...(scenario.claim === null ? [] : [['claim', scenario.claim] as const]),
    ])}
  </section>`
}
