import type { Change, ChangeOutcome } from '../stats/change.ts'
import type { Interval } from '../stats/signed-rank.ts'
import type { ComparisonName, Report } from './schema.ts'

/** How runs are compared. */
export interface CompareOptions {
  /** Confidence of intervals and verdicts. */
  readonly level: number
  /**
   * What an arm is judged against. `other`: the other arm of its run, and a difference is put down to the one that moved
   * further; `none`: by itself; an arm's label or architecture: this one is known to be unchanged, only the other is judged.
   */
  readonly control: string
}

/** One metric of one arm at one load. */
export interface MetricChange {
  readonly metric: ComparisonName
  /** New ÷ old of the arm's own figures; null where there is none. `upper` is ∞, `lower` 0 where the interval is open. */
  readonly own: Interval | null
  /** New ÷ old of arm ÷ control, where there is a control. */
  readonly relative: Interval | null
  /** What it is judged by; null where it cannot be judged. */
  readonly change: Change | null
}

/** One arm at one load. */
export interface ArmChange {
  readonly label: string
  readonly architecture: string
  /** The arm that it is judged against; null when it is judged by itself. */
  readonly control: string | null
  /** It is the control, known to be unchanged: it is not judged. */
  readonly isUnchanged: boolean
  readonly metrics: readonly MetricChange[]
  /** The verdict on the load's metric; null for an arm that is not judged. */
  readonly outcome: ChangeOutcome | null
}

/** One load that both runs have. */
export interface LoadChange {
  /** Of the new report. */
  readonly label: string
  /** Null for a closed window. */
  readonly oldPerSecond: number | null
  readonly newPerSecond: number | null
  readonly oldPairs: number
  readonly newPairs: number
  /** What its verdicts are about. */
  readonly metric: ComparisonName
  /** How far from 1 an interval must lie for a verdict: 1.05, or what two runs of this machine stray where that is more. */
  readonly threshold: number
  /** Why nothing is judged here; null when it is. */
  readonly openBecause: string | null
  /** Trials that failed a gate: they count, and are no good sign. */
  readonly markedTrials: number
  readonly trials: number
  readonly arms: readonly ArmChange[]
}

/** One scenario: what changed from one run of it to another. */
export interface ScenarioChange {
  readonly scenario: string
  readonly params: Report['scenario']['params']
  readonly old: ComparedRun
  readonly new: ComparedRun
  readonly loads: readonly LoadChange[]
  /** Loads and arms that only one of both has: `load 80% of the old report`. */
  readonly withoutPartner: readonly string[]
  readonly warnings: Report['warnings']
}

/** Where a run's figures come from. */
export interface ComparedRun {
  readonly file: string
  readonly startedAt: string
  readonly crossover: string
}

/** What has a label and an architecture: an arm of a report, or its change. */
interface NamedArm {
  readonly label: string
  readonly architecture: string
}

/** The labels of the arms that a name means: the one whose label it is, else all of that architecture. */
export function armsNamed(name: string, arms: readonly NamedArm[]): readonly string[] {
  const exact = arms.filter(({ label }) => label === name)
  const meant = exact.length > 0 ? exact : arms.filter(({ architecture }) => architecture === name)
  return meant.map(({ label }) => label)
}
