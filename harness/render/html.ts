import { pairReport } from '../results/compared-pair.ts'
import type { Report } from '../results/schema.ts'
import { alsoComparedSection } from './page/also-compared-section.ts'
import { answerSection, verdictSection } from './page/answer-section.ts'
import { capacitySection } from './page/capacity-section.ts'
import { chartData } from './page/chart-data.ts'
import { contents, type SectionId } from './page/contents.ts'
import { counterSection } from './page/counter-section.ts'
import { pageDocument } from './page/document.ts'
import { doubtSection } from './page/doubt-section.ts'
import { downloadSection } from './page/download-section.ts'
import { chartKit } from './page/draw-kit.ts'
import { drawLoadLatency } from './page/draw-load-latency.ts'
import { drawMakeUp } from './page/draw-make-up.ts'
import { drawPercentiles } from './page/draw-percentiles.ts'
import { drawRatios } from './page/draw-ratios.ts'
import { drawReport, type ReportParts } from './page/draw-report.ts'
import { drawTimeLine } from './page/draw-time-line.ts'
import { loadLatencyData } from './page/load-latency-data.ts'
import { loadLatencySection } from './page/load-latency-section.ts'
import { makeUpData } from './page/make-up-data.ts'
import { makeUpSection } from './page/make-up-section.ts'
import { html, type Markup } from './page/markup.ts'
import { objectiveSection } from './page/objective-section.ts'
import { followScrolling, offerDownload } from './page/page-controls.ts'
import { pairSection } from './page/pair-section.ts'
import { percentileSection } from './page/percentile-section.ts'
import { environmentSection } from './page/environment-section.ts'
import { glossarySection, repeatSection } from './page/provenance-sections.ts'
import { ratioData } from './page/ratio-data.ts'
import { packReport } from './page/report-data.ts'
import { REPORT_STYLE } from './page/report-style.ts'
import { roundSection } from './page/round-section.ts'
import { timeLineData } from './page/time-line-data.ts'
import { timeLineSection } from './page/time-line-section.ts'

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
