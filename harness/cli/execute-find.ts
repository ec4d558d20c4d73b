import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { planFind } from '../experiment/find-plan.ts'
import type { FindHooks, FindRequest } from '../experiment/find-request.ts'
import { renderCrossing } from '../render/crossing.ts'
import { renderCrossingPage } from '../render/crossing-page.ts'
import { crossingPredictionText } from '../render/crossing-prediction.ts'
import { crossingSentence } from '../render/crossing-sentence.ts'
import type { CrossingSearch } from '../results/crossing.ts'
import { CrossingFolder } from '../results/save-crossing.ts'
import type { FindFlags } from './find-flags.ts'
import { createFindProgress } from './find-progress.ts'
import { watchInterruption } from './interruption.ts'
import { whereItIs, withCure } from './partial-result.ts'
import { printPlan } from './print-plan.ts'
import { stdoutOptions } from './stdout-options.ts'

/** What measures: `runFind`, or a test's stand-in. */
export type FindRunner = (request: FindRequest, hooks: FindHooks) => Promise<CrossingSearch>

/** Runs the search, keeps what it found whatever happens, and prints it. Throws when it is partial. */
export async function executeFind(
  request: FindRequest,
  flags: FindFlags,
  runner: FindRunner,
): Promise<void> {
  const folder = CrossingFolder.create({
    parentFolder: flags.out,
    startedAt: wallClock(),
    scenario: request.loaded.scenario.name,
  })
  printPlan(planFind(request).lines)
  const { search, failure } = await measure(request, folder, runner)
  if (search === undefined) folder.discardIfEmpty()
  else printResult(search, folder, flags)
  if (failure !== undefined) throw search === undefined ? failure : withCure(failure, folder.path)
  if (search?.complete === false) {
    throw runError(
      'incomplete',
      'the search ended before its plan was done',
      whereItIs(folder.path),
    )
  }
}

/** What a search came to: figures that may be partial, what broke it off, or both. */
interface Outcome {
  readonly search: CrossingSearch | undefined
  readonly failure: unknown
}

async function measure(
  request: FindRequest,
  folder: CrossingFolder,
  runner: FindRunner,
): Promise<Outcome> {
  const progress = createFindProgress(process.stderr)
  const interruption = watchInterruption((text) => {
    progress.end()
    console.error(text)
  })
  let latest: CrossingSearch | undefined
  const save = (search: CrossingSearch): void => {
    latest = search
    folder.save(search)
  }
  try {
    const search = await runner(request, {
      onEvent: (event, state, advance) => progress.onEvent(event, state, advance),
      save,
      signal: interruption.signal,
    })
    return { search: keep(folder, search), failure: undefined }
  } catch (failure) {
    return { search: latest && keep(folder, endedBy(failure, latest)), failure }
  } finally {
    progress.end()
    interruption.stop()
  }
}

function keep(folder: CrossingFolder, search: CrossingSearch): CrossingSearch {
  folder.save(search)
  folder.savePage(renderCrossingPage(search))
  return search
}

function endedBy(failure: unknown, search: CrossingSearch): CrossingSearch {
  const ending = search.ending ?? (failure instanceof Error ? failure.message : String(failure))
  return { ...search, complete: false, ending }
}

function printResult(
  search: CrossingSearch,
  { path, pagePath }: CrossingFolder,
  flags: FindFlags,
): void {
  if (flags.json) console.log(JSON.stringify({ path, ...summaryOf(search) }))
  else console.log(`${renderCrossing(search, stdoutOptions())}\n\ncrossing: ${pagePath}`)
}

/** What `--json` prints; the trials behind it are in `crossing.json`. */
function summaryOf(search: CrossingSearch): object {
  const { complete, end, arms, over, load, run, crossing } = search
  return {
    complete,
    end,
    sentence: crossingSentence(search),
    prediction: search.scenario.prediction,
    predictionText: crossingPredictionText(search),
    arms: arms.map((arm) => arm.label),
    over,
    metric: run.metric,
    load,
    crossing,
    values: search.values.map(({ value, offeredPerSecond, ratio, fitted }) => ({
      value,
      offeredPerSecond,
      ratio,
      fitted,
    })),
    markedTrials: search.markedTrials,
    warnings: search.warnings,
  }
}
