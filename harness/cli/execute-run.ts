import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { planRun } from '../experiment/plan.ts'
import type { RunRequest } from '../experiment/run-request.ts'
import { runExperiment } from '../experiment/run.ts'
import { voidTrials } from '../render/findings.ts'
import { renderHtml } from '../render/html.ts'
import { renderTerminal } from '../render/terminal.ts'
import { ReportFolder } from '../results/save.ts'
import type { Report } from '../results/schema.ts'
import { watchInterruption } from './interruption.ts'
import { whereItIs, withCure } from './partial-result.ts'
import { createProgress } from './progress.ts'
import type { RunFlags } from './run-flags.ts'
import { summarise } from './summary.ts'
import { stdoutOptions } from './stdout-options.ts'

/** Runs the request, keeps a report of it whatever happens, and prints the result. Throws when it is not sound. */
export async function executeRun(request: RunRequest, flags: RunFlags): Promise<void> {
  const folder = ReportFolder.create({
    parentFolder: flags.out,
    startedAt: wallClock(),
    scenario: request.loaded.scenario.name,
  })
  const plan = planRun(request)
  for (const line of plan.lines) console.error(line)
  const { report, failure } = await measure(request, folder, plan.seconds)
  if (report === undefined) folder.discardIfEmpty()
  else printResult(report, folder, flags)
  if (failure !== undefined) throw report === undefined ? failure : withCure(failure, folder.path)
  if (report !== undefined) requireSound(report, folder)
}

/** What a run came to: a report that may be partial, what broke the run off, or both. */
interface Outcome {
  readonly report: Report | undefined
  readonly failure: unknown
}

async function measure(
  request: RunRequest,
  folder: ReportFolder,
  plannedSeconds: number,
): Promise<Outcome> {
  const progress = createProgress(process.stderr, plannedSeconds)
  const interruption = watchInterruption((text) => {
    progress.end()
    console.error(text)
  })
  let latest: Report | undefined
  const save = (report: Report): void => {
    latest = report
    folder.save(report)
  }
  try {
    const report = await runExperiment(request, {
      onEvent: (event, state, doneFraction) => progress.onEvent(event, state, doneFraction),
      save,
      signal: interruption.signal,
    })
    return { report: keep(folder, report), failure: undefined }
  } catch (failure) {
    const report = latest && keep(folder, endedBy(failure, latest))
    return { report, failure }
  } finally {
    progress.end()
    interruption.stop()
  }
}

function keep(folder: ReportFolder, report: Report): Report {
  folder.save(report)
  folder.savePage(renderHtml(report))
  return report
}

function endedBy(error: unknown, report: Report): Report {
  const ending = report.ending ?? (error instanceof Error ? error.message : String(error))
  return { ...report, complete: false, ending }
}

function printResult(report: Report, folder: ReportFolder, flags: RunFlags): void {
  const { path, pagePath } = folder
  if (flags.json) {
    console.log(JSON.stringify({ path, complete: report.complete, summary: summarise(report) }))
  } else {
    console.log(`${renderTerminal(report, stdoutOptions())}\n\nreport: ${pagePath}`)
  }
}

/** Throws when an answer was wrong or the run was stopped: its report is kept, but the exit code must say so. */
function requireSound(report: Report, { path }: ReportFolder): void {
  const [wrong] = voidTrials(report)
  if (wrong !== undefined) {
    throw runError(
      'void',
      `answers are wrong: ${wrong.where}: ${wrong.what}`,
      `trust no figure of this run; mend the scenario, or report a bug of crossover with ${path}`,
    )
  }
  if (report.complete) return
  const ending = report.ending ?? 'for no known reason'
  throw runError('incomplete', `the run ended before its plan was done: ${ending}`, whereItIs(path))
}
