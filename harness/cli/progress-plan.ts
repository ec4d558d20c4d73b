import type { Advance, RunRequest } from '../experiment/run-request.ts'
import type { Report } from '../results/schema.ts'

/** What progress is told against. */
export interface ProgressPlan {
  /** Loads that it compares at. */
  readonly loadCount: number
  /** Where the run stands among several, and the planned seconds of those after it; null when it is the only one. */
  readonly among: { readonly place: string; readonly secondsAfter: number } | null
}

/** The plan of a run that is the only one. */
export function progressPlan({ loads }: RunRequest): ProgressPlan {
  return { loadCount: loads.length, among: null }
}

/** `30 s left`. */
export function leftText({ secondsLeft }: Advance): string {
  return `${spanText(secondsLeft)} left`
}

/** `48 %, 42 s left`, of several runs also `12 min left in all`; with a precision, at most so much. */
export function timeText(advance: Advance, { run }: Report, { among }: ProgressPlan): string {
  const bound = run.precision === null ? '' : 'at most '
  const own = `${Math.floor(advance.fraction * 100)} %, ${bound}${leftText(advance)}`
  if (among === null) return own
  return `${own}, ${bound}${spanText(advance.secondsLeft + among.secondsAfter)} left in all`
}

/** Something is left as long as this is asked: it never says 0 s. */
function spanText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`
}
