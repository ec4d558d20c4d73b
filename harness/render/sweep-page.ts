import type { Sweep } from '../results/sweep.ts'
import { pageDocument } from './page/document.ts'
import { drawSweep } from './page/draw-sweep.ts'
import { html } from './page/markup.ts'
import { environmentSection } from './page/provenance-sections.ts'
import { sweepChartData } from './page/sweep-chart-data.ts'
import {
  repeatSweepSection,
  sweepChartSection,
  sweepHeadSection,
  sweepTableSection,
  sweepWarningSection,
} from './page/sweep-sections.ts'
import { sweepCharts } from './sweep-charts.ts'

/** A sweep as one HTML page that needs no network and no server. */
export function renderSweepPage(sweep: Sweep): string {
  const charts = sweepCharts(sweep).map((chart, index) => ({
    chart,
    data: sweepChartData(sweep, chart, `sweep-${index}`),
  }))
  return pageDocument({
    title: `${sweep.scenario.name} over ${sweep.over.name}`,
    head: sweepHeadSection(sweep),
    body: html`${charts.map(({ chart, data }) => sweepChartSection(sweep, chart, data))}
    ${sweepTableSection(sweep)} ${sweepWarningSection(sweep)} ${repeatSweepSection(sweep)}
    ${environmentSection(sweep)}`,
    charts: charts.map(({ data }) => data),
    draw: drawSweep,
  })
}
