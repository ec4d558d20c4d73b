import { pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { html, pageDocument } from '../page/document.ts'
import { chartScript } from '../page/draw-charts.ts'
import { REPORT_STYLE } from '../page/style.ts'
import type { TerminalOptions } from '../terminal/text.ts'
import { environmentSection } from '../view/environment.ts'
import { markdownView } from '../view/markdown.ts'
import {
  chartsOf,
  contents,
  foldedSection,
  headMarkup,
  packedIn,
  sectionMarkup,
} from '../view/page.ts'
import { terminalSections } from '../view/terminal.ts'
import { type Medium, type Section, titledBlocks } from '../view/view.ts'
import { noticeSections, predictionSections, reportHead, verdictSections } from './answer.ts'
import { capacitySections } from './capacity-rows.ts'
import { classSections } from './class-rows.ts'
import { counterSections } from './counter-rows.ts'
import { gateSections } from './findings.ts'
import { loadLatencySections } from './load-latency.ts'
import { makeUpSections } from './make-up.ts'
import { objectiveSections } from './objective-rows.ts'
import { OVERVIEW, overviewHead, overviewSections } from './overview.ts'
import type { SectionsOf } from './pair-figures.ts'
import { usefulSections } from './useful-answers.ts'
import { latencySections } from './percentiles.ts'
import { glossarySections, repeatSections, requestSections } from './provenance.ts'
import { pairSections, roundSections } from './round-rows.ts'
import { stageSections, stallSections } from './stage-rows.ts'
import { alsoSections } from './summary-rows.ts'
import { timeLineSections } from './time-line-chart.ts'

/** In the order in which a reader asks, and where each is shown. */
const SECTIONS: readonly (readonly [SectionsOf, ...Medium[]])[] = [
  [overviewSections, 'page'],
  [noticeSections, 'terminal'],
  [objectiveSections, 'terminal', 'markdown', 'page'],
  [verdictSections, 'terminal', 'markdown', 'page'],
  [predictionSections, 'terminal', 'markdown'],
  [usefulSections, 'terminal', 'markdown', 'page'],
  [latencySections, 'terminal', 'markdown', 'page'],
  [classSections, 'terminal', 'markdown', 'page'],
  [loadLatencySections, 'page'],
  [alsoSections, 'terminal', 'markdown', 'page'],
  [makeUpSections, 'terminal', 'page'],
  [stallSections, 'terminal', 'markdown', 'page'],
  [stageSections, 'markdown', 'page'],
  [timeLineSections, 'page'],
  [capacitySections, 'terminal', 'markdown', 'page'],
  [roundSections, 'terminal', 'markdown', 'page'],
  [requestSections, 'terminal'],
  [counterSections, 'page'],
  [pairSections, 'page'],
  [gateSections, 'terminal', 'markdown', 'page'],
  [({ report }) => [environmentSection(report)], 'page'],
  [repeatSections, 'markdown', 'page'],
  [glossarySections, 'page'],
]

/** What a medium shows of a report. Decodes histograms where there are curves: milliseconds a load. */
function reportSections(report: Report, medium: Medium): readonly Section[] {
  const subject = { report, pair: pairReport(report), medium }
  return SECTIONS.filter(([, ...media]) => media.includes(medium)).flatMap(([sections]) =>
    sections(subject),
  )
}

/**
 * The report as one HTML page that needs no network and no server: 1 MB at most. Its first screen answers; below links to everything
 * else each section is folded behind its first picture or sentence.
 */
export function renderHtml(report: Report): string {
  const sections = reportSections(report, 'page').map(titledBlocks)
  const first = sections.filter(({ id }) => id === OVERVIEW)
  const others = sections.filter(({ id }) => id !== OVERVIEW)
  const head = overviewHead({ report, pair: pairReport(report), medium: 'page' })
  return pageDocument({
    title: head.title,
    head: html`<a class="skip" href="#${others[0]?.id ?? ''}">Skip to the figures</a>
      ${headMarkup(head)} ${first.map(sectionMarkup)} ${contents(others)}`,
    body: html`${others.map(foldedSection).map(sectionMarkup)}`,
    ...chartScript(chartsOf(sections)),
    style: REPORT_STYLE,
    packed: packedIn(sections),
  })
}

/** The result for a pull request: the sentence, a table per load with intervals, every reason to doubt it, the command. */
export function renderMarkdown(report: Report): string {
  return markdownView(
    { ...reportHead(report, pairReport(report)), title: report.scenario.name },
    reportSections(report, 'markdown'),
  )
}

/** The result as text: verdicts first, then the numbers behind them, then every reason to doubt them. Ends without a line break. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  return terminalSections(reportSections(report, 'terminal'), options)
}
