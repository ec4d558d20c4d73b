import type { ComparisonName } from '../results/schema.ts'
import {
  decidingInterval,
  judgeLimit as judgeChangeLimit,
  type LimitOutcome,
  type RatioLimit,
  smallestSeen,
} from '../stats/change.ts'
import { type Interval, reachesLevel } from '../stats/intervals.ts'
import { armsNamed } from './conditions.ts'
import { type ArmChange, type LoadChange, type ScenarioChange } from './reports.ts'

/** What a change must not surely be beyond. */
export interface Limit extends RatioLimit {
  /** As the user wrote it. */
  readonly text: string
  /** A label or an architecture; null for every arm. */
  readonly arm: string | null
  readonly metric: ComparisonName
}

/** Where something was held against a limit. */
interface LimitPlace {
  readonly scenario: string
  /** Labels. */
  readonly load: string
  readonly arm: string
}

/** What came of a limit. */
export interface LimitResult {
  readonly limit: Limit
  /** Surely beyond it, with the interval of new ÷ old that lies beyond as a whole. */
  readonly exceeded: readonly (LimitPlace & { readonly ratio: Interval })[]
  /** Number of comparisons that surely lie within it. */
  readonly kept: number
  /** Its interval holds the limit: new ÷ old may be on either side. */
  readonly undecided: readonly (LimitPlace & { readonly ratio: Interval })[]
  /** Comparisons that say nothing, and why. */
  readonly open: readonly (LimitPlace & { readonly why: string })[]
  /**
   * What was in sight, as ratios new ÷ old, of all comparisons with an interval: the tightest limit that all of them would surely have
   * kept, and the smallest change that each would surely have found beyond this one. Null without an interval.
   */
  readonly sight: { readonly limit: number; readonly change: number } | null
}

/** `failed`: surely exceeded somewhere; `passed`: surely kept everywhere; else nobody can tell. */
export type LimitState = 'passed' | 'failed' | 'cannot-tell'

/** How a limit stands over all that it is about. */
export function limitState({ exceeded, kept, undecided, open }: LimitResult): LimitState {
  if (exceeded.length > 0) return 'failed'
  return kept > 0 && undecided.length + open.length === 0 ? 'passed' : 'cannot-tell'
}

/** Whether any comparison has the limit's metric at all. */
export function hasFigures({ exceeded, kept, undecided, open }: LimitResult): boolean {
  return exceeded.length + kept + undecided.length + open.length > 0
}

/** Holds every comparison that a limit is about against it. */
export function judgeLimit(
  limit: Limit,
  scenarios: readonly ScenarioChange[],
  level: number,
): LimitResult {
  const exceeded: (LimitPlace & { ratio: Interval })[] = []
  const undecided: (LimitPlace & { ratio: Interval })[] = []
  const open: (LimitPlace & { why: string })[] = []
  const intervals: Interval[] = []
  let kept = 0
  for (const { scenario, load, arm } of placesOf(limit, scenarios)) {
    const place = { scenario, load: load.label, arm: arm.label }
    const found = arm.metrics.find(({ metric }) => metric === limit.metric)
    // With a closed window latency is window ÷ throughput: it has no figure of its own.
    if (found === undefined) continue
    const { change } = found
    const why = whyOpen(load, change && decidingInterval(change), level)
    if (change === null || why !== null) {
      open.push({ ...place, why: why ?? NO_FIGURE })
      continue
    }
    const ratio = decidingInterval(change)
    intervals.push(ratio)
    const outcome = judgeChangeLimit(change, limit, level)
    if (outcome === 'exceeded') exceeded.push({ ...place, ratio })
    else if (outcome === 'undecided') undecided.push({ ...place, ratio })
    else if (outcome === 'kept') kept++
    else open.push({ ...place, why: WHY_OPEN[outcome] })
  }
  return { limit, exceeded, kept, undecided, open, sight: sightOf(intervals, limit) }
}

const WHY_OPEN: Readonly<Record<Exclude<LimitOutcome, 'exceeded' | 'kept' | 'undecided'>, string>> =
  {
    others: 'it lies beyond the limit against the other arm, whose own figures moved further',
    alike:
      'its own figures lie beyond the limit, and against the other arm they do not: the machine, or code that both use; --control none judges them',
  }

function sightOf(intervals: readonly Interval[], limit: Limit): LimitResult['sight'] {
  if (intervals.length === 0) return null
  const furthest = limit.side === 'above' ? Math.max : Math.min
  return {
    limit: furthest(
      ...intervals.map(({ lower, upper }) => (limit.side === 'above' ? upper : lower)),
    ),
    change: furthest(...intervals.map((ratio) => smallestSeen(ratio, limit))),
  }
}

/** Whether so many trials of each arm at a load can say anything about a limit. */
export function canJudge(oldPairs: number, newPairs: number, level: number): boolean {
  return reachesLevel(oldPairs, newPairs, level)
}

/** Whether any arm of any comparison is the one that a limit names. */
export function isAboutAny(limit: Limit, scenarios: readonly ScenarioChange[]): boolean {
  return placesOf(limit, scenarios).length > 0
}

function placesOf(
  { arm: name }: Limit,
  scenarios: readonly ScenarioChange[],
): readonly { scenario: string; load: LoadChange; arm: ArmChange }[] {
  return scenarios.flatMap(({ scenario, loads }) =>
    loads.flatMap((load) => {
      const meant = name === null ? load.arms.map(({ label }) => label) : armsNamed(name, load.arms)
      return load.arms
        .filter(({ label, isUnchanged }) => meant.includes(label) && !isUnchanged)
        .map((arm) => ({ scenario, load, arm }))
    }),
  )
}

const NO_FIGURE = 'there is no figure, or requests were left unanswered in both'

function whyOpen(
  { openBecause, oldPairs, newPairs }: LoadChange,
  ratio: Interval | null,
  level: number,
): string | null {
  if (openBecause !== null) return openBecause
  if (ratio === null) return NO_FIGURE
  return ratio.level < level ? `${oldPairs} and ${newPairs} trials are too few` : null
}
