import { pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { markdownView } from '../view/markdown.ts'
import { reportHead } from './answer.ts'
import { reportSections } from './sections.ts'

/** The result for a pull request: the sentence, a table per load with intervals, every reason to doubt it, the command. */
export function renderMarkdown(report: Report): string {
  return markdownView(
    { ...reportHead(report, pairReport(report)), title: report.scenario.name },
    reportSections(report, 'markdown'),
  )
}
