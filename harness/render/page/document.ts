import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Echarts from 'echarts'
import { STYLE } from './style.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** HTML that is safe to insert: only `html` and `trusted` make it. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Insertable = Markup | string | number | null | readonly Markup[]

/** A template whose inserted texts are escaped, in content and in quoted attributes; `null` inserts nothing. */
export function html(strings: TemplateStringsArray, ...inserted: readonly Insertable[]): Markup {
  const parts = strings.map((part, index) => part + textOf(inserted[index] ?? null))
  return new Markup(parts.join(''))
}

/** Our own text, such as a style sheet, as it is. Never for anything that comes from a report. */
export function trusted(text: string): Markup {
  return new Markup(text)
}

/** JSON for the content of a script element: no `<` is left that could end it or begin a comment. */
export function scriptJson(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', String.raw`\u003c`))
}

function textOf(inserted: Insertable): string {
  if (inserted === null) return ''
  if (inserted instanceof Markup) return inserted.text
  if (typeof inserted === 'object') return inserted.map((markup) => markup.text).join('\n')
  return String(inserted).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

/** A script or style sheet inside the page, with the name by which the content security policy allows it. */
interface InlineSource {
  readonly element: Markup
  readonly policyHash: string
}

/** Made here and not in a template: the hash is of every character between the tags, spaces included. */
function inline(tag: 'script' | 'style', source: string): InlineSource {
  if (/<\/(?:script|style)|<!--/i.test(source)) {
    throw new Error(`inline source would end its own element: tag=${tag}`)
  }
  return {
    element: trusted(`<${tag}>${source}</${tag}>`),
    policyHash: `'sha256-${createHash('sha256').update(source).digest('base64')}'`,
  }
}

// The simple build has no tooltip.
const ECHARTS_FILE = 'echarts/dist/echarts.common.min.js'

/** Functions that travel as their own source texts. */
type Travelling = (...given: never[]) => unknown

/** What a page consists of. */
interface PageParts<Parts extends object = object> {
  readonly title: string
  /** Before the note about JavaScript. */
  readonly head: Markup
  readonly body: Markup
  /** What `draw` finds, as JSON, in the element `#chart-data`. */
  readonly charts: readonly unknown[]
  /** Runs in the reader's browser: it travels as its own source text. */
  readonly draw: (echarts: typeof Echarts, parts: Parts) => void
  /** What `draw` calls, by name. */
  readonly parts?: Parts & Readonly<Record<keyof Parts, Travelling>>
  /** @default the style sheet of every page */
  readonly style?: string
  /** A larger result that the page's reader may ask for, as base64 in the element `#report-data`. */
  readonly packed?: string | null
}

/**
 * One HTML page that needs no network and no server. Its content security policy allows exactly the style sheet and the
 * two scripts that are in it; what comes from a result is text, never markup.
 */
export function pageDocument<Parts extends object>(page: PageParts<Parts>): string {
  const { title, head, body, charts, draw, parts, packed = null } = page
  return plainDocument({
    title,
    style: page.style ?? STYLE,
    body: html`${head}
      <noscript
        ><p class="muted">The charts need JavaScript; the tables hold the numbers.</p></noscript
      >
      ${body}`,
    data: html`<script type="application/json" id="chart-data">
        ${scriptJson(charts)}
      </script>
      ${
        packed === null
          ? null
          : html`<script type="text/plain" id="report-data">
              ${packed}
            </script>`
      }`,
    scripts: [echartsSource(), `(${draw.toString()})(echarts, {${sourceOf(parts ?? {})}})`],
  })
}

/** A page without charts of its own. */
interface PlainPage {
  readonly title: string
  readonly style: string
  readonly body: Markup
  /** Run behind the body, in the reader's browser. @default none */
  readonly scripts?: readonly string[]
  /** What they find. @default nothing */
  readonly data?: Markup
  /** By which such a page is known. @default nothing */
  readonly mark?: string
}

/** One HTML page with a content security policy that allows its style sheet, its scripts and nothing else. */
export function plainDocument(page: PlainPage): string {
  const { title, body, data = null, mark = '' } = page
  const style = inline('style', page.style)
  const scripts = (page.scripts ?? []).map((source) => inline('script', source))
  const hashes = scripts.map(({ policyHash }) => policyHash).join(' ')
  const policy = [
    "default-src 'none'",
    ...(scripts.length === 0 ? [] : [`script-src ${hashes}`]),
    `style-src ${style.policyHash}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        ${trusted(mark)}
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${style.element}
      </head>
      <body>
        <main>${body}</main>
        ${data} ${scripts.map((script) => script.element)}
      </body>
    </html> `.text
}

function sourceOf(parts: Readonly<Record<string, Travelling>>): string {
  return Object.entries(parts)
    .map(([name, part]) => `${name}: ${part.toString()}`)
    .join(',\n')
}

function echartsSource(): string {
  return readFileSync(createRequire(import.meta.url).resolve(ECHARTS_FILE), 'utf8')
}
