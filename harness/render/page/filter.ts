import { html, type Markup } from './document.ts'

/*
 * A reader's choice among the rows of a page, and their order. A row has its properties in `data-filter` and what it is ordered by in
 * `data-order`, both as JSON; without a script every row is shown, in the order of the page.
 */

/** What a row is shown for, and ordered by; smaller comes first, and null last. */
export interface RowChoice {
  readonly filter: Readonly<Record<string, string>>
  readonly order: Readonly<Record<string, number | string | null>>
}

/** What can be chosen: a property of rows, and what it is called. */
export interface Filter {
  readonly name: string
  readonly label: string
  readonly values: readonly string[]
}

/** Attributes of a row. */
export function choiceOf({ filter, order }: RowChoice): Markup {
  return html`data-filter="${JSON.stringify(filter)}" data-order="${JSON.stringify(order)}"`
}

/** Hidden until the script that it needs has run. @param orders names of `order` with what they are called */
export function filterMarkup(
  filters: readonly Filter[],
  orders: readonly (readonly [name: string, text: string])[],
): Markup {
  return html`<div class="filter" id="filter" hidden>
    ${filters.map(
      ({ name, label, values }) =>
        html`<label for="by-${name}">${label}</label>
          <select id="by-${name}" data-by="${name}" autocomplete="off">
            <option value="">all</option>
            ${values.map((value) => html`<option value="${value}">${value}</option>`)}
          </select>`,
    )}
    <label for="order">Order</label>
    <select id="order" autocomplete="off">
      <option value="">as they ran</option>
      ${orders.map(([name, text]) => html`<option value="${name}">${text}</option>`)}
    </select>
    <span id="shown" role="status" class="muted"></span>
  </div>`
}

/** The script of the choice, for a page that has its markup. */
export const FILTER_SCRIPT = `(${followFilters.toString()})()`

/** Runs in the reader's browser, as its own source text. A section whose rows are all hidden is hidden with them. */
function followFilters(): void {
  const control = document.querySelector<HTMLElement>('#filter')
  const order = document.querySelector<HTMLSelectElement>('#order')
  const status = document.querySelector<HTMLElement>('#shown')
  if (control === null || order === null || status === null) return
  const selects = [...control.querySelectorAll<HTMLSelectElement>('[data-by]')]
  const rows = [...document.querySelectorAll<HTMLElement>('[data-filter]')].map((element, at) => ({
    element,
    at,
    filter: JSON.parse(element.dataset['filter'] ?? '{}') as Record<string, string>,
    order: JSON.parse(element.dataset['order'] ?? '{}') as Record<string, number | string | null>,
  }))
  const show = (): void => {
    for (const { element, filter } of rows)
      element.hidden = selects.some(
        ({ value, dataset }) => value !== '' && filter[dataset['by'] ?? ''] !== value,
      )
    for (const section of document.querySelectorAll<HTMLElement>('section')) {
      const own = [...section.querySelectorAll<HTMLElement>('[data-filter]')]
      section.hidden = own.length > 0 && own.every(({ hidden }) => hidden)
    }
    const ordered = rows.toSorted((one, other) => {
      const [a = null, b = null] = [one.order[order.value], other.order[order.value]]
      if (a === b) return one.at - other.at
      if (a === null) return 1
      return b !== null && a < b ? -1 : 1
    })
    // Within its table.
    for (const { element } of ordered) element.parentElement?.append(element)
    const shown = rows.filter(({ element }) => !element.hidden).length
    status.textContent = `${shown} of ${rows.length} rows`
  }
  control.addEventListener('change', show)
  control.hidden = false
  show()
}
