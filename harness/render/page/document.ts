import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Echarts from 'echarts'
import { inlineScript, inlineStyle } from './inline-source.ts'
import { html, type Markup, scriptJson } from './markup.ts'
import { STYLE } from './style.ts'

// The simple build has no tooltip.
const ECHARTS_FILE = 'echarts/dist/echarts.common.min.js'

/** What a page consists of. */
export interface PageParts {
  readonly title: string
  /** Before the note about JavaScript. */
  readonly head: Markup
  readonly body: Markup
  /** What `draw` finds, as JSON, in the element `#chart-data`. */
  readonly charts: readonly unknown[]
  /** Runs in the reader's browser: it travels as its own source text. */
  readonly draw: (echarts: typeof Echarts) => void
}

/**
 * One HTML page that needs no network and no server. Its content security policy allows exactly the style sheet and the
 * two scripts that are in it; what comes from a result is text, never markup.
 */
export function pageDocument({ title, head, body, charts, draw }: PageParts): string {
  const style = inlineStyle(STYLE)
  const scripts = [inlineScript(echartsSource()), inlineScript(`(${draw.toString()})(echarts)`)]
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map((script) => script.policyHash).join(' ')}`,
    `style-src ${style.policyHash}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${style.element}
      </head>
      <body>
        <main>
          ${head}
          <noscript
            ><p class="muted">The charts need JavaScript; the tables hold the numbers.</p></noscript
          >
          ${body}
        </main>
        <script type="application/json" id="chart-data">
          ${scriptJson(charts)}
        </script>
        ${scripts.map((script) => script.element)}
      </body>
    </html> `.text
}

function echartsSource(): string {
  return readFileSync(createRequire(import.meta.url).resolve(ECHARTS_FILE), 'utf8')
}
