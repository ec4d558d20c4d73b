import { NOT_AVAILABLE } from '../../words/format.ts'
import { partOf } from '../page/choice.ts'
import { html, type Markup } from '../page/document.ts'
import { choiceOf } from '../page/filter.ts'
import { stripMarkup } from '../page/strip.ts'
import type { RecordBlock, RecordCell, RecordRow } from './records.ts'
import type { ViewTable } from './view.ts'

/* Tables of a page, and texts in places that are narrow. */

/** A label such as `staged:layout=fused,batch=1` that a narrow place breaks behind its signs and not within words or numbers. */
export function breakableLabel(label: string): Markup {
  return label
    .split(/(?<=[:=,])(?<!\d[:,](?=\d))(?=\S)/)
    .map((piece) => html`${piece}`)
    .reduce((before, piece) => html`${before}<wbr />${piece}`)
}

/** A formatted estimate that a narrow table breaks before its interval, on a phone also behind `range`, and nowhere else. */
export function estimateMarkup(text: string): Markup {
  const start = text.indexOf('(')
  if (start < 0) return html`${text}`
  const pieces = text.slice(start).split(' ')
  return html`<span class="unbroken">${text.slice(0, start - 1)}</span>
    <span class="interval"
      >${pieces.map((piece) => html`<span class="unbroken">${piece}</span>`)}</span
    >`
}

/**
 * A table of formatted figures in a box of its own, which scrolls sideways when the table is wider than the page, also by keyboard.
 * @param title of its section, which names it where it has no caption
 */
export function tableMarkup(table: ViewTable, title: string): Markup {
  const { corner, groups = [], columns, rows, judged = [] } = table
  const caption = table.caption ?? `${title} by ${corner}`
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        ${groups.length === 0 ? null : groupRow(groups)}
        <tr>
          ${corner === '' ? html`<td></td>` : html`<th scope="col">${corner}</th>`}
          ${columns.map(({ heading, arm = null }) => html`<th scope="col" ${classOf(arm)}>${breakableLabel(heading)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(([label, ...cells]) => {
          const isJudged = judged.includes(label)
          return html`<tr${classOf(isJudged ? 'judged' : null)}>
            <th scope="row">${breakableLabel(label)}${isJudged ? ' ←' : null}</th>
            ${cells.map((cell) => html`<td>${estimateMarkup(cell)}</td>`)}
          </tr>`
        })}
      </tbody>
    </table>
  </div>`
}

function groupRow(groups: NonNullable<ViewTable['groups']>): Markup {
  return html`<tr class="groups">
    <td></td>
    ${groups.map(({ text, span }) =>
      text === ''
        ? html`<td colspan="${span}"></td>`
        : html`<th scope="colgroup" colspan="${span}">${breakableLabel(text)}</th>`,
    )}
  </tr>`
}

function classOf(name: string | null): Markup | null {
  return name === null ? null : html` class="${name}"`
}

/** On a phone a row is a block: the roles say what the style sheet then hides. */
export function recordsMarkup({ caption, columns, rows }: RecordBlock): Markup {
  return html`<table class="runs" role="table">
    <caption class="muted">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        ({ scenarios, choice, cells: [name = {}, ...cells] }) =>
          html`<tr role="row" ${rowAttributes(scenarios, choice)}>
            <th scope="row" role="rowheader" data-label="${columns[0] ?? ''}">
              ${cellContent(name)}
            </th>
            ${cells.map((cell, index) => cellMarkup(cell, columns[index + 1] ?? ''))}
          </tr>`,
      )}
    </tbody>
  </table>`
}

function rowAttributes(scenarios: readonly string[], choice: RecordRow['choice']): Markup {
  const of = partOf(scenarios)
  return choice === undefined ? of : html`${of} ${choiceOf(choice)}`
}

function cellMarkup(cell: RecordCell, column: string): Markup {
  const { span } = cell
  const over = span === undefined ? null : html` colspan="${span.columns}"`
  return html`<td role="cell" ${over} data-label="${span?.name ?? column}">
    ${cellContent(cell)}
  </td>`
}

function cellContent(cell: RecordCell): Markup {
  const { text = null, address, alarms = [], figures = [], strip, folded } = cell
  const besides = (cell.besides ?? []).filter((each) => each !== '')
  if (strip !== undefined) return stripMarkup(strip)
  if (text === null && [...alarms, ...besides, ...figures].length === 0 && folded === undefined)
    return html`${NOT_AVAILABLE}`
  const label = text === null ? null : breakableLabel(text)
  return html`${address === undefined ? label : html`<a href="${address}">${label}</a>`}
  ${besides.map((each) => html`<p class="muted">${each}</p>`)}
  ${alarms.map((alarm) => html`<p class="alarm">${alarm}</p>`)}
  ${figures.map(([subject, figure]) => html`<div><span class="muted">${subject}</span> ${estimateMarkup(figure)}</div>`)}
  ${
    folded === undefined
      ? null
      : html`<details>
          <summary>${folded.summary}</summary>
          ${folded.texts.map((each) => html`<p class="muted">${each}</p>`)}
        </details>`
  }`
}
