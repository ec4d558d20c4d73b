import { wallClock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { planAblation } from '../experiment/ablation-plan.ts'
import type { AblationHooks, AblationRequest } from '../experiment/ablation-request.ts'
import { renderAblation } from '../render/ablation.ts'
import { renderAblationPage } from '../render/ablation-page.ts'
import { ablationSentence } from '../render/ablation-sentence.ts'
import type { Ablation } from '../results/ablation.ts'
import { AblationFolder } from '../results/save-ablation.ts'
import type { AblateFlags } from './ablate-flags.ts'
import { createAblationProgress } from './ablation-progress.ts'
import { watchInterruption } from './interruption.ts'
import { whereItIs, withCure } from './partial-result.ts'
import { printPlan } from './print-plan.ts'
import { stdoutOptions } from './stdout-options.ts'

/** What measures: `runAblation`, or a test's stand-in. */
export type AblationRunner = (request: AblationRequest, hooks: AblationHooks) => Promise<Ablation>

/** Runs the ablation, keeps what it found whatever happens, and prints it. Throws when it is partial. */
export async function executeAblate(
  request: AblationRequest,
  flags: AblateFlags,
  runner: AblationRunner,
): Promise<void> {
  const folder = AblationFolder.create({
    parentFolder: flags.out,
    startedAt: wallClock(),
    scenario: request.loaded.scenario.name,
  })
  printPlan(planAblation(request).lines)
  const { ablation, failure } = await measure(request, folder, runner)
  if (ablation === undefined) folder.discardIfEmpty()
  else printResult(ablation, folder, flags)
  if (failure !== undefined) throw ablation === undefined ? failure : withCure(failure, folder.path)
  if (ablation?.complete === false) {
    throw runError(
      'incomplete',
      'the ablation ended before its plan was done',
      whereItIs(folder.path),
    )
  }
}

/** What an ablation came to: figures that may be partial, what broke it off, or both. */
interface Outcome {
  readonly ablation: Ablation | undefined
  readonly failure: unknown
}

async function measure(
  request: AblationRequest,
  folder: AblationFolder,
  runner: AblationRunner,
): Promise<Outcome> {
  const progress = createAblationProgress(process.stderr)
  const interruption = watchInterruption((text) => {
    progress.end()
    console.error(text)
  })
  let latest: Ablation | undefined
  const save = (ablation: Ablation): void => {
    latest = ablation
    folder.save(ablation)
  }
  try {
    const ablation = await runner(request, {
      onEvent: (event, state, advance) => progress.onEvent(event, state, advance),
      save,
      signal: interruption.signal,
    })
    return { ablation: keep(folder, ablation), failure: undefined }
  } catch (failure) {
    return { ablation: latest && keep(folder, endedBy(failure, latest)), failure }
  } finally {
    progress.end()
    interruption.stop()
  }
}

function keep(folder: AblationFolder, ablation: Ablation): Ablation {
  folder.save(ablation)
  folder.savePage(renderAblationPage(ablation))
  return ablation
}

function endedBy(failure: unknown, ablation: Ablation): Ablation {
  const ending = ablation.ending ?? (failure instanceof Error ? failure.message : String(failure))
  return { ...ablation, complete: false, ending }
}

function printResult(
  ablation: Ablation,
  { path, pagePath }: AblationFolder,
  flags: AblateFlags,
): void {
  if (flags.json) console.log(JSON.stringify({ path, ...summaryOf(ablation) }))
  else console.log(`${renderAblation(ablation, stdoutOptions())}\n\nablation: ${pagePath}`)
}

/** What `--json` prints; the trials behind it are in `ablation.json`. */
function summaryOf(ablation: Ablation): object {
  const { complete, arms, load, steps, mechanisms, product, endpoints, agreement } = ablation
  return {
    complete,
    sentence: ablationSentence(ablation),
    arms: arms.map((arm) => arm.label),
    load,
    steps,
    mechanisms,
    product,
    endpoints,
    agreement,
    markedTrials: ablation.markedTrials,
    warnings: ablation.warnings,
  }
}
