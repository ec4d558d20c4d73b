import { appendFileSync } from 'node:fs'
import { usageError } from '../base/errors.ts'
import { namesCure } from '../base/text.ts'
import {
  distributionFiles,
  type ExportFile,
  histogramLogFiles,
  tableFiles,
} from '../results/export.ts'
import { failureReason } from '../results/files.ts'
import type { Report } from '../results/schema.ts'
import { renderHtml, renderMarkdown } from '../render/report/render.ts'

/** What files of a report can be made of it, by the name of the format. */
const MAKERS = {
  html: (report: Report) => [{ name: 'report.html', content: renderHtml(report) }],
  markdown: (report: Report) => [{ name: 'report.md', content: renderMarkdown(report) }],
  csv: tableFiles,
  hlog: histogramLogFiles,
  hgrm: distributionFiles,
} satisfies Record<string, (report: Report) => readonly ExportFile[]>
/** `terminal` is printed, the others are files. */
type ReportFormat = keyof typeof MAKERS | 'terminal'

export const REPORT_FORMATS: readonly ReportFormat[] = [
  'terminal',
  ...(Object.keys(MAKERS) as (keyof typeof MAKERS)[]),
]

/** The formats that `--format` names, in the order of `REPORT_FORMATS`. Throws a usage error for a name that is none. */
export function parseFormats(text: string): readonly ReportFormat[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('all')) return REPORT_FORMATS
  const unknown = names.find((name) => !REPORT_FORMATS.some((format) => format === name))
  if (unknown !== undefined) {
    throw usageError(
      'format',
      `--format: no format has this name: ${unknown || '(empty)'}`,
      namesCure(unknown, [...REPORT_FORMATS, 'all'], 'formats'),
    )
  }
  return REPORT_FORMATS.filter((format) => names.includes(format))
}

/** The files of a report in these formats. Renders and decodes: up to a second for a large report. */
export function reportFiles(
  report: Report,
  formats: readonly ReportFormat[],
): readonly ExportFile[] {
  return formats.flatMap((format) => (format === 'terminal' ? [] : MAKERS[format](report)))
}

/**
 * Adds Markdown to the summary of a step of GitHub Actions, which names a file for it in `GITHUB_STEP_SUMMARY`; does
 * nothing elsewhere. A file that cannot be written is a warning: the result is kept without it.
 */
export function addToStepSummary(markdown: string): void {
  const path = process.env['GITHUB_STEP_SUMMARY'] ?? ''
  if (path === '') return
  try {
    appendFileSync(path, `${markdown}\n`)
  } catch (error) {
    console.error(
      `warning: cannot add to the summary of the step: ${failureReason(error)}: GITHUB_STEP_SUMMARY=${path}`,
    )
  }
}
