import { type CrossoverError, runError } from '../base/errors.ts'
import { voidTrials } from '../render/findings.ts'
import type { Report } from '../results/schema.ts'
import type { RunOutcome } from './measure-run.ts'
import { whereItIs, withCure } from './partial-result.ts'

/**
 * Why a run did not succeed: what broke it off, a wrong answer, or an early end; undefined when it is sound. Its report is
 * kept all the same, but the exit code must say so.
 * @param path the report's folder.
 */
export function runFailure({ report, failure }: RunOutcome, path: string): unknown {
  if (failure !== undefined) return report === undefined ? failure : withCure(failure, path)
  return report && unsound(report, path)
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
