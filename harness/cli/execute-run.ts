import { wallClock } from '../base/clock.ts'
import { type CrossoverError, runError } from '../base/errors.ts'
import type { Planned } from '../experiment/rounds/pacing.ts'
import type { RunRequest } from '../experiment/run/request.ts'
import { runExperiment } from '../experiment/run/run.ts'
import { voidTrials } from '../render/report/findings.ts'
import { histogramLogFiles, saveFiles } from '../results/export.ts'
import { MeasurementFolder } from '../results/folder.ts'
import type { Objective, Report } from '../results/schema.ts'
import { type AfterRun, afterRunJson, compareAfterRun, concludeAfterRun } from './baseline.ts'
import { keepMeasuring, type Outcome } from './execute.ts'
import { watchInterruption, whereItIs, withCure } from './failure.ts'
import { createProgress, type Progress } from './progress/run.ts'
import { mindsOthers, waitForQuiet } from './quiet.ts'
import { addToStepSummary, reportFiles } from './report-formats.ts'
import type { RunFlags } from './run-flags.ts'
import { printJson, printPlan, reportText } from './output.ts'
import { renderHtml, renderMarkdown } from '../render/report/render.ts'

/** Runs the request, keeps a report of it whatever happens, and prints the result. Throws when it is not sound. */
export async function executeRun(request: Planned<RunRequest>, flags: RunFlags): Promise<void> {
  const folder = MeasurementFolder.create<Report>('run', {
    parentFolder: flags.out,
    startedAt: wallClock(),
    scenario: request.loaded.scenario.name,
  })
  await waitForQuiet(request, flags, folder)
  printPlan(request.plan.lines)
  const progress = createProgress(process.stderr, null)
  const { signal, stop } = watchInterruption(progress, undefined, () => folder.discardIfEmpty())
  const outcome = await measureRun(request, folder, progress, { signal, flags }).finally(stop)
  const failure = runFailure(outcome, folder.path)
  const afterRun = failure === undefined ? compareAfterRun(folder.path, flags) : null
  if (outcome.result === undefined) folder.discardIfEmpty()
  else printResult(outcome.result, folder, flags, afterRun)
  if (failure !== undefined) throw failure
  concludeAfterRun(afterRun, flags)
}

/** Runs the request and keeps a report of it in the folder, whatever happens; never throws what broke the run off. */
export async function measureRun(
  request: Planned<RunRequest>,
  folder: MeasurementFolder<Report>,
  progress: Progress,
  { signal, flags }: { readonly signal: AbortSignal; readonly flags: Pick<RunFlags, 'waitQuiet'> },
): Promise<Outcome<Report>> {
  const measuring = {
    request,
    runner: runExperiment,
    progress,
    beside: histogramLogFiles,
    endsInNoise: mindsOthers(request, flags),
  }
  const outcome = await keepMeasuring(folder, measuring, signal)
  if (outcome.result !== undefined) saveMadeOf(outcome.result, folder)
  return outcome
}

/** Pages and files that are made of a report. */
function saveMadeOf(report: Report, folder: MeasurementFolder<Report>): void {
  folder.savePage(renderHtml(report))
  saveFiles(folder.path, reportFiles(report, ['markdown', 'csv', 'hgrm']))
  addToStepSummary(renderMarkdown(report))
}

function printResult(
  report: Report,
  { path, shownPath }: MeasurementFolder<Report>,
  flags: RunFlags,
  afterRun: AfterRun | null,
): void {
  if (flags.json) {
    const { complete } = report
    printJson(
      JSON.stringify({ path, complete, summary: summarise(report), ...afterRunJson(afterRun) }),
    )
  } else {
    console.log(`${reportText(report, path, flags.verbose === true)}\nreport: ${shownPath}`)
  }
}

/**
 * Why a run did not succeed: what broke it off, a wrong answer, or an early end; undefined when it is sound. Its report is
 * kept all the same, but the exit code must say so.
 * @param path the report's folder.
 */
export function runFailure({ result, failure }: Outcome<Report>, path: string): unknown {
  if (failure !== undefined) return result === undefined ? failure : withCure(failure, path)
  return result && unsound(result, path)
}

function unsound(report: Report, path: string): CrossoverError | undefined {
  const [wrong] = voidTrials(report)
  if (wrong !== undefined) {
    return runError(
      'void',
      `answers are wrong: ${wrong.where}: ${wrong.what}`,
      `trust no figure of this run; mend the scenario, or report a bug of crossover with ${path}`,
    )
  }
  if (report.complete) return undefined
  const ending = report.ending ?? 'for no known reason'
  return runError(
    'incomplete',
    `the run ended before its plan was done: ${ending}`,
    whereItIs(path),
  )
}

/**
 * What `--json` prints of a report: capacities, verdicts (with their threshold and marked trials) and doubts;
 * everything else is in `report.json`.
 */
export function summarise(report: Report): object {
  const { run, scenario, capacity, breakEven, objective, band } = report
  return {
    scenario: scenario.name,
    params: scenario.params,
    arms: report.arms.map((arm) => arm.label),
    transport: run.transport,
    seed: run.seed,
    metric: run.metric,
    requestClass: run.requestClass,
    level: run.level,
    precision: run.precision,
    comparisons: report.comparisons,
    rounds: report.rounds.length,
    capacity: capacity && {
      sustained: capacity.sustained,
      sustainedRatios: capacity.sustainedRatios,
      saturated: capacity.saturated,
    },
    breakEven,
    objective: objective && withoutProbes(objective),
    band: band && { path: band.path, measuredAt: band.measuredAt, runs: band.runs },
    loads: report.loads.map(
      ({ label, offeredPerSecond, placed, fractionOfCapacity, sets, comparisons }) => ({
        label,
        offeredPerSecond,
        ...(placed && { placed }),
        fractionOfCapacity,
        pairs: sets.length,
        discarded: sets.reduce((sum, { discarded }) => sum + discarded.length, 0),
        comparisons: comparisons.map(({ first, second, verdict }) => ({ first, second, verdict })),
      }),
    ),
    warnings: report.warnings.map(({ code, message, cure }) => ({ code, message, cure })),
  }
}

function withoutProbes({ percentile, limitNs, arms, ratio, sentence }: Objective): object {
  return { percentile, limitNs, arms, ratio, sentence }
}
