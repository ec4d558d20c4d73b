import type { Ablation } from '../results/ablation.ts'
import {
  agreementSection,
  answerSection,
  armSection,
  ratioSection,
  repeatAblationSection,
  warningSection,
  waterfallSection,
} from './page/ablation-sections.ts'
import { pageDocument } from './page/document.ts'
import { drawWaterfalls } from './page/draw-waterfalls.ts'
import { html } from './page/markup.ts'
import { environmentSection } from './page/provenance-sections.ts'
import { waterfallData } from './page/waterfall-data.ts'
import { WATERFALL_METRICS, waterfallOf } from './waterfall.ts'

/** An ablation as one HTML page that needs no network and no server. */
export function renderAblationPage(ablation: Ablation): string {
  const waterfalls = WATERFALL_METRICS.flatMap((metric) => {
    const waterfall = waterfallOf(ablation, metric)
    return waterfall === null
      ? []
      : [{ waterfall, chart: waterfallData(waterfall, `waterfall-${metric}`) }]
  })
  return pageDocument({
    title: `${ablation.scenario.name}: one mechanism at a time`,
    head: answerSection(ablation),
    body: html`${waterfalls.map(({ waterfall, chart }) => waterfallSection(ablation, waterfall, chart))}
    ${ratioSection(ablation)} ${agreementSection(ablation)} ${armSection(ablation)}
    ${warningSection(ablation)} ${repeatAblationSection(ablation)} ${environmentSection(ablation)}`,
    charts: waterfalls.map(({ chart }) => chart),
    draw: drawWaterfalls,
  })
}
