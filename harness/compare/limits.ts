import type { ComparisonName } from '../results/schema.ts'
import { decidingInterval, exceedsLimit, type RatioLimit } from '../stats/change.ts'
import { type Interval, reachesLevel } from '../stats/intervals.ts'
import { type ArmChange, armsNamed, type LoadChange, type ScenarioChange } from './reports.ts'

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
  /** Number of comparisons that are not surely beyond it. */
  readonly kept: number
  /** Comparisons that say nothing, and why. */
  readonly open: readonly (LimitPlace & { readonly why: string })[]
}

/** Holds every comparison that a limit is about against it. */
export function judgeLimit(
  limit: Limit,
  scenarios: readonly ScenarioChange[],
  level: number,
): LimitResult {
  const exceeded: (LimitPlace & { ratio: Interval })[] = []
  const open: (LimitPlace & { why: string })[] = []
  let kept = 0
  for (const { scenario, load, arm } of placesOf(limit, scenarios)) {
    const place = { scenario, load: load.label, arm: arm.label }
    const found = arm.metrics.find(({ metric }) => metric === limit.metric)
    // With a closed window latency is window ÷ throughput: it has no figure of its own.
    if (found === undefined) continue
    const { change } = found
    const why = whyOpen(load, change && decidingInterval(change), level)
    if (change === null || why !== null) open.push({ ...place, why: why ?? NO_FIGURE })
    else if (exceedsLimit(change, limit, level)) {
      exceeded.push({ ...place, ratio: decidingInterval(change) })
    } else kept++
  }
  return { limit, exceeded, kept, open }
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
