import { relative, sep } from 'node:path'
import { NOT_AVAILABLE } from '../../words/format.ts'
import { html, type Markup, plainDocument } from '../page/document.ts'
import { INDEX_STYLE } from '../page/style.ts'
import { breakableLabel, estimateMarkup } from '../page/table.ts'
import type { IndexRatio, IndexRow, ReadRow, UnreadableRow } from './rows.ts'
import {
  indexSentence,
  instantText,
  scenarioAnchor,
  scenariosAttribute,
  unreadableSentence,
} from './sentence.ts'
import { ratioSeries, ratioText, seriesSection } from './series.ts'

/**
 * Runs in the reader's browser, as its own source text: shows what is of the chosen scenario only. The choice is in the
 * page's address, `#scenario=<name>`, and may come from there; without a choice everything is shown.
 */
function filterIndex(): void {
  const control = document.querySelector<HTMLElement>('#filter')
  const select = document.querySelector<HTMLSelectElement>('#choice')
  const status = document.querySelector<HTMLElement>('#shown')
  if (control === null || select === null || status === null) return
  const parts = [...document.querySelectorAll<HTMLElement>('[data-scenarios]')].map((element) => ({
    element,
    isRow: element.tagName === 'TR',
    names: JSON.parse(element.dataset['scenarios'] ?? '[]') as string[],
  }))
  const known = [...select.options].map(({ value }) => value)
  const show = (wanted: string, note: string): void => {
    let shown = 0
    let rows = 0
    for (const { element, isRow, names } of parts) {
      element.hidden = wanted !== '' && !names.includes(wanted)
      if (!isRow) continue
      rows++
      if (!element.hidden) shown++
    }
    select.value = wanted
    status.textContent = `${note}${shown} of ${rows} rows`
  }
  const followAddress = (): void => {
    // A link to a section of the page leaves the choice as it is.
    const chosen = location.hash === '' ? '' : select.value
    const wanted = new URLSearchParams(location.hash.slice(1)).get('scenario') ?? chosen
    if (known.includes(wanted)) show(wanted, '')
    else show('', `nothing here is of ${wanted}; `)
  }
  select.addEventListener('change', () => {
    show(select.value, '')
    // Only the address: going to it would scroll the page under the reader's hand.
    history.replaceState(null, '', `#scenario=${encodeURIComponent(select.value)}`)
  })
  window.addEventListener('hashchange', followAddress)
  control.hidden = false
  followAddress()
}

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
function indexTable(rows: readonly IndexRow[], from: string): Markup {
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

/** By this an earlier index is known, which may be replaced. */
export const INDEX_MARK = '<meta name="generator" content="crossover report --index" />'

/**
 * All measurements of a folder as one HTML page that needs no network and no server: about 2 kB for each. Its content
 * security policy allows its style sheet and the script of its filter; without the script everything is shown.
 * @param rows newest first. @param from the folder in which the page lies: links lead from there.
 */
export function renderIndexPage(rows: readonly IndexRow[], from: string): string {
  const sentence = indexSentence(rows)
  const unreadable = unreadableSentence(rows)
  const overTime = seriesSection(ratioSeries(rows))
  return plainDocument({
    title: `crossover: ${sentence}`,
    style: INDEX_STYLE,
    scripts: [`(${filterIndex.toString()})()`],
    mark: INDEX_MARK,
    body: html`<header>
        <p class="muted">crossover · index of reports</p>
        <h1>${sentence}</h1>
        ${unreadable === null ? null : html`<p class="alarm">${unreadable}</p>`} ${filter(rows)}
        ${overTime === null ? null : contents()}
      </header>
      ${overTime} ${indexTable(rows, from)}`,
  })
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
