import type { PairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { formatShare } from '../../words/format.ts'
import { architectureText, armLabels } from '../../words/names.ts'
import { chartElement } from '../page/axis.ts'
import { html, type Markup } from '../page/document.ts'
import { breakableLabel } from '../page/table.ts'
import { incompleteNotice } from './findings.ts'
import {
  headline,
  notices,
  predictionOutcome,
  predictionText,
  type VerdictNote,
  verdictNotes,
  verdictSentence,
} from './notices.ts'
import { loadName } from './pair-figures.ts'
import { type RatioData, ratioDescription } from './ratios.ts'

/** The answer first: the sentence, and what was asked. */
export function answerSection(report: PairReport): Markup {
  const notice = incompleteNotice(report)
  return html`<header>
    <p class="muted">crossover · ${report.scenario.name} · ${report.run.startedAt}</p>
    <h1>${headline(report)}</h1>
    ${notices(report).map((text) => html`<p class="alarm label">${text}</p>`)}
    ${notice === null ? null : html`<p class="alarm">${notice}</p>`}
    <p class="muted">${report.scenario.question}</p>
  </header>`
}

/** Who the arms are, for a reader who does not know them. */
function armList({ arms, comparisons }: Report): Markup {
  const [text, ...others] = new Set(arms.map(architectureText))
  if (text !== undefined && others.length === 0) {
    const architecture = arms[0]?.architecture ?? ''
    return html`<p>${arms.length === 2 ? 'Both' : 'All'} are ${architecture}: ${text}.</p>`
  }
  return html`<ul class="arms">
    ${arms.map(
      (arm) =>
        html`<li>
          <strong class="${roleOf(arm.label, comparisons)}">${arm.label}</strong>:
          ${architectureText(arm)}.
        </li>`,
    )}
  </ul>`
}

/** Colours are those of the two arms that the report is about. */
function roleOf(label: string, [compared]: Report['comparisons']): 'first' | 'second' | '' {
  if (label === compared?.first) return 'first'
  return label === compared?.second ? 'second' : ''
}

/** A picture of the verdicts, who the arms are, and each verdict in a sentence, beside it those of the other comparisons. */
export function verdictSection(
  report: Report,
  pair: PairReport,
  picture: RatioData | null,
): Markup {
  const prediction = predictionParagraph(pair)
  return html`<section id="verdicts">
    <h2>Verdicts</h2>
    ${picture === null ? null : pictureMarkup(pair, picture)} ${armList(report)}
    <ul>
      ${pair.loads.map((load, index) => html`<li><strong>${loadName(load)}</strong>: ${verdictSentence(load)}${besides(report, index)}</li>`)}
    </ul>
    ${verdictNotes(report).map(noteParagraph)} ${prediction}
  </section>`
}

function besides({ loads }: Report, index: number): Markup | null {
  const sentences = (loads[index]?.comparisons ?? [])
    .slice(1)
    .flatMap(({ verdict }) => verdict?.sentence ?? [])
  if (sentences.length === 0) return null
  return html`${sentences.map((sentence) => html`<br /><span class="muted">${sentence}</span>`)}`
}

function pictureMarkup(report: PairReport, picture: RatioData): Markup {
  return html`${ratioSides(report)}
    ${chartElement(picture.elementId, ratioDescription(report, picture))}
    <p class="muted">
      ${metricNote(report)} ${ratioNote(picture)} Lines are confidence intervals; a winner needs
      ${formatShare(report.run.level)}.
    </p>`
}

/** Says which way is better for whom: above every chart of ratios. */
export function ratioSides(report: PairReport): Markup {
  const [first, second] = armLabels(report)
  return html`<div class="sides">
    <span class="first">◂ ${breakableLabel(first)} is better</span>
    <span class="second">${breakableLabel(second)} is better ▸</span>
  </div>`
}

/** For a reader who has never heard of percentiles. */
function metricNote({ run, loads }: PairReport): string {
  return run.metric === 'p99' && loads.some(({ offeredPerSecond }) => offeredPerSecond !== null)
    ? 'A row is a load; p99 is the time within which 99% of its requests were answered.'
    : ''
}

/** What its signs mean; only those that are in it. */
function ratioNote({ rows }: RatioData): string {
  const estimated = rows.filter(({ span }) => span !== null)
  const open = estimated.some(({ winner }) => winner === null)
  const decided = estimated.some(({ winner }) => winner !== null)
  const point =
    open && decided
      ? 'Filled in an arm’s colour: it wins; hollow: nobody does.'
      : open
        ? 'Hollow points: nobody wins.'
        : 'Points have the winner’s colour.'
  return `${point} Inside the grey zone a difference is too small for a winner.`
}

function noteParagraph({ text, isMuted }: VerdictNote): Markup {
  return isMuted ? html`<p class="muted">${text}</p>` : html`<p>${text}</p>`
}

function predictionParagraph(report: PairReport): Markup | null {
  const { prediction } = report.scenario
  const outcome = predictionOutcome(report)
  if (prediction === null || outcome === null) return null
  return html`<h3>Prediction, written down before measuring</h3>
    <p>${predictionText(prediction)}. <strong>Outcome</strong>: ${outcome}.</p>`
}
