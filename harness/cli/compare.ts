import { resolve } from 'node:path'
import type { Command } from 'commander'
import { METRIC_NAMES, parseLevel, parseMetric } from '../asked/quantities.ts'
import { usageError } from '../base/errors.ts'
import { namesCure, requireName } from '../base/text.ts'
import { hasFigures, type Limit, type LimitResult, limitState } from '../compare/limits.ts'
import { compareRuns, type Comparison, loadReports } from '../compare/runs.ts'
import { limitSentence, subjectOf } from '../render/compare/sentence.ts'
import { comparisonView, renderComparisonMarkdown } from '../render/compare/view.ts'
import { terminalView } from '../render/view/terminal.ts'
import { CannotTell, FailedCheck } from './failure.ts'
import {
  changedOption,
  classOption,
  failIfOption,
  jsonOption,
  levelOption,
  undecidedOption,
} from './options.ts'
import { addToStepSummary } from './report-formats.ts'
import { printJson, stdoutOptions } from './output.ts'

/** Prints a comparison for people; as Markdown it is added to the summary of a step of GitHub Actions, too. */
function printComparison(comparison: Comparison, format: 'terminal' | 'markdown'): void {
  if (format === 'terminal')
    return console.log(terminalView(comparisonView(comparison), stdoutOptions()))
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

const UNDECIDED = ['tell', 'pass'] as const

/** What becomes of a limit of which nobody can tell: whether it passes. @param typed @default `tell`, exit code 4 */
export function passesUndecided(typed: string | undefined): boolean {
  return requireName(typed ?? 'tell', UNDECIDED, '--undecided', 'way') === 'pass'
}

/**
 * Throws what the exit code must tell: a limit that is surely exceeded (1), else a scenario that could not be compared or a
 * limit on what no load has (2), else a limit of which nobody can tell (4), unless that passes.
 */
export function throwOutcome(comparison: Comparison, passes: boolean): void {
  const { limits, refused, old } = comparison
  const sentence = (result: LimitResult): string => limitSentence(result, subjectOf(comparison))
  const failed = limits.filter((result) => limitState(result) === 'failed')
  if (failed.length > 0) {
    throw new FailedCheck(
      'limit',
      failed.map(sentence).join('; '),
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
  const missing = limits.find((result) => !hasFigures(result))
  if (missing !== undefined) {
    throw usageError(
      'fail-if',
      `--fail-if ${missing.limit.text} could not be judged anywhere: no load has this metric`,
      'limit what was measured: latencies have no figure at max, goodput none without --within',
    )
  }
  const open = limits.filter((result) => limitState(result) === 'cannot-tell')
  if (open.length === 0 || passes) return
  throw new CannotTell(
    'cannot-tell',
    open.map(sentence).join('; '),
    `run it with more --pairs or a longer --duration, on loads that both arms bear: --baseline ${old}; a wider limit; or --undecided pass, if green is to mean not surely worse`,
  )
}

/** What the command line of `crossover compare` says. */
export interface CompareFlags {
  /** A confidence: `0.95` or `95%`. */
  readonly level: string
  /** `other`, `none`, or an arm. */
  readonly control: string
  /** Name of a class of requests. */
  readonly class?: string
  /** Names of parameters that were changed on purpose. */
  readonly changed?: readonly string[]
  /** Limits as typed. */
  readonly failIf?: readonly string[]
  /** `pass`: a limit of which nobody can tell is passed. */
  readonly undecided?: string
  /** `terminal` or `markdown`. */
  readonly format: string
  readonly json?: true
}

const LIMIT = /^(?:(\S+)\s+)?([^\s<>]+)\s*([<>])\s*([+−-]?)(\d+(?:\.\d+)?)\s*%$/
/** Nothing grows tenfold by accident. */
const LARGEST_PERCENT = 1_000

const CURE =
  'write [arm] metric > share or < −share: --fail-if "p99 > 10%", --fail-if "sharded cpu > 5%", --fail-if "throughput < -5%"'

/** Reads `p99 > 10%`, `throughput < -5%`, `sharded p99 > 10%`: what a change must not surely be beyond. */
export function parseLimit(text: string): Limit {
  const [, arm = null, metricText, sign, minus, digits] = LIMIT.exec(text.trim()) ?? []
  if (metricText === undefined) {
    throw usageError('fail-if', `--fail-if ${text || '(empty)'}: not a limit`, CURE)
  }
  if (!METRIC_NAMES.includes(metricText.replace('_', '.'))) {
    throw usageError(
      'fail-if',
      `--fail-if ${text}: no metric has this name: ${metricText}`,
      namesCure(metricText, METRIC_NAMES, 'metrics'),
    )
  }
  const percent = Number(digits) * (minus === '-' || minus === '−' ? -1 : 1)
  const side = sign === '>' ? 'above' : 'below'
  refuseOutOfRange(text, side, percent)
  return { text: text.trim(), arm, metric: parseMetric(metricText), ratio: 1 + percent / 100, side }
}

function refuseOutOfRange(text: string, side: Limit['side'], percent: number): void {
  const isAbove = side === 'above'
  if (isAbove ? percent < 0 : percent > 0) {
    throw usageError(
      'fail-if',
      `--fail-if ${text}: this fails even where nothing changes`,
      `a limit says what is too much of a change: > 10% fails above +10 %, < -5% below −5 %`,
    )
  }
  if (isAbove ? percent > LARGEST_PERCENT : percent <= -100) {
    throw usageError(
      'fail-if',
      `--fail-if ${text}: out of range`,
      isAbove ? `> takes 0% to ${LARGEST_PERCENT}%` : '< takes −99.9% to 0%',
    )
  }
}

const FORMATS = ['terminal', 'markdown'] as const

/**
 * Compares what was measured before a change with what was measured after it, and prints it.
 * @throws FailedCheck when a limit is surely exceeded, CannotTell when nobody can tell, a usage error when something cannot be compared.
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
  const options = {
    level: parseLevel(flags.level),
    control: flags.control,
    ...(flags.class !== undefined && { requestClass: flags.class }),
    ...(flags.changed !== undefined && { changed: flags.changed }),
  }
  const limits = (flags.failIf ?? []).map(parseLimit)
  const passes = passesUndecided(flags.undecided)
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
  if (flags.json) printJson(JSON.stringify(comparisonJson(comparison)))
  else printComparison(comparison, format)
  throwOutcome(comparison, passes)
}

const NOTES = `
Old and new are reports of runs, their folders, or folders of several runs as run --all makes them. Scenarios (with their
parameters), loads and arms are matched by name, loads also by what they offer. Reports of earlier versions are read.

Ratios are new ÷ old: below 1, latency fell. Old and new runs are independent samples, a number per trial: the estimate is
Hodges and Lehmann’s, the interval exact by ranks (Mann–Whitney). Four trials of each reach 95%, eight are the default.

A machine drifts between two runs. So an arm is judged by its ratio to the other arm of its own run, where a drift of both
has gone, and a difference is put down to the arm whose own figures moved further. What slows both alike, such as code that
both use, is shown and not judged. --control staged: staged is known to be unchanged, every difference is sharded’s.
--control none: each arm by itself, on a machine that does not drift; this finds what slows both.

What differs between both is told first: parameters and their defaults, files of the scenario, crossover, the machine. A parameter that
differs is refused, unless --changed names it: then it is what the comparison is about.

Limits: --fail-if "p99 > 10%" is failed when p99 surely grew by more than 10 %: the whole interval lies beyond it. It is passed
when everywhere the whole interval lies within it. Else nobody can tell: an interval holds the limit, loads are apart, both arms
changed alike. What could have been seen is told: the tightest limit that surely held, and the smallest change that would have been
found everywhere. --undecided pass takes that for passed, as long as nothing is surely exceeded. Metrics:
p50, p90, p99, p99.9, max, throughput, goodput, cpu; an arm before it is optional. Loads more than 2 % apart are shown and not judged,
more than 10 % apart refused: crossover run --baseline offers what the old run offered.

Exit codes: 0 compared, every limit passed; 1 a limit failed; 2 wrong usage, reports that must not be compared (of one run, too), or a
limit on what no load has; 3 the output could not be written; 4 nobody can tell whether a limit is kept.

Examples:
  crossover compare reports/2026-01-31T12-00-00Z-kv-update reports/2026-02-01T12-00-00Z-kv-update
  crossover compare old new --fail-if "p99 > 10%" --fail-if "throughput < -5%"
  crossover compare old new --control staged --fail-if "sharded p99 > 10%" --format markdown`

/** `crossover compare`: what changed from one run to another. */
export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('say whether a change made an architecture faster: two runs, before and after')
    .argument('<old>', 'report.json, the folder of a run, or a folder of several')
    .argument('<new>', 'likewise')
    .addOption(failIfOption('exit with 1 when this is surely so; may be repeated'))
    .addOption(undecidedOption())
    .addOption(changedOption('the comparison'))
    .option(
      '--control <arm>',
      'what arms are judged against: other, none, or the unchanged arm',
      'other',
    )
    .addOption(levelOption('intervals and verdicts'))
    .addOption(classOption('latencies'))
    .option('--format <name>', 'terminal, markdown', 'terminal')
    .addOption(jsonOption('the comparison'))
    .addHelpText('after', NOTES)
    .action((before: string, after: string, flags: CompareFlags) =>
      executeCompare(before, after, flags),
    )
}
