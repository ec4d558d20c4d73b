import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { failureCode } from './file-failure.ts'

/**
 * Makes a folder and those above it that are missing; one that is there is left alone. Not by node's `recursive`, which tries
 * for ever where the system says that there is no such folder although the one above is there, as in /proc.
 * @throws the system's error for the folder that cannot be made.
 */
export function makeFolders(path: string): void {
  if (isFolder(path)) return
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have made it meanwhile.
    if (failureCode(error) === 'EEXIST' && isFolder(path)) return
    const parent = dirname(path)
    if (failureCode(error) !== 'ENOENT' || parent === path) throw error
    makeFolders(parent)
    // Once more and not again: none that is missing is left above it.
    mkdirSync(path)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
