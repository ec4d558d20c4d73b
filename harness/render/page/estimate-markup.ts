import { html, type Markup } from './markup.ts'

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
