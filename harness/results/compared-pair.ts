import { reportOfClass } from './request-class.ts'
import type { Load, Ratios, Report, Trial, TrialSet, Verdict } from './schema.ts'

/** A trial of each of two arms in one round, or as many as it came to. */
interface Pair {
  /** Counted from 0. */
  readonly index: number
  readonly seed: number
  readonly traceHash: Readonly<Record<string, string>>
  /** Labels in the order in which these two ran. */
  readonly order: readonly string[]
  /** By arm label. */
  readonly trials: Readonly<Record<string, Trial>>
  /** Of these two, from sets that were played again. */
  readonly discarded: readonly Trial[]
}

/** A load as one comparison sees it. */
export interface PairLoad extends Omit<Load, 'sets' | 'comparisons'> {
  readonly pairs: readonly Pair[]
  /** Second ÷ first. */
  readonly comparison: Ratios | null
  readonly verdict: Verdict | null
}

type Arm = Report['arms'][number]

/** A report as one comparison sees it: two arms, pair by pair. What the run was, its capacity and its doubts stay whole. */
export interface PairReport extends Omit<Report, 'arms' | 'comparisons' | 'loads'> {
  /** First and second: every ratio is second ÷ first. */
  readonly arms: readonly [first: Arm, second: Arm]
  readonly loads: readonly PairLoad[]
}

/** Labels of the two arms, in the order in which every ratio names them. */
export function armLabels({
  arms,
}: Pick<PairReport, 'arms'>): readonly [first: string, second: string] {
  return [arms[0].label, arms[1].label]
}

/**
 * The two arms of one comparison out of a report, seen for the class of requests that its comparisons are about. Without one
 * nothing is copied but the lists: a change of a trial shows in both.
 * @param index of the comparison; the first is what the report is about. @throws RangeError when it has no such one.
 */
export function pairReport(report: Report, index = 0): PairReport {
  const { comparisons, loads, arms, ...rest } = reportOfClass(report, report.run.requestClass)
  const compared = comparisons[index]
  const armOf = (label: string | undefined) => arms.find((arm) => arm.label === label)
  const [first, second] = [armOf(compared?.first), armOf(compared?.second)]
  if (first === undefined || second === undefined) {
    throw new RangeError(`report has no such comparison: index=${index}`)
  }
  const labels = [first.label, second.label]
  return {
    ...rest,
    arms: [first, second],
    loads: loads.map((load) => pairLoad(load, index, labels)),
  }
}

function pairLoad(
  { sets, comparisons, ...rest }: Load,
  index: number,
  labels: readonly string[],
): PairLoad {
  const compared = comparisons[index]
  return {
    ...rest,
    pairs: sets.map((set) => pairOf(set, labels)),
    comparison: compared?.ratios ?? null,
    verdict: compared?.verdict ?? null,
  }
}

function pairOf(set: TrialSet, labels: readonly string[]): Pair {
  return {
    index: set.round,
    seed: set.seed,
    traceHash: ofArms(set.traceHash, labels),
    order: set.order.filter((label) => labels.includes(label)),
    trials: ofArms(set.trials, labels),
    discarded: set.discarded.flatMap(({ trials }) => Object.values(ofArms(trials, labels))),
  }
}

function ofArms<Value>(
  values: Readonly<Record<string, Value>>,
  labels: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([label]) => labels.includes(label)))
}
