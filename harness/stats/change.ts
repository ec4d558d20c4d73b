import type { Interval } from './intervals.ts'
import { judge, SMALLEST_RATIO } from './verdict.ts'

/** What changed from an old measurement to a new one, as ratios new ÷ old. */
export interface Change {
  /** The subject's own. It holds what changed in it, and the drift of the machine between both measurements. */
  readonly own: Interval
  /**
   * The same of a control that was measured beside it, trial for trial, and the change of subject ÷ control, from which
   * a drift that met both alike has gone; null to judge the subject by itself.
   */
  readonly control: { readonly own: Interval; readonly relative: Interval } | null
  /** The control is known not to have changed: a difference is the subject's, however far either moved. */
  readonly isControlUnchanged: boolean
}

/**
 * What a change says. `larger`, `smaller`: by more than the threshold; `none`: by no more than 1.05 either way; `alike`:
 * subject and control changed alike, which a change of both and a drift of the machine do; else `inconclusive`.
 */
export type ChangeOutcome = 'larger' | 'smaller' | 'none' | 'alike' | 'inconclusive'

/**
 * Judges as `judge` does, but with a control by its relative change: two runs lie minutes or months apart, and a
 * machine drifts. Of that alone nobody can say which of both changed, so it is put down to the one whose own figures moved
 * further: the other explanation would need a drift of more than half the difference.
 *
 * Simulated with two arms at three loads, six trials each, s.d. of a trial 3 to 60 %, drift between runs with s.d. 0 to
 * 15 %: of runs of equals at most 5 % exceed 1.10 anywhere by either arm, while the own interval alone does so in 4 to 23 %
 * for each arm when the drift is 15 %. Without drift an arm that is slower by 20 % exceeds 1.10 in 82 % of runs when the
 * s.d. of a trial is 5 %, in 99 % when it is 3 %, in 35 % when it is 10 %.
 */
export function judgeChange(change: Change, level: number, threshold?: number): ChangeOutcome {
  const { own, control } = change
  if (control === null) return OUTCOMES[judge(own, level, threshold)]
  const outcome = OUTCOMES[judge(control.relative, level, threshold)]
  if (outcome === 'larger' || outcome === 'smaller') {
    if (isSubjects(change)) return outcome
    return judge(own, level) === 'none' ? 'none' : 'inconclusive'
  }
  if (outcome === 'none' && isBeyond(own, SMALLEST_RATIO, level)) return 'alike'
  return outcome
}

/** What a ratio new ÷ old must not surely be above, or below. */
export interface RatioLimit {
  readonly ratio: number
  readonly side: 'above' | 'below'
}

/**
 * Whether the subject surely changed beyond a limit: the whole interval that `judgeChange` looks at lies beyond it, and the
 * difference is the subject's.
 */
export function exceedsLimit(change: Change, limit: RatioLimit, level: number): boolean {
  const { lower, upper, level: achieved } = decidingInterval(change)
  const isFar = limit.side === 'below' ? upper < limit.ratio : lower > limit.ratio
  return achieved >= level && isFar && isSubjects(change)
}

/**
 * What a limit comes to. `kept`: the whole interval lies within it; `undecided`: it holds the limit; `others`: it lies beyond,
 * and the difference is put down to the control; `alike`: it lies within, while the subject's own figures surely lie beyond.
 */
export type LimitOutcome = 'exceeded' | 'kept' | 'undecided' | 'others' | 'alike'

/**
 * Holds a change against a limit. What is not `exceeded` is `kept` only where the measurement could have told otherwise: an interval
 * that reaches beyond the limit excludes nothing. A difference that is the control's leaves the subject `kept` where its own figures do.
 */
export function judgeLimit(change: Change, limit: RatioLimit, level: number): LimitOutcome {
  if (exceedsLimit(change, limit, level)) return 'exceeded'
  const isKept = ({ lower, upper, level: achieved }: Interval): boolean =>
    achieved >= level && (limit.side === 'below' ? lower >= limit.ratio : upper <= limit.ratio)
  const isExceeded = (ratio: Interval): boolean =>
    exceedsLimit({ own: ratio, control: null, isControlUnchanged: false }, limit, level)
  const { own, control } = change
  if (isExceeded(decidingInterval(change))) return isKept(own) ? 'kept' : 'others'
  if (!isKept(decidingInterval(change))) return 'undecided'
  return control !== null && !change.isControlUnchanged && isExceeded(own) ? 'alike' : 'kept'
}

/**
 * The smallest change that a comparison with this interval would surely have found beyond the limit, as a ratio new ÷ old: an
 * interval as wide, moved until it lies beyond as a whole. ∞, or 0 below, where it is open on that side.
 */
export function smallestSeen({ value, lower, upper }: Interval, limit: RatioLimit): number {
  return limit.ratio * (value / (limit.side === 'below' ? upper : lower))
}

/** The interval that decides: relative to the control where there is one. */
export function decidingInterval({ own, control }: Change): Interval {
  return control?.relative ?? own
}

const OUTCOMES = {
  'second-larger': 'larger',
  'first-larger': 'smaller',
  none: 'none',
  inconclusive: 'inconclusive',
} as const

function isBeyond(ratio: Interval, threshold: number, level: number): boolean {
  const outcome = judge(ratio, level, threshold)
  return outcome === 'second-larger' || outcome === 'first-larger'
}

/** Whether the subject's own change points the same way as the relative one, and is no smaller than the control's. */
function isSubjects({ own, control, isControlUnchanged }: Change): boolean {
  if (control === null || isControlUnchanged) return true
  const [moved, controlMoved, relative] = [own, control.own, control.relative].map(({ value }) =>
    Math.log(value),
  ) as [number, number, number]
  return moved * relative > 0 && Math.abs(moved) >= Math.abs(controlMoved)
}
