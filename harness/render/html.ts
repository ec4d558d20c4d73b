import type { Report } from '../results/schema.ts'
import { chartData } from './page/chart-data.ts'
import { pageDocument } from './page/document.ts'
import { drawCharts } from './page/draw-charts.ts'
import { loadSection } from './page/load-section.ts'
import { html } from './page/markup.ts'
import { objectiveSection } from './page/objective-section.ts'
import { environmentSection, glossarySection, repeatSection } from './page/provenance-sections.ts'
import { capacitySection, doubtSection, headSection } from './page/run-sections.ts'

/** The report as one HTML page of about 0.8 MB that needs no network and no server. */
export function renderHtml(report: Report): string {
  const loads = report.loads.map((load, index) => ({
    load,
    chart: chartData(report, load, `chart-${index}`),
  }))
  return pageDocument({
    title: `${report.scenario.name}: ${report.arms.map((arm) => arm.label).join(' and ')}`,
    head: headSection(report),
    body: html`${objectiveSection(report)}
    ${loads.map(({ load, chart }) => loadSection(report, load, chart))} ${capacitySection(report)}
    ${doubtSection(report)} ${repeatSection(report)} ${environmentSection(report)}
    ${glossarySection()}`,
    charts: loads.map(({ chart }) => chart).filter((chart) => chart !== null),
    draw: drawCharts,
  })
}
