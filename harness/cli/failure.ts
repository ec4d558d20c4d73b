import { CommanderError } from 'commander'
import { CrossoverError, type FailureKind, runError, usageError } from '../base/errors.ts'
import { escapeControls } from '../base/text.ts'
import { wrap } from '../render/terminal/text.ts'

const EXIT_CODES: Readonly<Record<FailureKind, number>> = { usage: 2, run: 3 }
const FAILED_CHECK_EXIT_CODE = 1
const INTERRUPTED_EXIT_CODE = 3
const CANNOT_TELL_EXIT_CODE = 4

/** Everything was measured, and a figure lies beyond the limit that it was held against. Exit code 1. */
export class FailedCheck extends CrossoverError {
  constructor(code: string, message: string, cure: string) {
    super('run', code, message, cure)
  }
}

/** Everything was measured, and does not say on which side of a limit it lies. Exit code 4. */
export class CannotTell extends CrossoverError {
  constructor(code: string, message: string, cure: string) {
    super('run', code, message, cure)
  }
}

/** The failure that left a partial result in the folder: it says where that is, unless it has a cure of its own. */
export function withCure(failure: unknown, path: string): unknown {
  const needsCure = failure instanceof CrossoverError && failure.cure === undefined
  return needsCure ? runError(failure.code, failure.message, whereItIs(path), failure) : failure
}

/** The cure of a measurement that ended early. */
export function whereItIs(path: string): string {
  return `what was measured until then is in ${path}`
}

/**
 * A signal that the first Ctrl-C (or SIGTERM, or SIGHUP of a terminal that goes away) aborts, so that a command can end its threads and
 * keep what it measured. A second Ctrl-C or SIGTERM ends the process at once; a second SIGHUP does not: shell and kernel may both send one.
 * `stop` gives all back to node.
 * @param progress ended before it is told. @param meanwhile what still happens, behind `stopping`
 * @param abandon called where the process ends at once, e.g. to leave no empty folder
 */
export function watchInterruption(
  progress: { end(): void },
  meanwhile = '; what was measured is kept',
  abandon: () => void = () => {},
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      abandon()
      console.error('stopped at once; only what was saved before is kept')
      process.exit(INTERRUPTED_EXIT_CODE)
    }
    progress.end()
    console.error(`stopping${meanwhile}. Again to stop at once`)
    controller.abort()
  }
  const onHangup = (): void => {
    if (!controller.signal.aborted) onSignal()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('SIGHUP', onHangup)
  const stop = (): void => {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
    process.off('SIGHUP', onHangup)
  }
  return { signal: controller.signal, stop }
}

/** 1 for a check that failed, 2 for the user's mistake, 3 for a run that could not be completed, 4 for a limit of which nobody can tell, 0 for a help text that ended the program. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : EXIT_CODES.usage
  if (thrown instanceof FailedCheck) return FAILED_CHECK_EXIT_CODE
  if (thrown instanceof CannotTell) return CANNOT_TELL_EXIT_CODE
  return EXIT_CODES[thrown instanceof CrossoverError ? thrown.kind : 'run']
}

/** Prints `error: …` and, when there is one, `cure: …` to stderr; the stack only with CROSSOVER_DEBUG=1. */
export function printFailure(thrown: unknown): void {
  if (isHelp(thrown)) return
  const failure = fromCommander(thrown)
  const message = failure instanceof Error ? failure.message : String(failure)
  console.error(fitted(`error: ${oneLine(message)}`))
  const cure =
    failure instanceof CrossoverError
      ? failure.cure
      : 'a bug of crossover: run it again with CROSSOVER_DEBUG=1 and report the stack'
  if (cure !== undefined) console.error(`cure: ${oneLine(cure)}`)
  if (process.env['CROSSOVER_DEBUG'] === '1') console.error(failure)
}

function isHelp(thrown: unknown): boolean {
  return (
    thrown instanceof CommanderError && (thrown.exitCode === 0 || thrown.code === 'commander.help')
  )
}

/** Commander's `error: what went wrong\n(Did you mean this?)` as an error of ours; anything else unchanged. */
function fromCommander(thrown: unknown): unknown {
  if (!(thrown instanceof CommanderError)) return thrown
  const [message = '', hint] = thrown.message.replace(/^error: /, '').split('\n')
  const cure =
    hint?.replace(/^\((.*)\)$/, '$1') ??
    'crossover --help and crossover <command> --help list what there is'
  return usageError('command-line', message, cure, thrown)
}

/** Broken between words on a terminal, whose own breaks may fall within one. A cure is not: its commands are copied. */
function fitted(line: string): string {
  const { isTTY, columns } = process.stderr
  return isTTY ? wrap(line, columns || 80, 0) : line
}

function oneLine(text: string): string {
  return escapeControls(text.replaceAll(/\s*\n\s*/g, ' '))
}
