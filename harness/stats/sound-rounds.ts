import { isSaturated } from './doubtful-trials.ts'
import { type Figure, pairLog, type PairLog } from './ratio-over-pairs.ts'

/** What a trial whose answers were right says. */
export interface SoundTrial<Metric extends string> {
  readonly failedGates: readonly string[]
  /** Null where there is no finite, positive figure, as without /proc. */
  figureOf(metric: Metric): Figure | null
}

/** The sound trials of one round by arm: those that were played, void ones left out. */
export type SoundRound<Arm, Metric extends string> = ReadonlyMap<Arm, SoundTrial<Metric>>

/** What of a trial, in whatever shape it is kept, decides whether it is sound. */
interface KeptTrial {
  /** Why its answers are wrong; null when they are right. */
  readonly void: string | null
}

/** A round out of trials as a result keeps them. @param read what one of them says */
export function soundRound<Arm, Metric extends string, Trial extends KeptTrial>(
  trials: Iterable<readonly [Arm, Trial]>,
  read: (trial: Trial) => SoundTrial<Metric>,
): SoundRound<Arm, Metric> {
  return new Map(
    [...trials].flatMap(([arm, trial]) =>
      trial.void === null ? [[arm, read(trial)] as const] : [],
    ),
  )
}

/** Rounds in which all of these arms have a sound trial: a comparison of them rests on no others. */
export function wholeRounds<Arm, Metric extends string>(
  rounds: readonly SoundRound<Arm, Metric>[],
  arms: readonly Arm[],
): readonly SoundRound<Arm, Metric>[] {
  return rounds.filter((round) => arms.every((arm) => round.has(arm)))
}

/** The trials of these arms in all rounds. */
export function trialsOf<Arm, Metric extends string>(
  rounds: readonly SoundRound<Arm, Metric>[],
  arms: readonly Arm[],
): readonly SoundTrial<Metric>[] {
  return rounds.flatMap((round) => arms.flatMap((arm) => round.get(arm) ?? []))
}

/** What each round that has both arms says of second ÷ first, as `pairLog`. */
export function logsOver<Arm, Metric extends string>(
  rounds: readonly SoundRound<Arm, Metric>[],
  first: Arm,
  second: Arm,
  metric: Metric,
): readonly (PairLog | null)[] {
  return wholeRounds(rounds, [first, second]).map((round) =>
    pairLog(round.get(first)!.figureOf(metric), round.get(second)!.figureOf(metric)),
  )
}

/** Those of the arms that do not keep up with the load of these rounds. */
export function saturatedAmong<Arm, Metric extends string>(
  rounds: readonly SoundRound<Arm, Metric>[],
  arms: readonly Arm[],
): readonly Arm[] {
  return arms.filter((arm) => isSaturated(trialsOf(rounds, [arm])))
}
