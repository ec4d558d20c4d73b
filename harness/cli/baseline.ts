import { readLoad } from '../asked/loads.ts'
import { parseAssignments } from '../asked/parameters.ts'
import { parseLevel } from '../asked/quantities.ts'
import { formatPercent } from '../words/format.ts'
import { usageError } from '../base/errors.ts'
import {
  type Conditions,
  conditionsOf,
  otherConditions,
  unsoundReport,
} from '../compare/conditions.ts'
import { canJudge } from '../compare/limits.ts'
import { absoluteLoads } from '../compare/reports.ts'
import { compareRuns, type Comparison, loadReportOf, loadReports } from '../compare/runs.ts'
import type { RunRequest } from '../experiment/run/request.ts'
import { traceOf } from '../experiment/run/state.ts'
import { comparisonView, renderComparisonMarkdown } from '../render/compare/view.ts'
import { terminalView } from '../render/view/terminal.ts'
import type { LoadedReport } from '../results/load.ts'
import type { Report } from '../results/schema.ts'
import { scenarioNameOf } from '../scenario/load.ts'
import { comparisonJson, parseLimit, passesUndecided, throwOutcome } from './compare.ts'
import { addToStepSummary } from './report-formats.ts'
import type { RunFlags } from './run-flags.ts'
import { stdoutOptions } from './output.ts'

/** Refuses what is wrong in the flags about a baseline, before anything is measured. */
export function checkBaselineFlags({ baseline, failIf, control, undecided }: RunFlags): void {
  passesUndecided(undecided)
  if (baseline === undefined) {
    const alone = failIf === undefined ? (control === undefined ? null : '--control') : '--fail-if'
    if (alone === null) return
    throw usageError(
      'conflict',
      `${alone} without --baseline: there is nothing to compare with`,
      'add --baseline <folder>, or compare later: crossover compare <old> <new>',
    )
  }
  for (const text of failIf ?? []) parseLimit(text)
}

/**
 * The baseline's report of a scenario; null without a baseline. With `--all` also when it holds none of this scenario,
 * which then runs with its own defaults.
 * @throws CrossoverError of kind `usage` when it cannot be read or must not be compared.
 */
export function baselineOf(
  scenario: string,
  { baseline, all, class: requestClass }: RunFlags,
): LoadedReport | null {
  if (baseline === undefined) return null
  const name = scenarioNameOf(scenario)
  const loaded = loadReportOf(baseline, name)
  if (loaded === null && all) return null
  const found = loaded?.report.scenario.name ?? 'other scenarios'
  if (loaded === null || found !== name) {
    throw usageError(
      'compare-scenario',
      `--baseline ${baseline} is of ${found}, and this run of ${name}`,
      `run what the baseline is of, or name a baseline of ${name}`,
    )
  }
  const refusal = unsoundReport(loaded, requestClass)
  if (refusal !== undefined) throw refusal
  return loaded
}

/** The flags with what the baseline decides where they do not: arms and which of them the others are compared with, loads as requests per second, duration, parameters. */
export function withBaseline(flags: RunFlags, { report }: LoadedReport): RunFlags {
  const { arms, loads, run, scenario } = report
  const against = flags.against ?? (flags.arms === undefined ? comparedWith(report) : undefined)
  const given = parseAssignments(flags.param ?? [], '--param')
  const param = Object.entries(scenario.params)
    .filter(([name]) => !Object.hasOwn(given, name))
    .map(([name, value]) => `${name}=${value}`)
  // Which scenarios run is decided: a parameter is of this one.
  const { all: _, ...others } = flags
  return {
    ...others,
    arms: flags.arms ?? arms.map(({ label }) => label.replace(/#\d$/, '')).join(','),
    ...(against === undefined ? {} : { against }),
    ...(flags.loads === undefined && flags.slo === undefined ? { loads: loadsText(loads) } : {}),
    ...(flags.within === undefined && typeof run.within?.ns === 'number'
      ? { within: `${run.within.ns}ns` }
      : {}),
    duration: flags.duration ?? run.durationSeconds,
    param: [...(flags.param ?? []), ...param],
  }
}

/** The arm with which all others were compared; undefined where there is none, as among the default arms. */
function comparedWith({ comparisons }: Report): string | undefined {
  const [first, ...others] = new Set(comparisons.map((compared) => compared.first))
  return others.length === 0 ? first : undefined
}

/** Refuses a run that could not be compared with its baseline, or not be held against a limit, before it is measured. */
export function refuseOtherThanBaseline(
  request: RunRequest,
  { failIf }: RunFlags,
  { report, file }: LoadedReport,
): void {
  const { command } = report.run
  const refusal = otherConditions(conditionsOf(report), conditionsOfRequest(request), command)
  if (refusal !== undefined) throw refusal
  const oldPairs = Math.max(...report.loads.map(({ sets }) => sets.length))
  if (failIf === undefined || canJudge(oldPairs, request.rounds, request.level)) return
  throw usageError(
    'compare-pairs',
    `--fail-if: too few pairs for ${formatPercent(request.level)}: ${oldPairs} in the baseline, ${request.rounds} in this run: path=${file}`,
    'four of each are enough for 95 %: --pairs 6, and a baseline with as many',
  )
}

/** Labels that say what they offer are kept: the new report then has the same. */
function loadsText(loads: Report['loads']): string {
  return loads
    .map((load) =>
      // What each arm gets by what it sustains is no single rate.
      readLoad(load.label)?.kind === 'absolute' || load.placed?.by === 'each'
        ? load.label
        : absoluteLoads([load]),
    )
    .join(',')
}

function conditionsOfRequest(request: RunRequest): Conditions {
  const { loaded, arms, transport, virtualCores, durationSeconds, cpus } = request
  return {
    scenario: loaded.scenario.name,
    params: loaded.params,
    traceSha256: (loaded.log && traceOf(loaded.log)?.sha256) ?? null,
    arms,
    transport,
    virtualCores,
    durationSeconds,
    cpuCount: cpus.length,
  }
}

/** What a run came to against its baseline, or why it could not be compared. */
export type AfterRun = { readonly comparison: Comparison } | { readonly failure: unknown }

/**
 * Compares what was measured with the baseline that the flags name; null when they name none. Never throws: the run's own
 * result is to be printed first.
 * @param path the folder of the new report, or of several.
 */
export function compareAfterRun(path: string, flags: RunFlags): AfterRun | null {
  const { baseline, failIf = [], control = 'other', level } = flags
  if (baseline === undefined) return null
  try {
    const comparison = compareRuns(
      { path: baseline, runs: loadReports(baseline) },
      { path, runs: loadReports(path) },
      { level: parseLevel(level), control },
      failIf.map(parseLimit),
    )
    return { comparison }
  } catch (failure) {
    return { failure }
  }
}

/** What `--json` has of it beside the run's own result: nothing without a baseline, null where it could not be compared. */
export function afterRunJson(afterRun: AfterRun | null): object {
  if (afterRun === null) return {}
  return { comparison: 'failure' in afterRun ? null : comparisonJson(afterRun.comparison) }
}

/** Prints it for people, unless JSON was asked for. @throws what the exit code must tell. */
export function concludeAfterRun(afterRun: AfterRun | null, { json, undecided }: RunFlags): void {
  if (afterRun === null) return
  if ('failure' in afterRun) throw afterRun.failure
  const { comparison } = afterRun
  if (!json) console.log(`\n${terminalView(comparisonView(comparison), stdoutOptions())}`)
  addToStepSummary(renderComparisonMarkdown(comparison))
  throwOutcome(comparison, passesUndecided(undecided))
}
