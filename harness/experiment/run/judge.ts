import { MOST_PAIRS } from '../../asked/quantities.ts'
import {
  type ComparedArms,
  COMPARISON_NAMES,
  type ComparisonName,
  type Estimate,
  type Load,
  type Ratios,
  type TrialSet,
  type Verdict,
} from '../../results/schema.ts'
import { isTooNoisy, markedTrials, missedTrials } from '../../stats/doubtful-trials.ts'
import { type PairLog, ranked, ratioOverPairs } from '../../stats/ratio-over-pairs.ts'
import {
  logsOver,
  saturatedAmong,
  type SoundRound,
  trialsOf,
  wholeRounds,
} from '../../stats/sound-rounds.ts'
import { judge, pairsToDecide } from '../../stats/verdict.ts'
import { isLatency, METRICS, soundSet } from '../../words/metrics.ts'
import { type Finding, verdictSentence } from '../../words/verdict.ts'
import { backgroundGap, timerBound } from '../timer-bound.ts'

/** The trials of a set by label: all that a comparison of two of its arms reads. */
export type Trials = Pick<TrialSet, 'trials'>

type Round = SoundRound<string, ComparisonName>

/** Rounds whose answers were right in the trials of both arms: only they say anything of the two. */
export function roundsOf(
  sets: readonly Trials[],
  { first, second }: ComparedArms,
): readonly Round[] {
  return wholeRounds(sets.map(soundSet), [first, second])
}

/** Second ÷ first for every metric, over the pairs so far, with intervals of at least this confidence where n allows. */
export function compareArms(
  sets: readonly Trials[],
  first: string,
  second: string,
  level: number,
): Ratios | null {
  const rounds = roundsOf(sets, { first, second })
  if (rounds.length === 0) return null
  const entries = COMPARISON_NAMES.map((name) => [
    name,
    ratioOverPairs(logsOver(rounds, first, second, name), level),
  ])
  return Object.fromEntries(entries) as Record<ComparisonName, Estimate | null>
}

/** What a verdict is about and what it needs; ratios are second ÷ first. */
interface VerdictRule extends ComparedArms {
  readonly metric: ComparisonName
  /** The class of requests that the load is seen for. @default null, all requests */
  readonly requestClass?: string | null
  /** Confidence of the interval. */
  readonly level: number
  /** The whole interval must lie beyond this ratio for a winner. */
  readonly threshold: number
}

/** Of a trial: every percentile of fewer answers is one of a handful of them. */
const FEWEST_ANSWERS = 10

type JudgedLoad = Pick<Load, 'label' | 'sets' | 'placed'> & { readonly ratios: Ratios | null }

/** Who wins on a metric. */
export function judgeArms(load: JudgedLoad, rule: VerdictRule): Verdict {
  const { metric, threshold } = rule
  const rounds = roundsOf(load.sets, rule)
  const finding = findingOf(load, rounds, rule)
  const found = finding.kind === 'ratio' ? finding : null
  return {
    metric,
    // Of a growing queue and of next to no requests there is none, nor of latencies at different requests per second.
    ratio:
      finding.kind === 'saturated' || finding.kind === 'own-rates' || finding.kind === 'too-few'
        ? null
        : (load.ratios?.[metric] ?? null),
    threshold,
    markedTrials: markedTrials(trialsOf(rounds, [rule.first, rule.second])).count,
    pairsToDecide: found?.winner === 'inconclusive' ? found.needed : null,
    winner: found?.winner ?? 'inconclusive',
    sentence: verdictSentence(load.label, rule, metric, finding, rule.requestClass),
  }
}

/** The first thing that stands against a verdict, else the ratio and what it says. */
function findingOf(load: JudgedLoad, rounds: readonly Round[], rule: VerdictRule): Finding {
  const { metric, level, threshold, first, second } = rule
  const arms = [first, second]
  const bound = timerBound(load, arms)
  if (bound !== null) return { kind: 'timer-bound', bound }
  const gap = backgroundGap(load, arms)
  if (gap !== null) return { kind: 'background-gap', gap }
  const trials = trialsOf(rounds, arms)
  const marked = markedTrials(trials)
  if (isTooNoisy(marked))
    return { kind: 'too-noisy', noisy: marked.byGate['noise'] ?? 0, of: marked.of }
  if (load.placed?.by === 'each' && isLatency(metric)) {
    const { placed } = load
    const perSecond = arms.map((arm) => placed.perSecond[arm]!)
    return { kind: 'own-rates', perSecond }
  }
  const saturated = isLatency(metric) && load.label !== 'max' ? saturatedAmong(rounds, arms) : []
  if (saturated.length > 0) {
    const missed = saturated.map((arm) => {
      const of = trialsOf(rounds, [arm])
      return { arm, missed: missedTrials(of), of: of.length }
    })
    return { kind: 'saturated', arms: missed }
  }
  const completed = isLatency(metric) ? medianCompleted(load.sets, arms) : null
  if (completed !== null && completed < FEWEST_ANSWERS)
    return { kind: 'too-few', completed, needed: FEWEST_ANSWERS }
  const logs = logsOver(rounds, first, second, metric)
  const ratio = load.ratios?.[metric] ?? null
  if (ratio === null) return noRatio(rounds, logs, rule)
  const outcome = judge({ ...ratio, level: ratio.level ?? 0 }, level, threshold)
  const isSecond = (outcome === 'second-larger') === METRICS[metric].isMoreBetter
  const isDecided = outcome === 'first-larger' || outcome === 'second-larger'
  const needed = outcome === 'inconclusive' ? morePairs(logs, rule) : null
  return {
    kind: 'ratio',
    ratio,
    unanswered: unansweredIn(logs, METRICS[metric].isMoreBetter),
    winner: isDecided ? (isSecond ? second : first) : outcome,
    marked: marked.count,
    of: marked.of,
    level,
    threshold,
    needed,
    isAffordable: needed !== null && needed <= MOST_PAIRS,
  }
}

/** Of all trials of these arms; null where there is none, or one answered nothing: that says something of an arm. */
function medianCompleted(sets: readonly Trials[], arms: readonly string[]): number | null {
  const counts = sets
    .flatMap(({ trials }) => arms.flatMap((arm) => trials[arm]?.counts.completed ?? []))
    .toSorted((a, b) => a - b)
  return counts.length === 0 || counts[0] === 0 ? null : counts[counts.length >> 1]!
}

/** Where more is better an arm that answered nothing has 0, else ∞. */
function unansweredIn(logs: readonly (PairLog | null)[], isMoreBetter: boolean) {
  const [below, above] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map(
    (bound) => logs.filter((log) => log === bound).length,
  ) as [number, number]
  const [byFirst, bySecond] = isMoreBetter ? [above, below] : [below, above]
  return { byFirst, bySecond, byBoth: neitherIn(logs) }
}

function neitherIn(logs: readonly (PairLog | null)[]): number {
  return logs.filter((log) => log === 'neither').length
}

/** Why a ratio is missing: void trials, no figures, or too many requests that nobody answered. */
function noRatio(
  rounds: readonly Round[],
  logs: readonly (PairLog | null)[],
  { metric, first, second }: VerdictRule,
): Finding {
  if (rounds.length === 0) return { kind: 'no-pair' }
  if (metric !== 'cpuPerRequest' && !logs.includes(null))
    return { kind: 'unanswered', byBoth: neitherIn(logs), of: logs.length }
  const without = [first, second].filter((arm) =>
    trialsOf(rounds, [arm]).some((trial) => trial.figureOf(metric) === null),
  )
  return { kind: 'no-figure', without }
}

/** Pairs with which a verdict is likely; null when there is no saying. */
function morePairs(
  logs: readonly (PairLog | null)[],
  { level, threshold }: VerdictRule,
): number | null {
  const known = ranked(logs)
  // How far beyond the others a bound lies is not known, nor how many more there will be.
  if (known === null || !known.every(Number.isFinite)) return null
  const needed = pairsToDecide(known, level, threshold)
  // So many were not enough.
  return needed === null ? null : Math.max(needed, known.length + 1)
}
