import { CrossoverError, usageError } from '../base/errors.ts'
import { armsNamed, type CompareOptions, type ScenarioChange } from './compare-change.ts'
import { conditionsOf, isSameSubject } from './compare-conditions.ts'
import { isAboutAny, judgeLimit, type Limit, type LimitResult } from './compare-limits.ts'
import { compareReports } from './compare-reports.ts'
import type { LoadedReport } from './load.ts'

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
export interface ComparedRuns {
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
