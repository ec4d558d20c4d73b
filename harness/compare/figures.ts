import type { ComparisonName, TrialSet } from '../results/schema.ts'
import { type Interval, unpairedShift } from '../stats/intervals.ts'
import { pairLog, type PairLog, ranked } from '../stats/ratio-over-pairs.ts'
import { logsOver, saturatedAmong, type SoundRound, trialsOf } from '../stats/sound-rounds.ts'
import { isLatency, soundSet } from '../words/metrics.ts'

type Sets = readonly Pick<TrialSet, 'trials'>[]
type Rounds = readonly SoundRound<string, ComparisonName>[]

/**
 * An arm's own change of a metric, new ÷ old, over the trials of both runs as independent samples. Null when some trial has
 * no figure, or when the middle lies among those whose requests were left unanswered: these rank beyond all others, and
 * where the interval reaches them it is open on that side, 0 or ∞.
 */
export function ownChange(
  before: Sets,
  after: Sets,
  arm: string,
  metric: ComparisonName,
  level: number,
): Interval | null {
  // Measured against 1, an unanswered one is what `pairLog` makes of it.
  const figures = (rounds: Rounds) =>
    trialsOf(rounds, [arm]).map((trial) => pairLog(1, trial.figureOf(metric)))
  return changeOf([before, after], [arm], { metric, level }, figures)
}

/**
 * The change of arm ÷ control, each ratio from one pair: both trials ran side by side on one trace, so what drifts with the
 * machine is gone. Null and open as in `ownChange`; a pair in which neither was answered says nothing, and more than a quarter of
 * them leave no change.
 */
export function relativeChange(
  before: Sets,
  after: Sets,
  arm: string,
  control: string,
  metric: ComparisonName,
  level: number,
): Interval | null {
  const figures = (rounds: Rounds) => logsOver(rounds, control, arm, metric)
  return changeOf([before, after], [arm, control], { metric, level }, figures)
}

/**
 * Null also where latencies of an arm that keeps up in neither run would be compared: they measure how long trials were. One that
 * keeps up in one run only has changed, and more than any number says.
 */
function changeOf(
  runs: readonly [before: Sets, after: Sets],
  arms: readonly string[],
  { metric, level }: { readonly metric: ComparisonName; readonly level: number },
  figuresOf: (rounds: Rounds) => readonly (PairLog | null)[],
): Interval | null {
  const [before, after] = [runs[0].map(soundSet), runs[1].map(soundSet)]
  const isGrowing = arms.some((arm) =>
    [before, after].every((rounds) => saturatedAmong(rounds, [arm]).length > 0),
  )
  if (isLatency(metric) && isGrowing) return null
  const [then, now] = [ranked(figuresOf(before)), ranked(figuresOf(after))]
  if (then === null || now === null) return null
  const shift = unpairedShift(then, now, level)
  if (Number.isNaN(shift.value)) return null
  return {
    value: Math.exp(shift.value),
    lower: Math.exp(shift.lower),
    upper: Math.exp(shift.upper),
    level: shift.level,
  }
}
