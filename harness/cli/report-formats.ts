import { usageError } from '../base/errors.ts'
import { namesCure } from '../experiment/nearest-name.ts'
import { renderHtml } from '../render/html.ts'
import { renderMarkdown } from '../render/markdown.ts'
import {
  distributionFiles,
  type ExportFile,
  histogramLogFiles,
  trialTableFile,
} from '../results/export-files.ts'
import type { Report } from '../results/schema.ts'

/** What files of a report can be made of it, by the name of the format. */
const MAKERS = {
  html: (report: Report) => [{ name: 'report.html', content: renderHtml(report) }],
  markdown: (report: Report) => [{ name: 'report.md', content: renderMarkdown(report) }],
  csv: (report: Report) => [trialTableFile(report)],
  hlog: histogramLogFiles,
  hgrm: distributionFiles,
} satisfies Record<string, (report: Report) => readonly ExportFile[]>
/** `terminal` is printed, the others are files. */
export type ReportFormat = keyof typeof MAKERS | 'terminal'

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
