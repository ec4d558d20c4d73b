/**
 * Runs in the reader's browser, as its own source text: shows what is of the chosen scenario only. The choice is in the
 * page's address, `#scenario=<name>`, and may come from there; without a choice everything is shown.
 */
export function filterIndex(): void {
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
