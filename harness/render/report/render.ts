import { pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { html, pageDocument } from '../page/document.ts'
import { chartScript } from '../page/draw-charts.ts'
import { REPORT_STYLE } from '../page/style.ts'
import { chartsOf, contents, headMarkup, packedIn, sectionMarkup } from '../view/page.ts'
import { titledBlocks } from '../view/view.ts'
import { reportHead, VERDICTS } from './answer.ts'
import { reportSections } from './sections.ts'
import { markdownView } from '../view/markdown.ts'
import type { TerminalOptions } from '../terminal/text.ts'
import { terminalSections } from '../view/terminal.ts'

/**
 * The report as one HTML page that needs no network and no server: about 1.5 MB for a default run, at most 3. The verdicts stand
 * above the links to everything else.
 */
export function renderHtml(report: Report): string {
  const sections = reportSections(report, 'page').map(titledBlocks)
  const verdicts = sections.filter(({ id }) => id === VERDICTS)
  const others = sections.filter(({ id }) => id !== VERDICTS)
  const head = reportHead(report, pairReport(report))
  return pageDocument({
    title: head.title,
    head: html`<a class="skip" href="#${others[0]?.id ?? ''}">Skip to the figures</a>
      ${headMarkup(head)} ${verdicts.map(sectionMarkup)} ${contents(others)}`,
    body: html`${others.map(sectionMarkup)}`,
    ...chartScript(chartsOf([...verdicts, ...others])),
    style: REPORT_STYLE,
    packed: packedIn(others),
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
