import { counted } from '../../words/format.ts'
import { chartElement } from '../page/axis.ts'
import { CHOICE_SCRIPT, choiceMarkup, partOf, scenarioAnchor } from '../page/choice.ts'
import {
  html,
  type Markup,
  type PackedFile,
  pageDocument,
  plainDocument,
  trusted,
} from '../page/document.ts'
import { type Chart, chartScript } from '../page/draw-charts.ts'
import { sparkline, sparkSign } from '../page/sparkline.ts'
import { OVERVIEW_STYLE } from '../page/style.ts'
import { environmentSection } from './environment.ts'
import { breakableLabel, estimateMarkup, recordsMarkup, tableMarkup } from './page-tables.ts'
import {
  type Block,
  type ChartBlock,
  type Doubt,
  type DownloadBlock,
  type Head,
  type ListBlock,
  type ScenarioBlock,
  type Section,
  type SparkBlock,
  type TabBlock,
  type Tile,
  type TextBlock,
  titledBlocks,
  type View,
} from './view.ts'

/** A view as one HTML page that needs no network and no server: the answer with its first section, then each behind its first picture or sentence. */
export function pageView(view: View): string {
  const { warnings, command, conditions } = view
  const doubts = warnings.map(({ message, cure }) => ({ weight: null, text: message, cure }))
  const sections: readonly Section[] = [
    ...view.sections,
    ...(doubts.length === 0
      ? []
      : [{ title: 'Warnings', blocks: [{ kind: 'doubts' as const, items: doubts }] }]),
    {
      title: 'Run it again',
      blocks: [
        { kind: 'code', text: command },
        { kind: 'terms', entries: conditions },
      ],
    },
    environmentSection(view),
  ]
  return pageDocument({
    title: view.title,
    head: headMarkup(view),
    body: html`${sections.map((section, index) => sectionMarkup(index === 0 ? section : foldedSection(section)))}`,
    ...chartScript(chartsOf(sections)),
  })
}

/**
 * A page over many results: no script but that of the choice of a scenario, without which everything is shown.
 * @param mark by it such a page is known again.
 */
export function overviewPage(head: Head, sections: readonly Section[], mark: string): string {
  return plainDocument({
    title: head.title,
    style: OVERVIEW_STYLE,
    scripts: [CHOICE_SCRIPT],
    mark,
    body: html`${headMarkup(head)} ${choiceMarkup(scenariosIn(sections))} ${contents(sections)}
    ${sections.map(sectionMarkup)}`,
  })
}

function scenariosIn(sections: readonly Section[]): readonly string[] {
  const names = allBlocks(sections).flatMap((block) => {
    if (block.kind === 'scenario') return [block.scenario]
    return block.kind === 'records' ? block.rows.flatMap(({ scenarios }) => scenarios) : []
  })
  return [...new Set(names)].toSorted()
}

/** The answer first. */
export function headMarkup(head: Head): Markup {
  const { eyebrow, answer, alarms = [], partial, marked, further, question } = head
  const texts = (all: readonly (string | null)[]): string[] => all.filter((text) => text !== null)
  return html`<header>
    <p class="muted">${eyebrow}</p>
    <h1>${answer}</h1>
    ${alarms.map((text) => html`<p class="alarm label">${text}</p>`)}
    ${texts([partial, marked]).map((text) => html`<p class="alarm">${text}</p>`)}
    ${texts(further).map((text) => html`<p>${text}</p>`)}
    ${question === null ? null : html`<p class="muted">${question}</p>`}
  </header>`
}

/** Links to the sections that have a name. */
export function contents(sections: readonly Section[]): Markup {
  const links = sections.map(titledBlocks).flatMap(({ id, title, link }) => {
    if (id === undefined || title === null) return []
    const text = link ?? title.charAt(0).toLowerCase() + title.slice(1)
    return [html`<li><a href="#${id}">${text}</a></li>`]
  })
  return html`<nav aria-label="Sections of this page">
    <ul class="contents">
      ${links}
    </ul>
  </nav>`
}

/** What the page's script draws, from top to bottom. */
export function chartsOf(sections: readonly Section[]): readonly Chart[] {
  return allBlocks(sections).filter((block) => block.kind === 'chart')
}

/** From top to bottom, those within others behind them. */
function allBlocks(sections: readonly Section[]): readonly Block[] {
  return withInner(sections.flatMap((section) => titledBlocks(section).blocks))
}

function withInner(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => [block, ...withInner(innerBlocks(block))])
}

function innerBlocks(block: Block): readonly Block[] {
  if (block.kind === 'folded' || block.kind === 'scenario') return block.blocks
  if (block.kind === 'tabs') return block.tabs.flatMap(({ blocks }) => blocks)
  return block.kind === 'beside' ? block.columns.flat() : []
}

/** The files that a reader may take away. */
export function packedIn(sections: readonly Section[]): readonly PackedFile[] {
  return allBlocks(sections).flatMap((block) =>
    block.kind === 'download'
      ? block.files.flatMap(({ file, base64 }) => (base64 === null ? [] : [{ file, base64 }]))
      : [],
  )
}

export function sectionMarkup(section: Section): Markup {
  const { id, title, blocks } = titledBlocks(section)
  return html`<section${id === undefined ? null : html` id="${id}"`}>
    ${title === null ? null : html`<h2>${title}</h2>`}
    ${blocks.map((block) => blockMarkup(block, title ?? ''))}
  </section>`
}

/** The section down to its first picture, or its first sentence where it has none; the rest is behind a summary. */
export function foldedSection(section: Section): Section {
  const whole = titledBlocks(section)
  const { blocks } = whole
  // Each has a summary of its own.
  if (blocks.every(({ kind }) => kind === 'folded')) return whole
  const picture = blocks.findIndex(isPicture)
  const down =
    picture >= 0 ? picture + 1 : blocks[0]?.kind === 'text' || blocks[0]?.kind === 'code' ? 1 : 0
  const shown = whole.isDetail === true ? 0 : down
  const rest = blocks.slice(shown)
  const [only, ...others] = rest
  if (only === undefined) return whole
  if (others.length === 0 && UNFOLDED.includes(only.kind))
    return { ...whole, blocks: [...blocks.slice(0, shown), ...fewDoubts(only)] }
  return {
    ...whole,
    blocks: [
      ...blocks.slice(0, shown),
      others.length === 0 && only.kind === 'folded'
        ? only
        : { kind: 'folded', summary: summaryOf(rest), blocks: rest },
    ],
  }
}

/** A long list of doubts ends behind a summary. */
function fewDoubts(block: Block): readonly Block[] {
  if (block.kind !== 'doubts' || block.items.length <= MOST_DOUBTS) return [block]
  const rest = block.items.slice(MOST_DOUBTS)
  return [
    { kind: 'doubts', items: block.items.slice(0, MOST_DOUBTS) },
    {
      kind: 'folded',
      summary: `Show ${rest.length} more`,
      blocks: [{ kind: 'doubts', items: rest }],
    },
  ]
}

/** That a page shows without being asked. */
const MOST_DOUBTS = 4

/** Or holds one. */
function isPicture(block: Block): boolean {
  return withInner([block]).some(({ kind }) => kind === 'chart' || kind === 'sparks')
}

/** Short enough to be read at once. */
const UNFOLDED: readonly Block['kind'][] = ['text', 'code', 'doubts', 'download', 'chart', 'sparks']

/** What is behind it. */
function summaryOf(blocks: readonly Block[]): string {
  const all = withInner(blocks)
  const records = all.filter(({ kind }) => kind === 'records').length
  const tables = all.flatMap((block) => (block.kind === 'tables' ? block.tables : [])).length
  const charts = all.filter(({ kind }) => kind === 'chart').length
  const items = all.flatMap((block) =>
    block.kind === 'doubts' || block.kind === 'list' ? [block.items.length] : [],
  )
  const remarks = items.reduce((sum, count) => sum + count, 0)
  const entries = all.flatMap((block) => (block.kind === 'terms' ? block.entries : [])).length
  const parts = [
    [charts, 'picture'],
    [tables + records, 'table'],
    [remarks, 'remark'],
    [entries, 'entry'],
  ] as const
  const texts = parts.flatMap(([count, noun]) =>
    count === 0 ? [] : [count > 1 && noun === 'entry' ? `${count} entries` : counted(count, noun)],
  )
  return `Show ${texts.length === 0 ? 'more' : new Intl.ListFormat('en-GB').format(texts)}`
}

function blockMarkup(block: Block, title: string): Markup {
  switch (block.kind) {
    case 'chart':
      return chartMarkup(block)
    case 'tables':
      return html`${block.tables.map((table) => tableMarkup(table, title))}
      ${block.note === null ? null : html`<p class="muted">${block.note}</p>`}`
    case 'list':
      return listMarkup(block)
    case 'text':
      return textMarkup(block)
    case 'heading':
      return html`<h3>${block.text}</h3>`
    case 'doubts':
      return html`<ul>
        ${block.items.map(doubtMarkup)}
      </ul>`
    case 'code':
      return html`<pre><code>${block.text}</code></pre>`
    case 'terms':
      return html`<dl>
        ${block.entries.map(
          ([term, value]) =>
            html`<dt>${term}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>`
    case 'folded':
      return html`<details>
        <summary>${block.summary}</summary>
        ${block.blocks.map((inner) => blockMarkup(inner, title))}
      </details>`
    case 'download':
      return downloadMarkup(block)
    case 'scenario':
      return scenarioMarkup(block)
    case 'tabs':
      return tabsMarkup(block, title)
    case 'beside':
      return html`<div class="beside">
        ${block.columns.map(
          (column) => html`<div>${column.map((inner) => blockMarkup(inner, title))}</div>`,
        )}
      </div>`
    case 'tiles':
      return html`<ul class="tiles">
        ${block.tiles.map(tileMarkup)}
      </ul>`
    case 'signs':
      return html`<ul class="key">
        ${block.entries.map(([sign, meaning]) => html`<li>${sparkSign(sign)} ${meaning}</li>`)}
      </ul>`
    case 'sparks':
      return sparksMarkup(block)
    case 'records':
      return recordsMarkup(block)
  }
}

function chartMarkup({ legend, legendLook, data, description, note }: ChartBlock): Markup {
  const look = legendLook === 'sides' ? 'sides' : ['legend', legendLook ?? ''].join(' ').trim()
  const names = legend.map(({ text, arm, mark }) => {
    const sign = mark ?? (arm === 'none' ? 'muted' : arm)
    return html`<span class="${sign}">${breakableLabel(text)}</span> `
  })
  return html`${legend.length === 0 ? null : html`<div class="${look}">${names}</div>`}
  ${chartElement(data.elementId, description)}
  ${note === null ? null : html`<p class="muted">${note}</p>`}`
}

function listMarkup({ intro, items, isBare = false }: ListBlock): Markup {
  const all = items.map((item) => {
    if (typeof item === 'string') return html`<li>${item}</li>`
    const { label, arm, text, besides = [] } = item
    return html`<li><strong${arm === undefined ? null : html` class="${arm}"`}>${label}</strong>: ${text}${besides.map((beside) => html`<br /><span class="muted">${beside}</span>`)}</li>`
  })
  return html`${intro === undefined ? null : html`<p class="muted">${intro}</p>`}
    <ul${isBare ? trusted(' class="arms"') : null}>
      ${all}
    </ul>`
}

function textMarkup({ label, text, tone }: TextBlock): Markup {
  if (label !== undefined) return html`<p><strong>${label}</strong>: ${text}</p>`
  if (tone === 'strong') return html`<p><strong>${text}</strong></p>`
  if (tone === undefined || tone === 'good') return html`<p>${text}</p>`
  return html`<p class="${tone === 'doubt' ? 'alarm' : tone}">${text}</p>`
}

function doubtMarkup({ weight, text, cure }: Doubt): Markup {
  const name =
    weight === 'void' ? html`<span class="alarm">void</span> ` : html`<strong>${weight}</strong> `
  return html`<li>
    ${weight === null ? null : name}${text}${cure === undefined ? null : html`. <span class="muted">Cure: ${cure}.</span>`}
  </li>`
}

function downloadMarkup({ files, links = [] }: DownloadBlock): Markup {
  return html`<p class="buttons">
    ${files.map(({ file, text, base64 }) =>
      base64 === null
        ? html`<a class="button" href="${file}">${text}</a>`
        : html`<button type="button" data-file="${file}" hidden>${text}</button
            ><noscript><a class="button" href="${file}">${text}</a></noscript>`,
    )}
    ${links.map(({ text, id }) => html`<a class="button" href="#${id}">${text}</a>`)}
  </p>`
}

/** Without a script all are below each other, each under its name: one level below their section's title, if it has one. */
function tabsMarkup({ id, name, tabs, chosen = 0 }: TabBlock, title: string): Markup {
  const level = title === '' ? trusted(' aria-level="2"') : null
  return html`<div class="tabs">
    <div role="tablist" aria-label="${name}" hidden>
      ${tabs.map(
        ({ label }, index) =>
          html`<button
            type="button"
            role="tab"
            id="${id}-tab-${index}"
            aria-controls="${id}-panel-${index}"
            aria-selected="${String(index === chosen)}"
          >
            ${label}
          </button>`,
      )}
    </div>
    ${tabs.map(
      ({ label, blocks }, index) =>
        html`<div role="tabpanel" id="${id}-panel-${index}" aria-labelledby="${id}-tab-${index}">
          <h3${level}>${name} ${label}</h3>
          ${blocks.map((block) => blockMarkup(block, `${name} ${label}`))}
        </div>`,
    )}
  </div>`
}

function tileMarkup({ subject, saying, arm, isOpen = false, lines }: Tile): Markup {
  return html`<li class="${isOpen ? 'tile open' : `tile ${arm ?? ''}`.trim()}">
    <span class="muted">${subject}</span>
    <strong>${saying}</strong>
    ${lines.filter((line) => line !== '').map((line) => html`<span>${line}</span>`)}
  </li>`
}

function scenarioMarkup({ scenario, blocks }: ScenarioBlock): Markup {
  return html`<div class="scenario" id="${scenarioAnchor(scenario)}" ${partOf([scenario])}>
    ${blocks.map((block) => blockMarkup(block, scenario))}
  </div>`
}

function sparksMarkup({ heading, text, pictures }: SparkBlock): Markup {
  return html`<div class="group">
    <div>
      ${heading === null ? null : html`<h3>${breakableLabel(heading)}</h3>`}
      <p class="muted">${text}</p>
    </div>
    <div class="sparks">
      ${pictures.map(
        ({ label, figure, ...spark }) =>
          html`<figure>
            <figcaption><strong>${label}</strong> ${estimateMarkup(figure)}</figcaption>
            ${sparkline(spark)}
          </figure>`,
      )}
    </div>
  </div>`
}
