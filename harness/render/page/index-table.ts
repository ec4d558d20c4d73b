import { relative, sep } from 'node:path'
import { NOT_AVAILABLE } from '../format.ts'
import type { IndexRatio, IndexRow, ReadRow, UnreadableRow } from '../index-row.ts'
import { instantText } from '../index-sentence.ts'
import { breakableLabel } from './breakable-label.ts'
import { estimateMarkup } from './estimate-markup.ts'
import { scenarioAnchor, scenariosAttribute } from './index-filter-names.ts'
import { html, type Markup } from './markup.ts'
import { ratioText } from './sparkline.ts'

const COLUMNS = [
  'started',
  'scenario',
  'kind',
  'arms',
  'what was found',
  'ratio',
  'machine',
  'warnings',
] as const

/**
 * All rows in their order, each with a link to its page, or to its JSON where it has none. On a phone a row is a block: the
 * roles say what the style sheet then hides.
 * @param from the folder in which the page lies: links lead from there.
 */
export function indexTable(rows: readonly IndexRow[], from: string): Markup {
  return html`<section id="runs">
    <h2>All runs, newest first</h2>
    <table class="runs" role="table">
      <caption class="muted">
        The ratio is second arm ÷ first arm.
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${COLUMNS.map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map((row) => (row.state === 'read' ? readMarkup(row, from) : unreadableMarkup(row, from)))}
      </tbody>
    </table>
  </section>`
}

function readMarkup(row: ReadRow, from: string): Markup {
  const { kind, profile, sentence, notices, machine, warnings } = row
  return rowMarkup(row, from, [
    cell('kind', html`${kind}${profile === null ? null : html`, ${profile}`}`),
    cell('arms', armsMarkup(row.arms)),
    cell(
      'what was found',
      html`${sentence}${notices.map((notice) => html`<p class="alarm">${notice}</p>`)}`,
    ),
    cell('ratio', row.ratios.length === 0 ? null : html`${row.ratios.map(ratioMarkup)}`),
    cell(
      'machine',
      machine && html`${machine.cpu}, ${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}`,
    ),
    cell('warnings', warnings === null ? null : html`${warnings}`),
  ])
}

function unreadableMarkup(row: UnreadableRow, from: string): Markup {
  return rowMarkup(row, from, [
    cell('kind', html`${row.kind}`),
    html`<td role="cell" colspan="5" data-label="problem">
      <span class="alarm">cannot be read</span>: ${row.problem}
    </td>`,
  ])
}

function rowMarkup(row: IndexRow, from: string, cells: readonly Markup[]): Markup {
  const { startedAt, scenarios, page, file } = row
  const start =
    startedAt === null
      ? html`unknown`
      : html`<time datetime="${startedAt}">${instantText(startedAt)}</time>`
  return html`<tr role="row" data-scenarios="${scenariosAttribute(scenarios)}">
    <th scope="row" role="rowheader" data-label="started">
      <a href="${linkTo(page ?? file, from)}">${start}</a>${page === null ? ' (JSON)' : null}
    </th>
    ${cell('scenario', scenarioMarkup(scenarios))} ${cells}
  </tr>`
}

/** `null` is not available. */
function cell(label: (typeof COLUMNS)[number], content: Markup | null): Markup {
  return html`<td role="cell" data-label="${label}">${content ?? NOT_AVAILABLE}</td>`
}

function scenarioMarkup(scenarios: readonly string[]): Markup | null {
  const [scenario, ...others] = scenarios
  if (scenario === undefined) return null
  return others.length === 0
    ? html`<a href="#${scenarioAnchor(scenario)}">${breakableLabel(scenario)}</a>`
    : html`${scenarios.length} scenarios`
}

/** The whole chain of an ablation would fill a page. */
function armsMarkup(arms: readonly string[]): Markup | null {
  if (arms.length === 0) return null
  if (arms.length > 2) return html`${arms.length} arms`
  return html`${arms.map((arm, index) => html`${breakableLabel(arm)}${index < arms.length - 1 ? ',' : null}`)}`
}

function ratioMarkup({ subject, ratio }: IndexRatio): Markup {
  return html`<div><span class="muted">${subject}</span> ${estimateMarkup(ratioText(ratio))}</div>`
}

/** Every part is encoded: no name can become an address with a scheme. */
function linkTo(path: string, from: string): string {
  return relative(from, path)
    .split(sep)
    .map((part) => encodeURIComponent(part))
    .join('/')
}
