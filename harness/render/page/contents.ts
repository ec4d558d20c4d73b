import { html, type Markup } from './markup.ts'

const TITLES = {
  objective: 'objective',
  also: 'also compared',
  latency: 'percentiles',
  load: 'latency against load',
  'make-up': 'what latency is made of',
  time: 'over time',
  capacity: 'capacity',
  rounds: 'rounds',
  counters: 'counters',
  pairs: 'every pair',
  gates: 'gates and warnings',
  environment: 'environment',
  repeat: 'run it again',
  data: 'raw data',
  glossary: 'how to read this',
} as const

/** Sections of the page that can be linked to. */
export type SectionId = keyof typeof TITLES

/** Links to the sections that are on this page. */
export function contents(ids: readonly SectionId[]): Markup {
  return html`<nav aria-label="Sections of this page">
    <ul class="contents">
      ${ids.map((id) => html`<li><a href="#${id}">${TITLES[id]}</a></li>`)}
    </ul>
  </nav>`
}
