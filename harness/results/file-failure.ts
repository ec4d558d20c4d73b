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
export function writeFailure(thing: string, path: string, error: unknown): CrossoverError {
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
