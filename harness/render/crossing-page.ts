import type { CrossingSearch } from '../results/crossing.ts'
import { crossingData } from './page/crossing-data.ts'
import {
  crossingChartSection,
  crossingHeadSection,
  crossingTableSection,
  crossingWarningSection,
  repeatCrossingSection,
} from './page/crossing-sections.ts'
import { pageDocument } from './page/document.ts'
import { drawCrossing } from './page/draw-crossing.ts'
import { html } from './page/markup.ts'
import { environmentSection } from './page/provenance-sections.ts'

/** A search for a crossing as one HTML page that needs no network and no server. */
export function renderCrossingPage(search: CrossingSearch): string {
  const data = crossingData(search, 'crossing')
  return pageDocument({
    title: `${search.scenario.name}: where the winner changes over ${search.over.name}`,
    head: crossingHeadSection(search),
    body: html`${data === null ? null : crossingChartSection(search, data)}
    ${crossingTableSection(search)} ${crossingWarningSection(search)}
    ${repeatCrossingSection(search)} ${environmentSection(search)}`,
    charts: data === null ? [] : [data],
    draw: drawCrossing,
  })
}
