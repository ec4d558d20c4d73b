import { type TerminalOptions, wrap } from '../render/terminal/text.ts'
import { CrossoverError, usageError } from '../base/errors.ts'
import { type ExportFile, saveFiles } from '../results/export.ts'

/** What stdout can show: plain text of 80 columns where it is no terminal. */
export function stdoutOptions(): TerminalOptions {
  const { isTTY, columns } = process.stdout
  return isTTY ? { color: process.stdout.hasColors(), columns } : { color: false, columns: 80 }
}

/** Prints a plan to stderr: on a terminal as wide as that is, what goes on below two columns further in; else as it is. */
export function printPlan(lines: readonly string[]): void {
  const { isTTY, columns } = process.stderr
  for (const line of lines) console.error(isTTY ? wrap(line, columns, 2) : line)
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
