import { html, type Markup } from './markup.ts'

/** A chart's element for the page's script, with the same in words for those who do not see it. */
export function chartElement(elementId: string, description: string): Markup {
  return html`<div
    class="chart"
    id="${elementId}"
    role="img"
    aria-label="${description}"
    tabindex="0"
  ></div>`
}

/** Names the arms by colour and dash, and what else the chart shows. */
export function armLegend(
  [first, second]: readonly [first: string, second: string],
  others: readonly Markup[] = [],
  areDashed = true,
): Markup {
  return html`<div class="${areDashed ? 'legend' : 'legend plain'}">
    <span class="first">${first}</span> <span class="second">${second}</span> ${others}
  </div>`
}
