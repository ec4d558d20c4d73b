import { resolve } from 'node:path'
import { usageError } from '../base/errors.ts'
import { namesCure } from '../experiment/nearest-name.ts'
import { parseLevel } from '../experiment/parse-level.ts'
import { compareRuns } from '../results/compare-runs.ts'
import { loadReports } from '../results/compare-sources.ts'
import type { CompareFlags } from './compare-flags.ts'
import { parseLimit } from './compare-limit.ts'
import { comparisonJson, printComparison, throwOutcome } from './compare-outcome.ts'

const FORMATS = ['terminal', 'markdown'] as const

/**
 * Compares what was measured before a change with what was measured after it, and prints it.
 * @throws FailedCheck when a limit is surely exceeded, a usage error when something cannot be compared.
 */
export function executeCompare(oldPath: string, newPath: string, flags: CompareFlags): void {
  const format = FORMATS.find((name) => name === flags.format)
  if (format === undefined) {
    throw usageError(
      'format',
      `--format: no format has this name: ${flags.format || '(empty)'}`,
      namesCure(flags.format, FORMATS, 'formats'),
    )
  }
  const options = { level: parseLevel(flags.level), control: flags.control }
  const limits = (flags.failIf ?? []).map(parseLimit)
  if (resolve(oldPath) === resolve(newPath)) {
    throw usageError(
      'compare-same',
      `old and new are the same: ${oldPath}`,
      'name the report of the run before the change, then that of the run after it',
    )
  }
  const comparison = compareRuns(
    { path: oldPath, runs: loadReports(oldPath) },
    { path: newPath, runs: loadReports(newPath) },
    options,
    limits,
  )
  if (flags.json) console.log(JSON.stringify(comparisonJson(comparison)))
  else printComparison(comparison, format)
  throwOutcome(comparison)
}
