import type { Report } from '../../results/schema.ts'
import type { TerminalOptions } from '../terminal/text.ts'
import { terminalSections } from '../view/terminal.ts'
import { reportSections } from './sections.ts'

/** The result as text: verdicts first, then the numbers behind them, then every reason to doubt them. Ends without a line break. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  return terminalSections(reportSections(report, 'terminal'), options)
}
