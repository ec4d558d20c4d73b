import { MOST_PAIRS } from '../asked/quantities.ts'
import { CrossoverError, usageError } from '../base/errors.ts'
import { PLAN_INDENT } from '../experiment/rounds/plan-lines.ts'
import { renderBrief } from '../render/report/brief.ts'
import { renderTerminal } from '../render/report/render.ts'
import { type TerminalOptions, wrap } from '../render/terminal/text.ts'
import { type ExportFile, saveFiles } from '../results/export.ts'
import type { Report } from '../results/schema.ts'

/** What stdout can show: plain text of 80 columns where it is no terminal. */
export function stdoutOptions(): TerminalOptions {
  const { isTTY, columns } = process.stdout
  return isTTY ? { color: process.stdout.hasColors(), columns } : { color: false, columns: 80 }
}

/**
 * The end of a run as text: in short, with the commands that go on; or at length.
 * @param folder where the run is saved, as the user named it
 */
export function reportText(report: Report, folder: string, isVerbose: boolean): string {
  return isVerbose
    ? `${renderTerminal(report, stdoutOptions())}\n`
    : renderBrief(report, stdoutOptions(), { folder, mostRounds: MOST_PAIRS })
}

/** Prints a plan to stderr: on a terminal as wide as that is, what goes on below where its first line’s text begins; else as it is. */
export function printPlan(lines: readonly string[]): void {
  const { isTTY, columns } = process.stderr
  for (const line of lines) {
    const [begin, text] = [line.slice(0, PLAN_INDENT), line.slice(PLAN_INDENT)]
    console.error(isTTY ? begin + wrap(text, columns, PLAN_INDENT) : line)
  }
}

/** Writes files where the user wants them: a folder that cannot be written is that choice, and no end of a run. */
export function saveOutput(folder: string, files: readonly ExportFile[]): void {
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
