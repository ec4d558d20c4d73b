import type * as Echarts from 'echarts'
import { chartElement } from '../page/axis.ts'
import { html, type Markup, pageDocument } from '../page/document.ts'
import { definitions, environmentSection } from '../page/environment.ts'
import { dataTable } from '../page/table.ts'
import type { Section, View, ViewTable } from './view.ts'

/**
 * A view as one HTML page that needs no network and no server.
 * @param draw draws the data of its charts, in the reader's browser: it travels as its own source text
 */
export function pageView(
  view: View,
  draw: (echarts: typeof Echarts, parts: object) => void,
): string {
  return pageDocument({
    title: view.title,
    head: headMarkup(view),
    body: html`${view.sections.map(sectionMarkup)} ${warningMarkup(view)} ${repeatMarkup(view)}
    ${environmentSection(view)}`,
    charts: view.sections.flatMap((section) => (section.kind === 'chart' ? [section.data] : [])),
    draw,
  })
}

/** The answer first. */
function headMarkup({ eyebrow, answer, partial, marked, further, question }: View): Markup {
  const texts = (all: readonly (string | null)[]): string[] => all.filter((text) => text !== null)
  return html`<header>
    <p class="muted">${eyebrow}</p>
    <h1>${answer}</h1>
    ${texts([partial, marked]).map((text) => html`<p class="alarm">${text}</p>`)}
    ${texts(further).map((text) => html`<p>${text}</p>`)}
    <p class="muted">${question}</p>
  </header>`
}

function sectionMarkup(section: Section): Markup {
  return html`<section>
    <h2>${section.title}</h2>
    ${contentMarkup(section)}
  </section>`
}

function contentMarkup(section: Section): Markup {
  switch (section.kind) {
    case 'chart': {
      const { legend, data, description, note } = section
      const names = legend.map(
        ({ text, arm }) => html`<span class="${arm === 'none' ? 'muted' : arm}">${text}</span> `,
      )
      return html`${legend.length === 0 ? null : html`<div class="legend">${names}</div>`}
        ${chartElement(data.elementId, description)}
        <p class="muted">${note}</p>`
    }
    case 'list':
      return html`<p class="muted">${section.intro}</p>
        <ul>
          ${section.items.map((item) => html`<li>${item}</li>`)}
        </ul>`
    case 'tables':
      return html`${section.tables.map((table) => tableMarkup(table, section.title))}
      ${section.note === null ? null : html`<p class="muted">${section.note}</p>`}`
  }
}

function tableMarkup({ caption, corner, columns, rows }: ViewTable, title: string): Markup {
  return dataTable({
    caption: caption ?? `${title} by ${corner}`,
    corner,
    columns: columns.map(({ heading, arm }) => ({ text: heading, ...(arm && { arm }) })),
    rows: rows.map(([label, ...cells]) => ({ label, cells })),
  })
}

/** Doubts with their cures; null when there is none. */
function warningMarkup({ warnings }: View): Markup | null {
  if (warnings.length === 0) return null
  return html`<section>
    <h2>Warnings</h2>
    <ul>
      ${warnings.map(
        ({ message, cure }) => html`<li>${message}. <span class="muted">Cure: ${cure}.</span></li>`,
      )}
    </ul>
  </section>`
}

/** How to get these numbers again. */
function repeatMarkup({ command, conditions }: View): Markup {
  return html`<section>
    <h2>Run it again</h2>
    <pre><code>${command}</code></pre>
    ${definitions(conditions)}
  </section>`
}
