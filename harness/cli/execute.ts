import type { LoadedScenario } from '../asked/requests.ts'
import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { pageView } from '../render/view/page.ts'
import { terminalView } from '../render/view/terminal.ts'
import type { Told, View } from '../render/view/view.ts'
import type { ExportFile } from '../results/export.ts'
import { MeasurementFolder } from '../results/folder.ts'
import { type KindName, KINDS } from '../results/kinds.ts'
import type { Standing } from '../results/measurement.ts'
import { watchInterruption, whereItIs, withCure } from './failure.ts'
import { printJson, printPlan, stdoutOptions } from './output.ts'
import type { ProgressSink } from './progress/terminal.ts'
import { mindsOthers, waitForQuiet } from './quiet.ts'

/** What a measurement came to: figures that may be partial, what broke it off, or both. */
export interface Outcome<Result> {
  readonly result: Result | undefined
  readonly failure: unknown
}

/** What a measurement is told, and tells. */
interface MeasuringHooks<Tell, Result> {
  readonly onEvent: Tell
  /** Keeps figures that must not be lost, however partial. */
  save(result: Result): void
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
  /** Whether it ends where all trials of its first round failed `noise`. */
  readonly endsInNoise: boolean
}

/** A measurement that is about to be made. */
interface Measuring<Request, Tell, Result> {
  readonly request: Request
  /** What measures: the experiment’s own function, or a test’s stand-in. */
  readonly runner: (request: Request, hooks: MeasuringHooks<Tell, Result>) => Promise<Result>
  /** Ended before anything else is printed. */
  readonly progress: { readonly onEvent: Tell; end(): void }
  /** Files beside the figures, made anew whenever these are saved. @default none */
  readonly beside?: (result: Result) => readonly ExportFile[]
  /** Whether it ends where all trials of its first round failed `noise`. */
  readonly endsInNoise: boolean
}

/** Measures and keeps what came of it in the folder, whatever happens; never throws what broke it off. */
export async function keepMeasuring<Request, Tell, Result extends Standing>(
  folder: MeasurementFolder<Result>,
  { request, runner, progress, beside, endsInNoise }: Measuring<Request, Tell, Result>,
  signal: AbortSignal,
): Promise<Outcome<Result>> {
  let latest: Result | undefined
  const save = (result: Result): Result => {
    latest = result
    folder.save(result, beside?.(result))
    return result
  }
  try {
    const result = await runner(request, { onEvent: progress.onEvent, save, signal, endsInNoise })
    return { result: save(result), failure: undefined }
  } catch (failure) {
    return { result: latest && save(endedBy(failure, latest)), failure }
  } finally {
    progress.end()
  }
}

function endedBy<Result extends Standing>(failure: unknown, result: Result): Result {
  const ending = result.ending ?? (failure instanceof Error ? failure.message : String(failure))
  return { ...result, complete: false, ending }
}

/** What a command that measures one thing asks for, with its plan. */
interface PlannedRequest {
  readonly plan: { readonly lines: readonly string[] }
  /** Processors of the servers. */
  readonly cpus: readonly number[]
  /** It measures no times. @default false */
  readonly answersOnly?: boolean
  /** Gives its folder a part of the name. @default it is about no scenario */
  readonly loaded?: LoadedScenario
}

/** How a command measures one thing, and what it makes of it. */
interface Execution<Request, Tell, Result> extends Pick<
  Measuring<Request, Tell, Result>,
  'runner' | 'beside'
> {
  readonly kind: Exclude<KindName, 'run' | 'catalogue'>
  readonly createProgress: (sink: ProgressSink) => Measuring<Request, Tell, Result>['progress']
  /** The result for people; of a kind that has a page, with what that needs. */
  readonly view: (result: Result) => Told | View
  /** What `--json` prints beside the folder's path; the trials behind it are in the folder. */
  readonly summary: (result: Result) => object
  /** Whether a whole result is what it should be. @throws what the exit code must tell */
  readonly check?: (result: Result, path: string) => void
}

/** Tells the plan, measures, keeps what was found whatever happens, and prints it. @throws when it is partial, and what `check` does. */
export async function execute<Request extends PlannedRequest, Tell, Result extends Standing>(
  execution: Execution<Request, Tell, Result>,
  request: Request,
  flags: {
    readonly out: string
    readonly json?: true
    readonly resume?: string
    readonly waitQuiet?: number
  },
): Promise<void> {
  const { kind, runner, beside } = execution
  const scenario = request.loaded?.scenario.name
  const folder =
    flags.resume === undefined
      ? MeasurementFolder.create<Result>(kind, {
          parentFolder: flags.out,
          startedAt: wallClock(),
          ...(scenario !== undefined && { scenario }),
        })
      : MeasurementFolder.at<Result>(kind, flags.resume)
  await waitForQuiet(request, flags, folder)
  printPlan(request.plan.lines)
  const progress = execution.createProgress(process.stderr)
  const { signal, stop } = watchInterruption(progress, undefined, () => folder.discardIfEmpty())
  const endsInNoise = mindsOthers(request, flags)
  const measuring = { request, runner, progress, endsInNoise, ...(beside && { beside }) }
  const { result, failure } = await keepMeasuring(folder, measuring, signal).finally(stop)
  if (result === undefined) {
    folder.discardIfEmpty()
    throw failure
  }
  const view = execution.view(result)
  if ('conditions' in view) folder.savePage(pageView(view))
  if (flags.json) {
    printJson(JSON.stringify({ path: folder.path, ...execution.summary(result) }))
  } else {
    console.log(
      `${terminalView(view, stdoutOptions())}\n\n${KINDS[kind].thing}: ${folder.shownPath}`,
    )
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
