import { setImmediate } from 'node:timers/promises'
import { MOST_PAIRS } from '../asked/quantities.ts'
import { CrossoverError, usageError } from '../base/errors.ts'
import { PLAN_INDENT } from '../experiment/rounds/plan-lines.ts'
import { renderBrief } from '../render/report/brief.ts'
import { renderTerminal } from '../render/report/render.ts'
import { plain, type TerminalOptions, wrap } from '../render/terminal/text.ts'
import { type ExportFile, saveFiles } from '../results/export.ts'
import type { Report } from '../results/schema.ts'

/** What stdout can show: plain text of 80 columns where it is no terminal. */
export function stdoutOptions(): TerminalOptions {
  const { isTTY, columns } = process.stdout
  return isTTY ? { color: process.stdout.hasColors(), columns } : { color: false, columns: 80 }
}

/**
 * The end of a run as text: in short, with the commands that go on; or at length.
 * @param folder where the run is saved, as the user named it
 */
export function reportText(report: Report, folder: string, isVerbose: boolean): string {
  return isVerbose
    ? `${renderTerminal(report, stdoutOptions())}\n`
    : renderBrief(report, stdoutOptions(), { folder, mostRounds: MOST_PAIRS })
}

/** Where results go while stdout is kept for them; null where everything may print there. */
let results: typeof process.stdout.write | null = null

/**
 * Keeps stdout for `printJson`: what a scenario prints in this process or its threads goes to stderr, where progress is. @returns what
 * gives it back
 */
export function keepStdoutForJson(): () => void {
  const { stdout, stderr } = process
  const write = stdout.write.bind(stdout)
  results = write
  stdout.write = stderr.write.bind(stderr)
  return () => {
    stdout.write = write
    results = null
  }
}

/** Prints the one JSON document of `--json`. */
export function printJson(document: string): void {
  if (results === null) console.log(document)
  else results(`${document}\n`)
}

const OUTPUT_FAILED_EXIT_CODE = 3

/** Whether a program's output still arrives somewhere. */
export interface WatchedOutput {
  /** The exit code that tells it: 3 in place of one that claims a result which nobody got. */
  codeOf(code: number): Promise<number>
}

/**
 * Output that cannot be written ends nothing: a measurement goes on and keeps its files. A reader that stops reading, as in
 * `crossover list | head -1`, is no failure at all; a full disk or a terminal that is gone is told in a line, once, and by exit code 3.
 * Of stderr only progress and errors are lost.
 */
export function watchOutput(): WatchedOutput {
  let failure: NodeJS.ErrnoException | null = null
  const onResults = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE' || failure !== null) return
    failure = error
    console.error(`error: the output could not be written: ${error.message}`)
    console.error('cure: let it go where there is room; what was measured is kept in its folder')
  }
  const onProgress = (): void => {}
  process.stdout.on('error', onResults)
  process.stderr.on('error', onProgress)
  return {
    async codeOf(code) {
      // A stream tells its failure after the turn in which it was written to.
      await setImmediate()
      return failure === null || code === 2 ? code : OUTPUT_FAILED_EXIT_CODE
    },
  }
}

/** Prints a plan to stderr: on a terminal as wide as that is, what goes on below where its first line’s text begins; else as it is. */
export function printPlan(lines: readonly string[]): void {
  const { isTTY, columns } = process.stderr
  for (const line of lines) {
    // Some terminals say 0 of their width.
    const [begin, text] = [line.slice(0, PLAN_INDENT), line.slice(PLAN_INDENT)]
    console.error(isTTY ? begin + wrap(text, columns || 80, PLAN_INDENT) : plain(line))
  }
}

/** Writes files where the user wants them: a folder that cannot be written is that choice, and no end of a run. */
export function saveOutput(folder: string, files: readonly ExportFile[]): void {
  if (files.length === 0) return
  try {
    saveFiles(folder, files)
  } catch (error) {
    if (!(error instanceof CrossoverError) || error.code !== 'report-write') throw error
    throw usageError(
      error.code,
      error.message,
      'choose a folder you may write to: --out <folder>',
      error,
    )
  }
}
