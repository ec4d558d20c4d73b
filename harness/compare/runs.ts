import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CrossoverError, usageError } from '../base/errors.ts'
import { requireName } from '../base/text.ts'
import { fileNameFor } from '../results/files.ts'
import { KINDS } from '../results/kinds.ts'
import { type LoadedReport, loadReport } from '../results/load.ts'
import type { Report } from '../results/schema.ts'
import { armsNamed, changedNames, conditionsOf, isSameSubject } from './conditions.ts'
import { isAboutAny, judgeLimit, type Limit, type LimitResult } from './limits.ts'
import { type CompareOptions, compareReports, type ScenarioChange } from './reports.ts'

/** What changed from old runs to new ones. */
export interface Comparison {
  /** Paths as the user wrote them. */
  readonly old: string
  readonly new: string
  readonly options: CompareOptions
  readonly scenarios: readonly ScenarioChange[]
  /** Scenarios whose runs must not be compared, and why. */
  readonly refused: readonly { readonly scenario: string; readonly failure: CrossoverError }[]
  /** Scenarios that only one side has: `hot-key of the old reports`. */
  readonly withoutPartner: readonly string[]
  readonly limits: readonly LimitResult[]
}

/** Runs of one side, and where they are. */
interface ComparedRuns {
  readonly path: string
  readonly runs: readonly LoadedReport[]
}

/**
 * Compares the runs of each scenario that both sides have. One run on each side is compared as it is; of several, those of the
 * same scenario and parameters belong together.
 * @throws CrossoverError of kind `usage` when nothing can be compared, and for a control or a limit that names no arm.
 */
export function compareRuns(
  before: ComparedRuns,
  after: ComparedRuns,
  options: CompareOptions,
  limits: readonly Limit[],
): Comparison {
  const { pairs, withoutPartner } = partnersOf(before.runs, after.runs)
  for (const name of options.changed ?? []) requireChanged(name, pairs)
  const scenarios: ScenarioChange[] = []
  const refused: { scenario: string; failure: CrossoverError }[] = []
  for (const [old, now] of pairs) {
    const change = compareReports(old, now, options)
    if (change instanceof CrossoverError) {
      refused.push({ scenario: now.report.scenario.name, failure: change })
    } else if (change.loads.some(({ arms }) => arms.length > 0)) scenarios.push(change)
    else refused.push({ scenario: change.scenario, failure: nothingInCommon(change) })
  }
  const [first] = refused
  if (scenarios.length === 0) throw first?.failure ?? noPartners(before, after)
  refuseUnknownControl(options, scenarios)
  for (const limit of limits) refuseUnknownArm(limit, scenarios)
  return {
    old: before.path,
    new: after.path,
    options,
    scenarios,
    refused,
    withoutPartner,
    limits: limits.map((limit) => judgeLimit(limit, scenarios, options.level)),
  }
}

/** @throws CrossoverError of kind `usage` where no scenario has the parameter, or it is the same in all. */
function requireChanged(name: string, pairs: Partners['pairs']): void {
  const params = pairs.flatMap((pair) => pair.map(({ report }) => report.scenario.params))
  const names = new Set(params.flatMap((values) => Object.keys(values)))
  requireName(name, [...names], '--changed', 'parameter')
  const has = pairs.some(([old, now]) =>
    changedNames(old.report.scenario.params, now.report.scenario.params).includes(name),
  )
  if (has) return
  throw usageError(
    'changed',
    `--changed ${name}: it is the same in both`,
    'leave it out, or name what differs',
  )
}

interface Partners {
  readonly pairs: readonly (readonly [LoadedReport, LoadedReport])[]
  readonly withoutPartner: readonly string[]
}

function partnersOf(before: readonly LoadedReport[], after: readonly LoadedReport[]): Partners {
  const [onlyOld, onlyNew] = [before[0], after[0]]
  if (onlyOld !== undefined && onlyNew !== undefined && before.length + after.length === 2) {
    return { pairs: [[onlyOld, onlyNew]], withoutPartner: [] }
  }
  const pairs = before.flatMap((old) => {
    const partner = partnerOf(old, before, after)
    return partner === undefined ? [] : [[old, partner] as const]
  })
  const hasPartner = new Set(pairs.flat())
  return {
    pairs,
    withoutPartner: [
      ...before.filter((run) => !hasPartner.has(run)).map((run) => `${nameOf(run)} of the old`),
      ...after.filter((run) => !hasPartner.has(run)).map((run) => `${nameOf(run)} of the new`),
    ],
  }
}

/** The run of the same scenario and parameters, or, where there is one on each side, of the same scenario. */
function partnerOf(
  old: LoadedReport,
  before: readonly LoadedReport[],
  after: readonly LoadedReport[],
): LoadedReport | undefined {
  const conditions = conditionsOf(old.report)
  const candidates = after.filter((run) => nameOf(run) === conditions.scenario)
  const namesakes = before.filter((run) => nameOf(run) === conditions.scenario)
  return (
    candidates.find(({ report }) => isSameSubject(conditions, conditionsOf(report))) ??
    (candidates.length === 1 && namesakes.length === 1 ? candidates[0] : undefined)
  )
}

function nameOf({ report }: LoadedReport): string {
  return report.scenario.name
}

function namesOf(runs: readonly LoadedReport[]): string {
  return runs.map(nameOf).join(', ')
}

function noPartners(before: ComparedRuns, after: ComparedRuns): CrossoverError {
  return usageError(
    'compare-nothing',
    `no scenario is in both: ${before.path} has ${namesOf(before.runs)}; ${after.path} has ${namesOf(after.runs)}`,
    'name reports of the same scenarios',
  )
}

function nothingInCommon({ scenario, withoutPartner }: ScenarioChange): CrossoverError {
  return usageError(
    'compare-nothing',
    `${scenario}: no arm at any load is in both: ${withoutPartner.join(', ')}`,
    'run the new one with --baseline <old>: it takes arms and loads of the old report',
  )
}

function armsOf(scenarios: readonly ScenarioChange[]): readonly string[] {
  const labels = scenarios.flatMap(({ loads }) =>
    loads.flatMap(({ arms }) => arms.map(({ label }) => label)),
  )
  return [...new Set(labels)]
}

function refuseUnknownControl(
  { control }: CompareOptions,
  scenarios: readonly ScenarioChange[],
): void {
  if (control === 'other' || control === 'none') return
  const counts = scenarios.flatMap(({ loads }) =>
    loads.map(({ arms }) => armsNamed(control, arms).length),
  )
  if (Math.max(...counts) === 1) return
  const labels = armsOf(scenarios).join(', ')
  throw usageError(
    'control',
    counts.includes(2)
      ? `--control ${control}: both arms are of this architecture`
      : `--control ${control}: there is no such arm`,
    `--control takes other, none, or the arm that is known to be unchanged: ${labels}`,
  )
}

function refuseUnknownArm(limit: Limit, scenarios: readonly ScenarioChange[]): void {
  if (isAboutAny(limit, scenarios)) return
  const labels = armsOf(scenarios).join(', ')
  throw usageError(
    'fail-if',
    `--fail-if ${limit.text}: no arm that is judged has this name: ${limit.arm ?? ''}`,
    `name one of ${labels}, or none for every arm`,
  )
}

/**
 * The reports at a path, one of each scenario and parameters: a `report.json`, the folder of a run, or a folder of such
 * folders as `crossover run --all` makes. Throws a usage error when there is none, when one cannot be read, and when two
 * are of the same.
 */
export function loadReports(path: string): readonly LoadedReport[] {
  const folders = runFolders(path)
  if (folders.length === 0) return [loadReport(path)]
  const loaded = folders.map((folder) => loadReport(folder))
  refuseTwice(path, loaded)
  return loaded
}

/**
 * The report of one scenario at a path, without reading those of others; null when a folder of many holds none of it.
 * Throws like `loadReports`.
 */
export function loadReportOf(path: string, scenario: string): LoadedReport | null {
  if (runFolders(path).length === 0) return loadReport(path)
  const folder = join(path, fileNameFor(scenario))
  if (existsSync(join(folder, KINDS.run.file))) return loadReport(folder)
  return loadReports(path).find(({ report }) => report.scenario.name === scenario) ?? null
}

/** Folders of runs inside a folder that is not one itself, in order; empty for everything else. */
function runFolders(path: string): readonly string[] {
  if (!isFolder(path) || existsSync(join(path, KINDS.run.file))) return []
  return readdirSync(path)
    .toSorted()
    .map((name) => join(path, name))
    .filter((folder) => existsSync(join(folder, KINDS.run.file)))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function refuseTwice(path: string, loaded: readonly LoadedReport[]): void {
  const files = new Map<string, string>()
  for (const { report, file } of loaded) {
    const subject = subjectOf(report)
    const other = files.get(subject)
    if (other !== undefined) {
      throw usageError(
        'compare-twice',
        `folder holds two reports of ${report.scenario.name} with the same parameters: ${other} and ${file}`,
        `name one of them instead of ${path}`,
      )
    }
    files.set(subject, file)
  }
}

/** What a report is about: two of the same cannot both be compared. */
function subjectOf({ scenario: { name, params } }: Report): string {
  return JSON.stringify([name, Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
