import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CrossoverError, runError, usageError } from '../base/errors.ts'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'it is a folder',
  ENOENT: 'no such file or folder',
  ENAMETOOLONG: 'name is too long',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'disk quota is used up',
  EFBIG: 'file is too large for the file system',
}
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** Why the operating system refused, in words: `permission denied`. */
export function failureReason(error: unknown): string {
  const code = failureCode(error)
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error))
}

/** The system's error code, e.g. `EACCES`; empty for other errors. */
export function failureCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

/** The folder for reports cannot be made: the user's to mend, unless the disk is full. */
export function folderFailure(path: string, error: unknown): CrossoverError {
  if (DISK_FULL.has(failureCode(error))) return writeFailure('report', path, error)
  return usageError(
    'report-folder',
    `cannot make the report folder: ${failureReason(error)}: path=${path}`,
    'choose a folder you may write to: --out <folder>',
    error,
  )
}

/** A file cannot be written: what was saved before is still there. @param thing what it is part of: `report` */
function writeFailure(thing: string, path: string, error: unknown): CrossoverError {
  const isFull = DISK_FULL.has(failureCode(error))
  return runError(
    isFull ? 'disk-full' : 'report-write',
    `cannot save the ${thing}: ${failureReason(error)}: path=${path}`,
    isFull
      ? 'free some space or choose another disk with --out <folder>; what was saved before is kept'
      : 'leave the report folder in place while a run goes on; what was saved before is kept',
    error,
  )
}

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

const LONGEST_NAME = 80

/** A file name made of any label, e.g. `staged:layout=fused` → `staged-layout-fused`; never empty, hidden or a path. */
export function fileNameFor(label: string): string {
  const name = label
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^[.-]+|[.-]+$/g, '')
  return name === '' ? 'unnamed' : name
}

/** One file name per label, all different even on file systems that ignore case. */
export function fileNamesFor(labels: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const label of new Set(labels)) {
    const base = fileNameFor(label)
    let name = base
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${base}-${number}`
    taken.add(name.toLowerCase())
    names.set(label, name)
  }
  return names
}

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
