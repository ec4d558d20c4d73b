import { pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { contents, followScrolling, offerDownload, type SectionId } from '../page/controls.ts'
import { html, type Markup, pageDocument } from '../page/document.ts'
import { chartKit } from '../page/draw-kit.ts'
import { environmentSection } from '../page/environment.ts'
import { REPORT_STYLE } from '../page/style.ts'
import { alsoComparedSection } from './also-compared.ts'
import { answerSection, verdictSection } from './answer-section.ts'
import { drawReport, packReport, type ReportParts } from './draw-report.ts'
import { drawLoadLatency, loadLatencyData, loadLatencySection } from './load-latency.ts'
import { drawMakeUp, makeUpData, makeUpSection } from './make-up.ts'
import { chartData, drawPercentiles, percentileSection } from './percentiles.ts'
import { glossarySection, repeatSection } from './provenance.ts'
import { drawRatios, ratioData } from './ratios.ts'
import { roundSection } from './round-rows.ts'
import {
  capacitySection,
  counterSection,
  doubtSection,
  downloadSection,
  objectiveSection,
  pairSection,
} from './sections.ts'
import { drawTimeLine, timeLineData, timeLineSection } from './time-line-chart.ts'

const PARTS: ReportParts = {
  chartKit,
  percentiles: drawPercentiles,
  ratios: drawRatios,
  loadLatency: drawLoadLatency,
  makeUp: drawMakeUp,
  timeLine: drawTimeLine,
  scrollBoxes: followScrolling,
  download: offerDownload,
}

/** The report as one HTML page that needs no network and no server: about 1.5 MB for a default run, at most 3. */
export function renderHtml(report: Report): string {
  const pair = pairReport(report)
  const { loads } = pair
  const picture = ratioData(pair, 'ratios', false)
  const percentiles = loads.map((load, index) => chartData(pair, load, `percentiles-${index}`))
  const overLoads = loadLatencyData(pair, 'over-loads')
  const makeUps = loads.map((load, index) => makeUpData(pair, load, `make-up-${index}`))
  const timeLines = loads.map((load, index) => timeLineData(pair, load, `time-line-${index}`))
  const pairs = ratioData(pair, 'pair-dots', true)
  const packed = packReport(report)
  const sections = (
    [
      ['objective', objectiveSection(pair)],
      ['latency', percentileSection(pair, percentiles)],
      ['load', loadLatencySection(pair, overLoads)],
      ['also', alsoComparedSection(report)],
      ['make-up', makeUpSection(pair, makeUps)],
      ['time', timeLineSection(pair, timeLines)],
      ['capacity', capacitySection(report)],
      ['rounds', roundSection(report)],
      ['counters', counterSection(pair)],
      ['pairs', pairSection(pair, pairs)],
      ['gates', doubtSection(report)],
      ['environment', environmentSection(report)],
      ['repeat', repeatSection(report)],
      ['data', downloadSection(packed)],
      ['glossary', glossarySection()],
    ] as const
  ).filter((section): section is readonly [SectionId, Markup] => section[1] !== null)
  return pageDocument({
    title: `${report.scenario.name}: ${listed(report.arms.map(({ label }) => label))}`,
    head: html`<a class="skip" href="#${sections[0]![0]}">Skip to the figures</a>
      ${answerSection(pair)} ${verdictSection(report, pair, picture)}
      ${contents(sections.map(([id]) => id))}`,
    body: html`${sections.map(([, section]) => section)}`,
    charts: [picture, ...percentiles, overLoads, ...makeUps, ...timeLines, pairs].filter(
      (chart) => chart !== null,
    ),
    draw: drawReport,
    parts: PARTS,
    style: REPORT_STYLE,
    packed: packed.base64,
  })
}

/** `a, b and c`. */
function listed(labels: readonly string[]): string {
  return [labels.slice(0, -1).join(', '), labels.at(-1)].join(' and ')
}
