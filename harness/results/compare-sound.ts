import { type CrossoverError, usageError } from '../base/errors.ts'
import type { LoadedReport } from './load.ts'
import type { Report, Trial } from './schema.ts'

/** Why a report must not be compared with any other, as a usage error; undefined when it may. */
export function unsoundReport({ report, file }: LoadedReport): CrossoverError | undefined {
  if (!report.complete) {
    return usageError(
      'compare-incomplete',
      `report is incomplete (${report.ending ?? 'it ended for no known reason'}): path=${file}`,
      'run it to its end; what was measured of a part of a plan is no sample of it',
    )
  }
  const wrong = trialsOf(report).find((trial) => trial.void !== null)
  if (wrong !== undefined) {
    return usageError(
      'compare-void',
      `report has a void trial of ${wrong.arm} (${wrong.void}): path=${file}`,
      'trust no figure of that run; run it again',
    )
  }
  if (report.objective !== null || report.loads.every(({ sets }) => sets.length === 0)) {
    return usageError(
      'compare-loads',
      `report has no loads to compare${report.objective === null ? '' : ': it is a search made with --slo'}: path=${file}`,
      'compare runs that were made with --loads, or with the default loads',
    )
  }
  return undefined
}

function trialsOf({ loads }: Report): readonly Trial[] {
  return loads.flatMap(({ sets }) => sets.flatMap(({ trials }) => Object.values(trials)))
}
