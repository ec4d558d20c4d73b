import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { writeFailure } from './file-failure.ts'

/**
 * Replaces a file as a whole: a reader, or a crash, finds the previous version or the new one and never a part.
 * Throws a run error, e.g. when the disk is full; the previous version is kept then.
 */
export function replaceFile(thing: string, path: string, content: string): void {
  const partialPath = `${path}.partial`
  try {
    // Flushed before the rename: else a crash of the machine could leave the new name with old or no content.
    writeFileSync(partialPath, content, { flush: true })
    renameSync(partialPath, path)
  } catch (error) {
    rmSync(partialPath, { force: true })
    throw writeFailure(thing, path, error)
  }
}
