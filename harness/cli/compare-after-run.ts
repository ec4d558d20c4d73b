import { parseLevel } from '../experiment/parse-level.ts'
import { renderComparison } from '../render/compare.ts'
import { renderComparisonMarkdown } from '../render/compare-markdown.ts'
import { type Comparison, compareRuns } from '../results/compare-runs.ts'
import { loadReports } from '../results/compare-sources.ts'
import { parseLimit } from './compare-limit.ts'
import { comparisonJson, throwOutcome } from './compare-outcome.ts'
import { addToStepSummary } from './report-step-summary.ts'
import type { RunFlags } from './run-flags.ts'
import { stdoutOptions } from './streams.ts'

/** What a run came to against its baseline. */
export interface AfterRun {
  /** For `--json`; null when it could not be compared. */
  readonly json: object | null
  /** Prints it for people, unless JSON was asked for. @throws what the exit code must tell. */
  readonly conclude: () => void
}

/**
 * Compares what was measured with the baseline that the flags name; null when they name none. Never throws: the run's own
 * result is to be printed first.
 * @param path the folder of the new report, or of several.
 */
export function compareAfterRun(path: string, flags: RunFlags): AfterRun | null {
  if (flags.baseline === undefined) return null
  try {
    const comparison = compare(path, flags.baseline, flags)
    return {
      json: comparisonJson(comparison),
      conclude: () => {
        if (!flags.json) console.log(`\n${renderComparison(comparison, stdoutOptions())}`)
        addToStepSummary(renderComparisonMarkdown(comparison))
        throwOutcome(comparison)
      },
    }
  } catch (failure) {
    return {
      json: null,
      conclude: () => {
        throw failure
      },
    }
  }
}

function compare(path: string, baseline: string, flags: RunFlags): Comparison {
  const { failIf = [], control = 'other', level } = flags
  return compareRuns(
    { path: baseline, runs: loadReports(baseline) },
    { path, runs: loadReports(path) },
    { level: parseLevel(level), control },
    failIf.map(parseLimit),
  )
}
