import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { pageView } from '../render/view/page.ts'
import { terminalView } from '../render/view/terminal.ts'
import type { Told, View } from '../render/view/view.ts'
import type { ExportFile } from '../results/export.ts'
import { MeasurementFolder } from '../results/folder.ts'
import { type KindName, KINDS } from '../results/kinds.ts'
import type { Standing } from '../results/measurement.ts'
import { whereItIs, withCure } from './failure.ts'
import { watchInterruption } from './interruption.ts'
import { printPlan, stdoutOptions } from './output.ts'

/** What a measurement came to: figures that may be partial, what broke it off, or both. */
export interface Outcome<Result> {
  readonly result: Result | undefined
  readonly failure: unknown
}

/** What a measurement is told, and tells. */
interface MeasuringHooks<Result> {
  /** Keeps figures that must not be lost, however partial. */
  save(result: Result): void
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
}

/** A measurement, and what is made of it. */
export interface Measuring<Result> {
  /** Ended before anything else is printed. */
  readonly progress: { end(): void }
  readonly measure: (hooks: MeasuringHooks<Result>) => Promise<Result>
  /** Files beside the figures, made anew whenever these are saved. @default none */
  readonly beside?: (result: Result) => readonly ExportFile[]
  /** Writes what is made of the figures at the end, however that came. @default nothing */
  readonly finish?: (result: Result) => void
}

/** Measures and keeps what came of it in the folder, whatever happens; never throws what broke it off. */
export async function keepMeasuring<Result extends Standing>(
  folder: MeasurementFolder<Result>,
  { progress, measure, beside, finish }: Measuring<Result>,
  signal: AbortSignal,
): Promise<Outcome<Result>> {
  let latest: Result | undefined
  const save = (result: Result): void => {
    latest = result
    folder.save(result, beside?.(result))
  }
  const keep = (result: Result): Result => {
    save(result)
    finish?.(result)
    return result
  }
  try {
    return { result: keep(await measure({ save, signal })), failure: undefined }
  } catch (failure) {
    return { result: latest && keep(endedBy(failure, latest)), failure }
  } finally {
    progress.end()
  }
}

function endedBy<Result extends Standing>(failure: unknown, result: Result): Result {
  const ending = result.ending ?? (failure instanceof Error ? failure.message : String(failure))
  return { ...result, complete: false, ending }
}

/** Does something that the first Ctrl-C aborts, which is told below the progress. */
export async function untilInterrupted<Done>(
  progress: Measuring<never>['progress'],
  work: (signal: AbortSignal) => Promise<Done>,
): Promise<Done> {
  const interruption = watchInterruption((text) => {
    progress.end()
    console.error(text)
  })
  return work(interruption.signal).finally(() => interruption.stop())
}

/** A command that measures one thing. */
export interface Execution<Result> extends Measuring<Result> {
  readonly kind: Exclude<KindName, 'run' | 'catalogue'>
  readonly flags: { readonly out: string; readonly json?: true }
  /** Of its folder's name. @default none */
  readonly scenario?: string
  /** Told before anything is measured. */
  readonly plan: readonly string[]
  /** The result for people; of a kind that has a page, with what that needs. */
  readonly view: (result: Result) => Told | View
  /** What `--json` prints beside the folder's path. */
  readonly summary: (result: Result) => object
  /** Whether a whole result is what it should be. @throws what the exit code must tell */
  readonly check?: (result: Result, path: string) => void
}

/** Measures, keeps what was found whatever happens, and prints it. @throws when it is partial, and what `check` does. */
export async function execute<Result extends Standing>(
  execution: Execution<Result>,
): Promise<void> {
  const { kind, flags, scenario, plan, view, progress } = execution
  const folder = MeasurementFolder.create<Result>(kind, {
    parentFolder: flags.out,
    startedAt: wallClock(),
    ...(scenario !== undefined && { scenario }),
  })
  printPlan(plan)
  const finish = (last: Result) => savePage(folder, view(last))
  const { result, failure } = await untilInterrupted(progress, (signal) =>
    keepMeasuring(folder, { ...execution, finish }, signal),
  )
  if (result === undefined) {
    folder.discardIfEmpty()
    throw failure
  }
  if (flags.json) {
    console.log(JSON.stringify({ path: folder.path, ...execution.summary(result) }))
  } else {
    const text = terminalView(view(result), stdoutOptions())
    console.log(`${text}\n\n${KINDS[kind].thing}: ${folder.shownPath}`)
  }
  if (failure !== undefined) throw withCure(failure, folder.path)
  if (!result.complete) {
    throw runError(
      'incomplete',
      `the ${kind} ended before its plan was done`,
      whereItIs(folder.path),
    )
  }
  execution.check?.(result, folder.path)
}

function savePage(folder: Pick<MeasurementFolder<never>, 'savePage'>, view: Told | View): void {
  if ('conditions' in view) folder.savePage(pageView(view))
}
