import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
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
  return { element: trusted(`<${tag}>${source}</${tag}>`), policyHash: policyHash(source) }
}

/** The name by which the policy allows a source. */
function policyHash(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`
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
  /** Files that the page's reader may ask for: gzip as base64, each in an element of its own. @default none */
  readonly packed?: readonly PackedFile[]
}

/** A file inside a page. */
export interface PackedFile {
  readonly file: string
  /** Gzip, base64. */
  readonly base64: string
}

/**
 * One HTML page that needs no network and no server. Its content security policy allows exactly the style sheet and the script
 * that are in it, and the library that the script unpacks; what comes from a result is text, never markup.
 */
export function pageDocument<Parts extends object>(page: PageParts<Parts>): string {
  const { title, head, body, charts, draw, parts, packed = [] } = page
  const library = echartsLibrary()
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
      <script type="text/plain" id="chart-library">
        ${library.base64}
      </script>
      ${packed.map(
        ({ file, base64 }) =>
          html`<script type="text/plain" data-packed="${file}">
            ${base64}
          </script>`,
      )}`,
    scripts: [
      `(${unpackLibrary.toString()})(() => (${draw.toString()})(echarts, {${sourceOf(parts ?? {})}}))`,
    ],
    unpacked: [library.policyHash],
  })
}

/**
 * Runs in the reader's browser, as its own source text: puts the library that is in the page in place and then draws. Packed it is less
 * than half as long; the policy knows it by its hash.
 */
function unpackLibrary(draw: () => void): void {
  const packed = document.querySelector('#chart-library')
  if (packed === null) {
    draw()
    return
  }
  const unpack = async (): Promise<void> => {
    const bytes = Uint8Array.from(atob((packed.textContent ?? '').trim()), (character) =>
      character.charCodeAt(0),
    )
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
    const script = document.createElement('script')
    script.textContent = await new Response(stream).text()
    document.head.append(script)
    draw()
    performance.mark('drawn')
  }
  void unpack()
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
  /** Hashes of what they put in place themselves. @default nothing */
  readonly unpacked?: readonly string[]
  /** By which such a page is known. @default nothing */
  readonly mark?: string
}

/** One HTML page with a content security policy that allows its style sheet, its scripts and nothing else. */
export function plainDocument(page: PlainPage): string {
  const { title, body, data = null, mark = '' } = page
  const style = inline('style', page.style)
  const scripts = (page.scripts ?? []).map((source) => inline('script', source))
  const hashes = [...scripts.map(({ policyHash }) => policyHash), ...(page.unpacked ?? [])].join(
    ' ',
  )
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

/** The charts' library, read and packed once. */
const echartsLibrary = once(() => {
  const source = readFileSync(createRequire(import.meta.url).resolve(ECHARTS_FILE), 'utf8')
  return {
    base64: gzipSync(source, { level: 9 }).toString('base64'),
    policyHash: policyHash(source),
  }
})

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined
  return () => (made ??= make())
}
