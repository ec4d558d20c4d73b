import type { RunRequest } from '../experiment/run-request.ts'
import { runExperiment } from '../experiment/run.ts'
import { renderHtml } from '../render/html.ts'
import { renderMarkdown } from '../render/markdown.ts'
import { saveFiles } from '../results/export-files.ts'
import type { ReportFolder } from '../results/save.ts'
import type { Report } from '../results/schema.ts'
import type { Progress } from './progress.ts'
import { reportFiles } from './report-formats.ts'
import { addToStepSummary } from './report-step-summary.ts'

/** What a run came to: a report that may be partial, what broke the run off, or both. */
export interface RunOutcome {
  readonly report: Report | undefined
  readonly failure: unknown
}

/** Runs the request and keeps a report of it in the folder, whatever happens; never throws what broke the run off. */
export async function measureRun(
  request: RunRequest,
  folder: ReportFolder,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunOutcome> {
  let latest: Report | undefined
  const save = (report: Report): void => {
    latest = report
    folder.save(report)
  }
  try {
    const report = await runExperiment(request, {
      onEvent: (event, state, advance) => progress.onEvent(event, state, advance),
      save,
      signal,
    })
    return { report: keep(folder, report), failure: undefined }
  } catch (failure) {
    const report = latest && keep(folder, endedBy(failure, latest))
    return { report, failure }
  } finally {
    progress.end()
  }
}

function keep(folder: ReportFolder, report: Report): Report {
  folder.save(report)
  folder.savePage(renderHtml(report))
  saveFiles(folder.path, reportFiles(report, ['markdown', 'csv', 'hgrm']))
  addToStepSummary(renderMarkdown(report))
  return report
}

function endedBy(error: unknown, report: Report): Report {
  const ending = report.ending ?? (error instanceof Error ? error.message : String(error))
  return { ...report, complete: false, ending }
}
