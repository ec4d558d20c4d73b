import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { planSweep } from '../experiment/sweep-plan.ts'
import type { SweepHooks, SweepRequest } from '../experiment/sweep-request.ts'
import { renderSweep } from '../render/sweep.ts'
import { renderSweepPage } from '../render/sweep-page.ts'
import { sweepPredictionText } from '../render/sweep-prediction.ts'
import { sweepSentence } from '../render/sweep-sentence.ts'
import type { Sweep } from '../results/sweep.ts'
import { SweepFolder } from '../results/save-sweep.ts'
import { printPlan } from './print-plan.ts'
import type { SweepFlags } from './sweep-flags.ts'
import { createSweepProgress } from './sweep-progress.ts'
import { watchInterruption } from './interruption.ts'
import { whereItIs, withCure } from './partial-result.ts'
import { stdoutOptions } from './stdout-options.ts'

/** What measures: `runSweep`, or a test's stand-in. */
export type SweepRunner = (request: SweepRequest, hooks: SweepHooks) => Promise<Sweep>

/** Runs the sweep, keeps what it found whatever happens, and prints it. Throws when it is partial. */
export async function executeSweep(
  request: SweepRequest,
  flags: SweepFlags,
  runner: SweepRunner,
): Promise<void> {
  const folder = SweepFolder.create({
    parentFolder: flags.out,
    startedAt: wallClock(),
    scenario: request.loaded.scenario.name,
  })
  printPlan(planSweep(request).lines)
  const { sweep, failure } = await measure(request, folder, runner)
  if (sweep === undefined) folder.discardIfEmpty()
  else printResult(sweep, folder, flags)
  if (failure !== undefined) throw sweep === undefined ? failure : withCure(failure, folder.path)
  if (sweep?.complete === false) {
    throw runError('incomplete', 'the sweep ended before its plan was done', whereItIs(folder.path))
  }
}

/** What a sweep came to: figures that may be partial, what broke it off, or both. */
interface Outcome {
  readonly sweep: Sweep | undefined
  readonly failure: unknown
}

async function measure(
  request: SweepRequest,
  folder: SweepFolder,
  runner: SweepRunner,
): Promise<Outcome> {
  const progress = createSweepProgress(process.stderr)
  const interruption = watchInterruption((text) => {
    progress.end()
    console.error(text)
  })
  let latest: Sweep | undefined
  const save = (sweep: Sweep): void => {
    latest = sweep
    folder.save(sweep)
  }
  try {
    const sweep = await runner(request, {
      onEvent: (event, state, advance) => progress.onEvent(event, state, advance),
      save,
      signal: interruption.signal,
    })
    return { sweep: keep(folder, sweep), failure: undefined }
  } catch (failure) {
    return { sweep: latest && keep(folder, endedBy(failure, latest)), failure }
  } finally {
    progress.end()
    interruption.stop()
  }
}

function keep(folder: SweepFolder, sweep: Sweep): Sweep {
  folder.save(sweep)
  folder.savePage(renderSweepPage(sweep))
  return sweep
}

function endedBy(failure: unknown, sweep: Sweep): Sweep {
  const ending = sweep.ending ?? (failure instanceof Error ? failure.message : String(failure))
  return { ...sweep, complete: false, ending }
}

function printResult(sweep: Sweep, { path, pagePath }: SweepFolder, flags: SweepFlags): void {
  if (flags.json) console.log(JSON.stringify({ path, ...summaryOf(sweep) }))
  else console.log(`${renderSweep(sweep, stdoutOptions())}\n\nsweep: ${pagePath}`)
}

/** What `--json` prints; the trials behind it are in `sweep.json`. */
function summaryOf(sweep: Sweep): object {
  const { complete, arms, over, load, run, scaling, slopes } = sweep
  return {
    complete,
    sentence: sweepSentence(sweep),
    prediction: sweep.scenario.prediction,
    predictionOutcome: sweep.predictionOutcome,
    predictionText: sweepPredictionText(sweep),
    arms: arms.map((arm) => arm.label),
    over,
    metric: run.metric,
    load,
    values: sweep.values.map((value) => ({ ...value, pairs: value.pairs.length })),
    scaling,
    slopes,
    markedTrials: sweep.markedTrials,
    warnings: sweep.warnings,
  }
}
