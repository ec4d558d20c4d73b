import { html, type Markup, trusted } from './document.ts'

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

/** Colours a column as the first or the second arm. */
type ArmColumn = 'first' | 'second' | ''

/** A heading over the figures below it. */
interface Column {
  readonly text: string
  readonly arm?: ArmColumn
}

/** A row of formatted figures; estimates may be broken before their interval. */
interface Row {
  readonly label: string
  readonly cells: readonly string[]
  /** Stands out, e.g. the metric that the verdict is about. */
  readonly isMarked?: boolean
}

/** What a table shows. */
interface DataTable {
  /** Tells this table from every other one of the page. */
  readonly caption: string
  /** Heads the row labels. */
  readonly corner: string
  /** Headings above the columns, each over `span` of them. */
  readonly groups?: readonly { readonly text: string; readonly span: number }[]
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** A table in a box of its own, which scrolls sideways when the table is wider than the page, also by keyboard. */
export function dataTable({ caption, corner, groups = [], columns, rows }: DataTable): Markup {
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        ${groups.length === 0 ? null : groupRow(groups)}
        <tr>
          <th scope="col">${corner}</th>
          ${columns.map(({ text, arm = '' }) => html`<th scope="col" ${classOf(arm)}>${breakableLabel(text)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ label, cells, isMarked = false }) =>
            html`<tr${classOf(isMarked ? 'judged' : '')}>
              <th scope="row">${breakableLabel(label)}${isMarked ? ' ←' : null}</th>
              ${cells.map((cell) => html`<td>${estimateMarkup(cell)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function groupRow(groups: NonNullable<DataTable['groups']>): Markup {
  return html`<tr class="groups">
    <td></td>
    ${groups.map(({ text, span }) => html`<th scope="colgroup" colspan="${span}">${breakableLabel(text)}</th>`)}
  </tr>`
}

function classOf(name: ArmColumn | 'judged'): Markup | null {
  return name === '' ? null : trusted(` class="${name}"`)
}
