import { renderComparison } from '../render/compare.ts'
import { renderComparisonMarkdown } from '../render/compare-markdown.ts'
import { limitSentence } from '../render/compare-sentence.ts'
import type { Comparison } from '../results/compare-runs.ts'
import { usageError } from '../base/errors.ts'
import { FailedCheck } from './failure.ts'
import { addToStepSummary } from './report-step-summary.ts'
import { stdoutOptions } from './streams.ts'

/** Prints a comparison for people; as Markdown it is added to the summary of a step of GitHub Actions, too. */
export function printComparison(comparison: Comparison, format: 'terminal' | 'markdown'): void {
  if (format === 'terminal') return console.log(renderComparison(comparison, stdoutOptions()))
  const markdown = renderComparisonMarkdown(comparison)
  console.log(markdown.trimEnd())
  addToStepSummary(markdown)
}

/** What `--json` prints of a comparison: all of it, failures as code, message and cure. Open intervals end in null. */
export function comparisonJson(comparison: Comparison): object {
  return {
    ...comparison,
    refused: comparison.refused.map(({ scenario, failure: { code, message, cure } }) => ({
      scenario,
      code,
      message,
      cure,
    })),
  }
}

/**
 * Throws what the exit code must tell: a limit that is surely exceeded (1), else a scenario that could not be compared or a
 * limit that could not be judged anywhere (2).
 */
export function throwOutcome({ limits, refused, old }: Comparison): void {
  const exceeded = limits.filter((result) => result.exceeded.length > 0)
  if (exceeded.length > 0) {
    throw new FailedCheck(
      'limit',
      exceeded.map(limitSentence).join('; '),
      'undo the change, or accept it: keep the new report as the next baseline',
    )
  }
  const [first] = refused
  if (first !== undefined) {
    const more = refused.length === 1 ? '' : ` (and ${refused.length - 1} more scenarios)`
    throw usageError(
      first.failure.code,
      `not compared: ${first.failure.message}${more}`,
      first.failure.cure ?? '',
      first.failure,
    )
  }
  const unjudged = limits.find(({ kept }) => kept === 0)
  if (unjudged === undefined) return
  const why = unjudged.open[0]?.why ?? 'no load has this metric'
  throw usageError(
    'fail-if',
    `--fail-if ${unjudged.limit.text} could not be judged anywhere: ${why}`,
    `run the new one with --baseline ${old} --pairs 6 or more, on a load that both arms bear`,
  )
}
