import { wallClock } from '../base/clock.ts'
import { planRun } from '../experiment/plan.ts'
import type { RunRequest } from '../experiment/run-request.ts'
import { renderTerminal } from '../render/terminal.ts'
import { ReportFolder } from '../results/save.ts'
import type { Report } from '../results/schema.ts'
import { type AfterRun, compareAfterRun } from './compare-after-run.ts'
import { watchInterruption } from './interruption.ts'
import { measureRun } from './measure-run.ts'
import { printPlan } from './print-plan.ts'
import { createProgress } from './progress.ts'
import { progressPlan } from './progress-plan.ts'
import type { RunFlags } from './run-flags.ts'
import { runFailure } from './run-failure.ts'
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
  printPlan(plan.lines)
  const progress = createProgress(process.stderr, progressPlan(request))
  const interruption = watchInterruption((text) => {
    progress.end()
    console.error(text)
  })
  try {
    const outcome = await measureRun(request, folder, progress, interruption.signal)
    const failure = runFailure(outcome, folder.path)
    const afterRun = failure === undefined ? compareAfterRun(folder.path, flags) : null
    if (outcome.report === undefined) folder.discardIfEmpty()
    else printResult(outcome.report, folder, flags, afterRun)
    if (failure !== undefined) throw failure
    afterRun?.conclude()
  } finally {
    interruption.stop()
  }
}

function printResult(
  report: Report,
  folder: ReportFolder,
  flags: RunFlags,
  afterRun: AfterRun | null,
): void {
  const { path, pagePath } = folder
  if (flags.json) {
    const comparison = afterRun === null ? {} : { comparison: afterRun.json }
    const { complete } = report
    console.log(JSON.stringify({ path, complete, summary: summarise(report), ...comparison }))
  } else {
    console.log(`${renderTerminal(report, stdoutOptions())}\n\nreport: ${pagePath}`)
  }
}
