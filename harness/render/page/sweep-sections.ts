import type { Sweep } from '../../results/sweep.ts'
import { formatShare } from '../format.ts'
import { chartText, type SweepChart } from '../sweep-charts.ts'
import { sweepPredictionText } from '../sweep-prediction.ts'
import {
  incompleteSweepText,
  labelsOf,
  loadSentence,
  markedSweepText,
  metricText,
  scalingSentence,
  slopeSentence,
  sweepSentence,
} from '../sweep-sentence.ts'
import { intervalNote, type SweepTable, sweepTables } from '../sweep-table.ts'
import { estimateMarkup } from './estimate-markup.ts'
import { html, type Markup } from './markup.ts'
import { definitions, type Entry } from './provenance-sections.ts'
import type { SweepChartData } from './sweep-chart-data.ts'

/** The answer first. */
export function sweepHeadSection(sweep: Sweep): Markup {
  const { scenario, run, over } = sweep
  const alarms = [incompleteSweepText(sweep), markedSweepText(sweep)]
  const further = [
    sweepPredictionText(sweep),
    loadSentence(sweep),
    scalingSentence(sweep),
    slopeSentence(sweep),
  ]
  return html`<header>
    <p class="muted">crossover · sweep ${scenario.name} over ${over.name} · ${run.startedAt}</p>
    <h1>${sweepSentence(sweep)}</h1>
    ${paragraphs(alarms, 'alarm')} ${paragraphs(further, 'plain')}
    <p class="muted">${scenario.question}</p>
  </header>`
}

/** A chart with its legend, and the same in words for those who do not see it. */
export function sweepChartSection(
  sweep: Sweep,
  chart: SweepChart,
  { elementId }: SweepChartData,
): Markup {
  const [first, second] = labelsOf(sweep)
  const isTimerBound = chart.curves.some(({ points }) =>
    points.some((point) => point?.isTimerBound === true),
  )
  const legend =
    chart.line === null
      ? html`<div class="legend">
          <span class="first">${first}</span> <span class="second">${second}</span>
        </div>`
      : html`<p>
          Points: <strong class="first">${first} wins</strong>,
          <strong class="second">${second} wins</strong>,
          <strong class="muted">undecided or no difference</strong
          >.${isTimerBound ? ' Hollow: timer-bound, no winner is named.' : null}
        </p>`
  return html`<section>
    <h2>${chart.title}</h2>
    ${legend}
    <div class="chart" id="${elementId}" role="img" aria-label="${chartText(sweep, chart)}"></div>
    <p class="muted">Vertical axis logarithmic; bands are intervals over trials or pairs.</p>
  </section>`
}

/** Every figure as a number. */
export function sweepTableSection(sweep: Sweep): Markup {
  return html`<section>
    <h2>Numbers</h2>
    ${sweepTables(sweep).map(tableMarkup)}
    <p class="muted">${intervalNote(sweep)}</p>
  </section>`
}

/** Doubts with their cures; null when there is none. */
export function sweepWarningSection({ warnings }: Sweep): Markup | null {
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
export function repeatSweepSection(sweep: Sweep): Markup {
  const { run, scenario, arms, load } = sweep
  const listed = (values: Readonly<Record<string, string | number | boolean>>): string =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ') || 'none'
  return html`<section>
    <h2>Run it again</h2>
    <pre><code>${run.command}</code></pre>
    ${definitions([
      ['seed', String(run.seed)],
      ['load', load.label],
      ['outcomes on', `${metricText(run.metric)}, ${formatShare(run.level)} confidence`],
      ['pairs planned per value', String(run.plannedPairs)],
      ['at capacity', `${run.plannedCapacityPairs} pairs at each value that has some`],
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

function paragraphs(texts: readonly (string | null)[], kind: string): Markup[] {
  return texts.filter((text) => text !== null).map((text) => html`<p class="${kind}">${text}</p>`)
}

function tableMarkup({ title, headings, rows }: SweepTable): Markup {
  const [parameter = '', ...others] = headings
  const colours = ['first', 'second', '']
  return html`<div class="wide">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          <th scope="col">${parameter}</th>
          ${others.map(
            (heading, index) =>
              html`<th scope="col" class="${colours[index] ?? ''}">${heading}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([value = '', ...cells]) =>
            html`<tr>
              <th scope="row">${value}</th>
              ${cells.map((cell) => html`<td>${estimateMarkup(cell)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
