import { dirname, join } from 'node:path'
import { CrossoverError, usageError } from '../base/errors.ts'
import { renderMarkdown } from '../render/markdown.ts'
import { renderTerminal } from '../render/terminal.ts'
import { type ExportFile, saveFiles } from '../results/export-files.ts'
import { loadReport } from '../results/load.ts'
import { SCHEMA_VERSION } from '../results/schema.ts'
import type { ReportFlags } from './report-flags.ts'
import { parseFormats, reportFiles } from './report-formats.ts'
import { addToStepSummary } from './report-step-summary.ts'
import { stdoutOptions } from './stdout-options.ts'

/** Renders a saved report in the formats asked for. Throws a usage error when it cannot be read or nothing be written. */
export function executeReport(path: string, flags: ReportFlags): void {
  const formats = parseFormats(flags.format)
  const { report, file, schemaVersion } = loadReport(path)
  if (schemaVersion !== SCHEMA_VERSION) {
    console.error(
      `report has schemaVersion ${schemaVersion}: what was not recorded then is shown as not available`,
    )
  }
  const folder = flags.out ?? dirname(file)
  const files = reportFiles(report, formats)
  save(folder, files)
  if (formats.includes('terminal')) console.log(renderTerminal(report, stdoutOptions()))
  if (formats.includes('terminal') && files.length > 0) console.log('')
  for (const { name } of files) console.log(`report: ${join(folder, name)}`)
  if (formats.includes('markdown')) addToStepSummary(renderMarkdown(report))
}

/** Here a folder that cannot be written is the user’s choice, and no end of a run. */
function save(folder: string, files: readonly ExportFile[]): void {
  if (files.length === 0) return
  try {
    saveFiles(folder, files)
  } catch (error) {
    if (!(error instanceof CrossoverError) || error.code !== 'report-write') throw error
    throw usageError(
      error.code,
      error.message,
      'choose a folder you may write to: --out <folder>',
      error,
    )
  }
}
