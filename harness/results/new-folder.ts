import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { failureCode, folderFailure } from './file-failure.ts'
import { fileNameFor } from './file-name.ts'
import { makeFolders } from './make-folders.ts'

/** So many runs cannot have started within one second. */
const MOST_OF_A_NAME = 1_000

/**
 * Makes `<parent>/<UTC start>-<name>/`, always a new one, and its parents; returns its path. Throws a usage error when
 * it cannot be made.
 */
export function makeNewFolder(parentFolder: string, startedAt: Date, name: string): string {
  const base = join(parentFolder, `${folderTimestamp(startedAt)}-${fileNameFor(name)}`)
  try {
    makeFolders(parentFolder)
    return makeNumbered(base)
  } catch (error) {
    throw folderFailure(base, error)
  }
}

/** UTC to the second without the characters that file systems refuse: `2026-11-22T19-53-58Z`. */
function folderTimestamp(startedAt: Date): string {
  return `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}Z`
}

/** Two runs may start within one second: the later one gets `-2`. */
function makeNumbered(base: string): string {
  for (let number = 1; ; number++) {
    const path = number === 1 ? base : `${base}-${number}`
    try {
      mkdirSync(path)
      return path
    } catch (error) {
      if (failureCode(error) !== 'EEXIST' || number === MOST_OF_A_NAME) throw error
    }
  }
}
