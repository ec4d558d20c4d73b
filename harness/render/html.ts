import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Report } from '../results/schema.ts'
import { chartData } from './page/chart-data.ts'
import { drawCharts } from './page/draw-charts.ts'
import { loadSection } from './page/load-section.ts'
import { inlineScript, inlineStyle } from './page/inline-source.ts'
import { html, scriptJson } from './page/markup.ts'
import { objectiveSection } from './page/objective-section.ts'
import { environmentSection, glossarySection, repeatSection } from './page/provenance-sections.ts'
import { capacitySection, doubtSection, headSection } from './page/run-sections.ts'
import { STYLE } from './page/style.ts'

// The simple build has no tooltip.
const ECHARTS_FILE = 'echarts/dist/echarts.common.min.js'

/**
 * The report as one HTML page of about 0.8 MB that needs no network and no server. Its content security policy allows
 * exactly the style sheet and the two scripts that are in it; what comes from the report is text, never markup.
 */
export function renderHtml(report: Report): string {
  const style = inlineStyle(STYLE)
  const scripts = [
    inlineScript(echartsSource()),
    inlineScript(`(${drawCharts.toString()})(echarts)`),
  ]
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map((script) => script.policyHash).join(' ')}`,
    `style-src ${style.policyHash}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const loads = report.loads.map((load, index) => ({
    load,
    chart: chartData(report, load, `chart-${index}`),
  }))
  const charts = loads.map(({ chart }) => chart).filter((chart) => chart !== null)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${report.scenario.name}: ${report.arms.map((arm) => arm.label).join(' and ')}</title>
        ${style.element}
      </head>
      <body>
        <main>
          ${headSection(report)}
          <noscript
            ><p class="muted">The charts need JavaScript; the tables hold the numbers.</p></noscript
          >
          ${objectiveSection(report)}
          ${loads.map(({ load, chart }) => loadSection(report, load, chart))}
          ${capacitySection(report)} ${doubtSection(report)} ${repeatSection(report)}
          ${environmentSection(report)} ${glossarySection()}
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
