import { CrossoverError, usageError } from '../base/errors.ts'
import { type ExportFile, saveFiles } from '../results/export.ts'

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
