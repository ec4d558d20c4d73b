import { formatSpan } from '../../words/format.ts'
import { MOST_PLAYED_AGAIN } from './repetition.ts'

/** What people want to know before a measurement begins, each in a few words. */
interface PlanParts {
  /** What is compared, in which scenario, and what is said of it. */
  readonly compares: string
  /** How often and how long; of what decides that, what the user did not say. */
  readonly measures: readonly string[]
  /** Processors, seed, and how requests get there. */
  readonly on: readonly string[]
  readonly takes: readonly string[]
}

/** Columns of the words that the lines of a plan begin with. */
export const PLAN_INDENT = 'compares  '.length

/** A plan for people: four lines, aligned. */
export function planLines({ compares, measures, on, takes }: PlanParts): readonly string[] {
  const rows = Object.entries({ compares: [compares], measures, on, takes })
  return rows.map(([name, texts]) => `${name.padEnd(PLAN_INDENT)}${texts.join('; ')}`)
}

/** How long a plan takes. */
interface PlanLength {
  /** Where nothing is played again. */
  readonly wholeSeconds: number
  readonly budgetSeconds: number | null
  /** Of one set: so many as are played again on a machine that is disturbed. 0 where nothing is. */
  readonly setSeconds: number
}

/** `110–150 s`: without repetitions, and with as many as there may be in a row; a plan that its budget cannot hold says so. */
export function lengthOf({ wholeSeconds, budgetSeconds, setSeconds }: PlanLength): {
  readonly seconds: number
  readonly text: string
} {
  const limit = budgetSeconds ?? Number.POSITIVE_INFINITY
  const seconds = Math.round(Math.min(wholeSeconds, limit))
  if (wholeSeconds > limit)
    return {
      seconds,
      text: `${formatSpan(seconds)}, its budget: all of it would take about ${formatSpan(wholeSeconds)}, what does not fit is left out`,
    }
  const most = Math.min(limit, wholeSeconds + MOST_PLAYED_AGAIN * setSeconds)
  return { seconds, text: rangeText(wholeSeconds, most) }
}

const LONGEST_IN_SECONDS = 180
const SECONDS_PER_MINUTE = 60
/** Nobody counts on single seconds of a minute. */
const STEP_SECONDS = 5
const SHORTEST_IN_STEPS = 20

function rangeText(fromSeconds: number, toSeconds: number): string {
  const isLong = toSeconds > LONGEST_IN_SECONDS
  const unit = isLong ? SECONDS_PER_MINUTE : toSeconds < SHORTEST_IN_STEPS ? 1 : STEP_SECONDS
  const shown = isLong ? 1 : unit
  const from = Math.max(1, Math.floor(fromSeconds / unit)) * shown
  const to = Math.max(1, Math.ceil(toSeconds / unit)) * shown
  return `${from === to ? to : `${from}–${to}`} ${isLong ? 'min' : 's'}`
}
