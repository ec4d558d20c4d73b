import { html, type Markup } from './document.ts'

/*
 * A reader's choice of one scenario on a page over many: parts that are of others are hidden. It is in the page's address,
 * `#scenario=<name>`, which leads to that scenario also where no script runs.
 */

/** The id of what is about a scenario, and the end of an address that leads there. */
export function scenarioAnchor(scenario: string): string {
  // Half of a surrogate pair, in a file that somebody edited, has no encoding.
  return `scenario=${encodeURIComponent(scenario.toWellFormed())}`
}

/** Attributes of a part that is of these scenarios. As a list in JSON, since a name may hold any character. */
export function partOf(scenarios: readonly string[]): Markup {
  return html`data-scenarios="${JSON.stringify(scenarios)}"`
}

/** Hidden until the script that it needs has run. */
export function choiceMarkup(scenarios: readonly string[]): Markup {
  return html`<div class="filter" id="filter" hidden>
    <label for="choice">Scenario</label>
    <select id="choice" autocomplete="off">
      <option value="">all</option>
      ${scenarios.map((name) => html`<option value="${name}">${name}</option>`)}
    </select>
    <span id="shown" role="status" class="muted"></span>
  </div>`
}

/** The script of the choice, for a page that has its markup. */
export const CHOICE_SCRIPT = `(${followChoice.toString()})()`

/**
 * Runs in the reader's browser, as its own source text: shows what is of the chosen scenario only. The choice may come from the
 * address; without one everything is shown.
 */
function followChoice(): void {
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
