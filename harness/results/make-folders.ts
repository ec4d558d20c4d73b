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
    makeFolder(path)
  } catch (error) {
    const parent = dirname(path)
    if (failureCode(error) !== 'ENOENT' || parent === path) throw error
    makeFolders(parent)
    // Once more and not again: none that is missing is left above it.
    makeFolder(path)
  }
}

/** Another process may make it at the same time: then it is there, too. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    if (failureCode(error) !== 'EEXIST' || !isFolder(path)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
