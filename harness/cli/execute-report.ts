import { dirname, join } from 'node:path'
import { usageError } from '../base/errors.ts'
import { renderMarkdown } from '../render/markdown.ts'
import { renderTerminal } from '../render/terminal.ts'
import { loadReport } from '../results/load.ts'
import { SCHEMA_VERSION } from '../results/schema.ts'
import type { ReportFlags } from './report-flags.ts'
import { parseFormats, reportFiles } from './report-formats.ts'
import { addToStepSummary } from './report-step-summary.ts'
import { saveOutput } from './save-output.ts'
import { stdoutOptions } from './streams.ts'

const DEFAULT_FORMATS = 'terminal,html'

/**
 * Renders a saved report in the formats asked for. Throws a usage error when it cannot be read or nothing be written.
 * @param path as typed; undefined when nothing was.
 */
export function executeReport(path: string | undefined, flags: ReportFlags): void {
  if (path === undefined) {
    throw usageError(
      'command-line',
      'crossover report needs a report',
      'name the folder of a run, e.g. reports/2026-01-31T12-00-00Z-kv-update; --index shows all there are',
    )
  }
  if (flags.json === true) {
    throw usageError(
      'command-line',
      '--json is for --index',
      'leave it out: a report has its report.json',
    )
  }
  const formats = parseFormats(flags.format ?? DEFAULT_FORMATS)
  const { report, file, schemaVersion } = loadReport(path)
  if (schemaVersion !== SCHEMA_VERSION) {
    console.error(
      `report has schemaVersion ${schemaVersion}: what was not recorded then is shown as not available`,
    )
  }
  const folder = flags.out ?? dirname(file)
  const files = reportFiles(report, formats)
  saveOutput(folder, files)
  if (formats.includes('terminal')) console.log(renderTerminal(report, stdoutOptions()))
  if (formats.includes('terminal') && files.length > 0) console.log('')
  for (const { name } of files) console.log(`report: ${join(folder, name)}`)
  if (formats.includes('markdown')) addToStepSummary(renderMarkdown(report))
}
