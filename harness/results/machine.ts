import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CrossoverError, usageError } from '../base/errors.ts'
import { findOutOfBounds } from './bounds.ts'
import { pathText } from './failure.ts'
import { failureCode, failureReason, folderFailure, makeFolders, replaceFile } from './files.ts'
import type { Band, Report } from './schema.ts'
import { type Machine, machineSchema } from './validate.ts'

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
  const content = parseJson(path, text)
  const beyond = findOutOfBounds(content)
  if (beyond !== undefined)
    throw invalid(
      `machine file is out of bounds: ${pathText(beyond.path)}: ${beyond.what}`,
      path,
      undefined,
    )
  const parsed = machineSchema.safeParse(content)
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

type Environment = Report['environment']

/** The run for which a band is wanted. */
export interface WantedBand {
  /** What its verdicts are about, e.g. `p99`. */
  readonly metric: string
  /** Its name; services of another one vary otherwise. */
  readonly scenario: string
  readonly cpus: readonly number[]
  /** Threads in place of processors; null for real ones. */
  readonly virtualCores: number | null
  /** Each gives a pair. */
  readonly rounds: number
  readonly durationSeconds: number
  /** Labels of its loads. */
  readonly loads: readonly string[]
}

/**
 * The machine's A/A band if it may judge such a run; else null, and why not, in one clause, e.g.
 * `made on another kernel: 6.1 instead of 6.18`; `why` is empty with a band. The band must come from the same
 * environment, processors and scenario and from runs that were no larger: smaller ones vary more, so that their band
 * is too wide at worst. Loads that were not measured are absent from `ratios`. `stale`: the environment has changed
 * since, and nothing else is in the way, so that a new validation helps.
 * @param path file that `machine` was read from, for the report
 */
export function bandFor(
  machine: Machine,
  environment: Environment,
  wanted: WantedBand,
  path: string,
): { readonly band: Band | null; readonly why: string; readonly stale: boolean } {
  const ratios = ratiosFor(machine, wanted)
  const otherRun =
    otherKind(machine, wanted) ??
    largerRuns(machine, wanted) ??
    (Object.keys(ratios).length === 0
      ? `holds no ${wanted.metric} at ${wanted.loads.join(', ') || 'any load'}`
      : null)
  if (otherRun !== null) return { band: null, why: otherRun, stale: false }
  const changed = otherEnvironment(machine.environment, environment)
  if (changed !== null) return { band: null, why: changed, stale: true }
  const moved = otherProcessors(machine.cpus, wanted.cpus)
  if (moved !== null) return { band: null, why: moved, stale: false }
  const { measuredAt, runs, pairs, durationSeconds } = machine
  return { band: { path, measuredAt, runs, pairs, durationSeconds, ratios }, why: '', stale: false }
}

function ratiosFor(machine: Machine, wanted: WantedBand): Record<string, number> {
  const measured = wanted.loads.flatMap((load) => {
    const ratios = machine.bands
      .filter((band) => band.load === load && band.metric === wanted.metric)
      .map((band) => band.ratio)
    return ratios.length === 0 ? [] : [[load, Math.max(...ratios)] as const]
  })
  return Object.fromEntries(measured)
}

/** The first thing in which the machine of the band was another one; null when it was the same. */
function otherEnvironment(then: Environment, now: Environment): string | null {
  if (then.cpu !== now.cpu) return `made on another processor: ${then.cpu} instead of ${now.cpu}`
  if (then.cores !== now.cores) return `made with ${then.cores} cores instead of ${now.cores}`
  if (then.kernel !== now.kernel) {
    return `made on another kernel: ${then.kernel} instead of ${now.kernel}`
  }
  if (then.node !== now.node) return `made with another node: ${then.node} instead of ${now.node}`
  if (engineRelease(then.v8) !== engineRelease(now.v8)) {
    return `made with another V8: ${then.v8} instead of ${now.v8}`
  }
  const mitigations = changedNames(then.mitigations ?? {}, now.mitigations ?? {})
  if (mitigations.length > 0) {
    return `made with other mitigations of processor flaws: ${mitigations.join(', ')}`
  }
  if (then.pinned !== now.pinned) {
    return then.pinned ? 'made with pinned threads' : 'made without pinned threads'
  }
  return then.smt === now.smt
    ? null
    : `made with simultaneous multithreading ${switchText(then.smt)}`
}

function otherKind(machine: Machine, wanted: WantedBand): string | null {
  if (machine.scenario !== wanted.scenario) {
    return `made with another scenario: ${machine.scenario} instead of ${wanted.scenario}`
  }
  return wanted.virtualCores === null ? null : 'made on processors, not on virtual cores'
}

/** Their order says nothing. */
function otherProcessors(then: readonly number[], now: readonly number[]): string | null {
  const [before, after] = [then, now].map((cpus) => cpus.toSorted((a, b) => a - b).join(', '))
  return before === after ? null : `made on processors ${before} instead of ${after}`
}

function largerRuns(machine: Machine, wanted: WantedBand): string | null {
  if (machine.pairs > wanted.rounds) {
    return `made from larger runs: ${machine.pairs} pairs instead of ${wanted.rounds}`
  }
  if (machine.durationSeconds > wanted.durationSeconds) {
    return `made from longer trials: ${machine.durationSeconds} s instead of ${wanted.durationSeconds} s`
  }
  return null
}

/** V8's releases are numbered major.minor; what follows are patches. */
function engineRelease(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

function changedNames(
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  const names = new Set([...Object.keys(then), ...Object.keys(now)])
  return [...names].filter((name) => then[name] !== now[name]).toSorted()
}

function switchText(isOn: boolean | null): string {
  if (isOn === null) return 'in an unknown state'
  return isOn ? 'on' : 'off'
}
