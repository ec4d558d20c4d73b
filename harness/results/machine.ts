import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CrossoverError, usageError } from '../base/errors.ts'
import { failureCode, failureReason, folderFailure } from './file-failure.ts'
import { makeFolders } from './make-folders.ts'
import { replaceFile } from './replace-file.ts'
import { type Machine, machineSchema } from './validation.ts'

/** The A/A bands of this machine, beside the folders of its reports. */
export const MACHINE_FILE = 'machine.json'

/** No such file, or no such folder yet. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR'])

/** Leaves the bands where later runs look for them; makes the folder if it is missing. Throws like `ReportFolder`. */
export function saveMachine(folder: string, machine: Machine): void {
  try {
    makeFolders(folder)
  } catch (error) {
    throw folderFailure(folder, error)
  }
  replaceFile(
    'machine file',
    join(folder, MACHINE_FILE),
    `${JSON.stringify(machine, undefined, 1)}\n`,
  )
}

/** The bands that were left in the folder; null when there are none. Throws a usage error when the file is no such thing. */
export function loadMachine(folder: string): Machine | null {
  const path = join(folder, MACHINE_FILE)
  const text = readIfPresent(path)
  if (text === null) return null
  const parsed = machineSchema.safeParse(parseJson(path, text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw invalid(
    `machine file does not have the expected shape: ${issue?.message ?? 'unknown'} at ${issue?.path.join('.') || 'top'}`,
    path,
    parsed.error,
  )
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (ABSENT.has(failureCode(error))) return null
    throw invalid(`cannot read the machine file: ${failureReason(error)}`, path, error)
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(
      `machine file is not valid JSON, perhaps cut off: ${text.length} characters`,
      path,
      error,
    )
  }
}

function invalid(what: string, path: string, cause: unknown): CrossoverError {
  return usageError(
    'machine-invalid',
    `${what}: path=${path}`,
    'delete it; crossover validate makes a new one',
    cause,
  )
}
