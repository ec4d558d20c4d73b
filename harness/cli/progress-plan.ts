import { type Plan, reservedSeconds } from '../experiment/plan.ts'
import type { RunRequest } from '../experiment/run-request.ts'
import type { Report } from '../results/schema.ts'

/** What progress is told against. */
export interface ProgressPlan {
  /** Length of the run; with a precision, the longest that it can take. */
  readonly seconds: number
  /** No trial is started after so many seconds; null for no limit. */
  readonly budgetSeconds: number | null
  /** Loads that it compares at. */
  readonly loadCount: number
  /** Trials at all of them; null for a search, which has no number of them. */
  readonly trialCount: number | null
  /** Length of what is measured behind the loads. */
  readonly referenceSeconds: number
  /** Where the run stands among several, and the planned seconds of those after it; null when it is the only one. */
  readonly among: { readonly place: string; readonly secondsAfter: number } | null
}

/** How far a run is. */
interface ProgressTime {
  /** Share of its whole time, as far as that can be told, 0 … 1. */
  readonly fraction: number
  readonly secondsLeft: number
}

/** From so many trials on their own pace is taken for that of those to come. */
const FEWEST_TRIALS = 4

/** The plan of a run that is the only one. */
export function progressPlan(request: RunRequest, plan: Plan): ProgressPlan {
  const { loads, pairs, objective, budgetSeconds } = request
  return {
    seconds: plan.seconds,
    budgetSeconds,
    loadCount: loads.length,
    trialCount: objective === null ? 2 * pairs * loads.length : null,
    referenceSeconds: reservedSeconds(request),
    among: null,
  }
}

/**
 * By the plan at first, then by how long its trials really take: repeated ones make a run longer than planned.
 * @param isReference whether only what is behind the loads is left.
 */
export function progressTime(
  { run, loads }: Report,
  doneFraction: number,
  plan: ProgressPlan,
  isReference = false,
): ProgressTime {
  const { elapsedSeconds } = run
  const pairs = loads.flatMap((load) => load.pairs)
  const done = pairs.flatMap((pair) => Object.values(pair.trials)).length
  const first = pairs[0] && [...Object.values(pairs[0].trials), ...pairs[0].discarded]
  const begunSeconds = Math.min(...(first ?? []).map((trial) => trial.startedAtSeconds))
  const { trialCount, referenceSeconds, budgetSeconds } = plan
  let secondsLeft = plan.seconds * (1 - doneFraction)
  if (isReference) secondsLeft = referenceSeconds
  else if (trialCount !== null && done >= FEWEST_TRIALS) {
    const perTrial = (elapsedSeconds - begunSeconds) / done
    const byPace = perTrial * Math.max(0, trialCount - done) + referenceSeconds
    const limit = budgetSeconds === null ? Number.POSITIVE_INFINITY : budgetSeconds - elapsedSeconds
    secondsLeft = Math.max(0, Math.min(byPace, limit))
  }
  const whole = elapsedSeconds + secondsLeft
  return { fraction: whole > 0 ? elapsedSeconds / whole : 0, secondsLeft }
}

/** `30 s left`. */
export function leftText({ secondsLeft }: ProgressTime): string {
  return `${spanText(secondsLeft)} left`
}

/** `48 %, 42 s left`, of several runs also `12 min left in all`; with a precision, at most so much. */
export function timeText(time: ProgressTime, { run }: Report, { among }: ProgressPlan): string {
  const bound = run.precision === null ? '' : 'at most '
  const own = `${Math.floor(time.fraction * 100)} %, ${bound}${leftText(time)}`
  if (among === null) return own
  return `${own}, ${bound}${spanText(time.secondsLeft + among.secondsAfter)} left in all`
}

function spanText(seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`
}
