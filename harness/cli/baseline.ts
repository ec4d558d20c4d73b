import { readLoad } from '../asked/loads.ts'
import { parseAssignments } from '../asked/parameters.ts'
import { parseLevel } from '../asked/quantities.ts'
import { formatPercent } from '../words/format.ts'
import { usageError } from '../base/errors.ts'
import { requireName } from '../base/text.ts'
import {
  changedNames,
  type Conditions,
  conditionsOf,
  environmentWarnings,
  originDifferences,
  otherConditions,
  unsoundReport,
} from '../compare/conditions.ts'
import { canJudge } from '../compare/limits.ts'
import { absoluteLoads } from '../compare/reports.ts'
import { compareRuns, type Comparison, loadReportOf, loadReports } from '../compare/runs.ts'
import { defaultsOf } from '../experiment/rounds/begun.ts'
import { PLAN_INDENT } from '../experiment/rounds/plan-lines.ts'
import type { RunRequest } from '../experiment/run/request.ts'
import { traceOf } from '../experiment/run/state.ts'
import { comparisonView, renderComparisonMarkdown } from '../render/compare/view.ts'
import { terminalView } from '../render/view/terminal.ts'
import type { LoadedReport } from '../results/load.ts'
import type { Report } from '../results/schema.ts'
import { scenarioNameOf } from '../scenario/load.ts'
import { environmentHere } from '../trial/machine-look.ts'
import { comparisonJson, parseLimit, passesUndecided, throwOutcome } from './compare.ts'
import { addToStepSummary } from './report-formats.ts'
import type { RunFlags } from './run-flags.ts'
import { stdoutOptions } from './output.ts'

/** Refuses what is wrong in the flags about a baseline, before anything is measured. */
export function checkBaselineFlags(flags: RunFlags): void {
  const { baseline, failIf, control, changed, undecided } = flags
  passesUndecided(undecided)
  if (baseline === undefined) {
    const [alone] = Object.entries({
      '--fail-if': failIf,
      '--control': control,
      '--changed': changed,
    })
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name)
    if (alone === undefined) return
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

/**
 * The flags with what the baseline decides where they do not: arms and which of them the others are compared with, loads as requests per
 * second, duration. Never parameters: those are of the file as it is now, and of the flags.
 */
export function withBaseline(flags: RunFlags, { report }: LoadedReport): RunFlags {
  const { arms, loads, run } = report
  const against = flags.against ?? (flags.arms === undefined ? comparedWith(report) : undefined)
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
  { failIf, changed = [], param = [] }: RunFlags,
  { report, file }: LoadedReport,
): void {
  const [before, after] = [conditionsOf(report), conditionsOfRequest(request)]
  const differing = changedNames(before.params, after.params)
  for (const name of changed) requireName(name, Object.keys(after.params), '--changed', 'parameter')
  const same = changed.find((name) => !differing.includes(name))
  if (same !== undefined) {
    throw usageError(
      'changed',
      `--changed ${same}: it is ${after.params[same]} in the baseline, too, or not there`,
      `change it: --param ${same}=<value>, or leave out --changed`,
    )
  }
  const refusal = otherConditions(before, after, report.run.command, differing)
  if (refusal !== undefined) throw refusal
  const given = [...changed, ...Object.keys(parseAssignments(param, '--param'))]
  const silent = failIf && differing.find((name) => !given.includes(name))
  if (silent !== undefined) {
    throw usageError(
      'compare-parameter',
      `--fail-if would judge a parameter that nobody named: ${silent} is ${before.params[silent]} in the baseline and by default ${after.params[silent]} now`,
      `--changed ${silent} if that is what you compare, --param ${silent}=${before.params[silent]} to measure what the baseline did`,
    )
  }
  const oldPairs = Math.max(...report.loads.map(({ sets }) => sets.length))
  if (failIf === undefined || canJudge(oldPairs, request.rounds, request.level)) return
  throw usageError(
    'compare-pairs',
    `--fail-if: too few pairs for ${formatPercent(request.level)}: ${oldPairs} in the baseline, ${request.rounds} in this run: path=${file}`,
    'four of each are enough for 95 %: --pairs 6, and a baseline with as many',
  )
}

/** Lines of the plan that say what differs between a baseline and a run before it is measured, one per thing. */
export function baselineLines(
  request: RunRequest,
  { changed = [], param = [], loads }: RunFlags,
  { report }: LoadedReport,
): readonly string[] {
  const { scenario, params, sources } = request.loaded
  const now = environmentHere()
  const assigned = Object.keys(parseAssignments(param, '--param'))
  const defaults = defaultsOf(scenario)
  const why = (name: string, then: number | string | undefined): string => {
    if (changed.includes(name)) return ', which is what is compared'
    if (assigned.includes(name)) return ', by --param'
    return `, the default, which is measured: parameters are those of now; --param ${name}=${then} measures what the baseline did`
  }
  const texts = [
    ...changedNames(report.scenario.params, params).map((name) => {
      const then = report.scenario.params[name]
      return `parameter ${name}: ${then} then, ${params[name]} now${why(name, then)}`
    }),
    // Of the baseline’s loads none is another; its servers and their flags are not there yet.
    ...originDifferences(
      { ...report, scenario: { ...report.scenario, params: {} } },
      { environment: now, scenario: { ...report.scenario, params: {}, defaults, sources } },
    ),
    ...(loads === undefined
      ? []
      : [
          `loads: ${absoluteLoads(report.loads)} then, ${request.loads.map(({ label }) => label).join(',')} now`,
        ]),
    ...environmentWarnings(report, {
      run: { cpus: [...request.cpus] },
      rounds: report.rounds,
      environment: { ...now, serverFlags: report.environment.serverFlags },
    }).map(({ message }) => message),
  ]
  return texts.map((text) => `${'differs'.padEnd(PLAN_INDENT)}${text}`)
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
  const { baseline, failIf = [], control = 'other', changed = [], level } = flags
  if (baseline === undefined) return null
  try {
    const comparison = compareRuns(
      { path: baseline, runs: loadReports(baseline) },
      { path, runs: loadReports(path) },
      { level: parseLevel(level), control, changed, areOthersTold: true },
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
