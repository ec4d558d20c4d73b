import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type { Estimate, Verdict } from '../../results/schema.ts'
import { isTooNoisy, markedTrials } from '../../stats/doubtful-trials.ts'
import { saturatedAmong, trialsOf, wholeRounds } from '../../stats/sound-rounds.ts'
import { isLatency, metricOf, soundSet } from '../../words/metrics.ts'

/** What two servers came to at a load, for the end of a run: who is ahead, or the first of several reasons why nobody is named. */
export type Standing =
  | { readonly kind: 'ahead'; readonly arm: string; readonly ratio: Estimate }
  /** The other one left so much unanswered that it has no figure. */
  | { readonly kind: 'alone'; readonly arm: string }
  | { readonly kind: 'equal' | 'undecided' | 'noisy'; readonly ratio: Estimate | null }
  /** Something else than the two decides: waits of the system’s timers, unequal work. */
  | { readonly kind: 'barred'; readonly why: string }
  | { readonly kind: 'saturated'; readonly arms: readonly string[] }
  | { readonly kind: 'own-rates' | 'no-answers' | 'unjudged' }

/** What stands against any winner, as the verdict’s sentence tells it; null where nothing does. */
export function barredBy({ sentence }: Pick<Verdict, 'sentence'>): string | null {
  return /so no winner is named: (.*)\.$/.exec(sentence)?.[1] ?? null
}

/** The arms that do not keep up with the load, whose latencies are none to compare; none where requests come as fast as they are taken. */
export function saturatedIn(report: PairReport, load: PairLoad): readonly string[] {
  const arms = armLabels(report)
  const rounds = wholeRounds(load.pairs.map(soundSet), arms)
  return load.label === 'max' || rounds.length === 0 ? [] : saturatedAmong(rounds, arms)
}

/** Rounds that the figures rest on; reports of before there were rounds have pairs alone. */
export function roundCount({ rounds, loads }: PairReport): number {
  return rounds.length === 0
    ? Math.max(0, ...loads.map(({ pairs }) => pairs.length))
    : rounds.length
}

/** As the verdict says, with the reason that it does not keep apart. */
export function standingOf(report: PairReport, load: PairLoad): Standing {
  const { verdict } = load
  if (verdict === null) return { kind: 'unjudged' }
  const { winner, ratio } = verdict
  if (winner === 'none') return { kind: 'equal', ratio }
  if (winner !== 'inconclusive' && ratio !== null) {
    const isAlone = ratio.lower === Infinity || ratio.upper === 0
    return isAlone ? { kind: 'alone', arm: winner } : { kind: 'ahead', arm: winner, ratio }
  }
  const why = barredBy(verdict)
  if (why !== null) return { kind: 'barred', why }
  const metric = metricOf(report, load)
  const arms = armLabels(report)
  const rounds = wholeRounds(load.pairs.map(soundSet), arms)
  if (rounds.length === 0) return { kind: 'no-answers' }
  if (isTooNoisy(markedTrials(trialsOf(rounds, arms)))) return { kind: 'noisy', ratio }
  if (load.placed?.by === 'each' && isLatency(metric)) return { kind: 'own-rates' }
  const saturated = isLatency(metric) && load.label !== 'max' ? saturatedAmong(rounds, arms) : []
  if (saturated.length > 0) return { kind: 'saturated', arms: saturated }
  return ratio === null ? { kind: 'no-answers' } : { kind: 'undecided', ratio }
}
