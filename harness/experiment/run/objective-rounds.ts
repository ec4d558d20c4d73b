import type { ObjectiveRequest } from '../../asked/requests.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { Estimate, Objective, Sustained } from '../../results/schema.ts'
import type { Bracket, Capacity, TriedLoad } from '../../trial/server-under-test.ts'
import { sustainedSentence } from '../../words/verdict.ts'
import { midOf, overRounds, ratioOfRounds, spread } from '../capacity.ts'
import { foundBy, ReportRounds } from './report-rounds.ts'
import type { RunHooks } from './request.ts'
import type { RunState } from './state.ts'
import { warnAboutRounds } from './warnings.ts'

/** What one round showed of one arm. */
interface Found {
  readonly bracket: Bracket | null
  /** The highest load that kept the objective; null without one. */
  readonly highest: TriedLoad | null
}

/**
 * What `run --slo` does: rounds of fresh servers, each searched for the highest load at which it keeps the objective. The first
 * round searches anew, each later one from where the last one ended; the estimate is the median over rounds, and the ratio
 * of two arms is that of pairs, as everywhere.
 */
export class ObjectiveRounds extends ReportRounds {
  readonly #objective: Objective
  /** By arm label, round by round. */
  readonly #found = new Map<string, Found[]>()

  constructor(run: RunState, hooks: RunHooks, asked: ObjectiveRequest) {
    super(run, hooks, true)
    this.#objective = {
      ...asked,
      arms: {},
      ratio: null,
      sentence: 'The search is not finished.',
      probes: [],
    }
    run.report.objective = this.#objective
  }

  hasPlayed(): void {}

  override conclude(): void {
    warnAboutRounds(this.run)
  }

  protected get roundCount(): number {
    return this.run.request.rounds
  }

  protected refill(): boolean {
    if (this.round + 1 >= this.roundCount) return false
    this.beginRound([])
    return true
  }

  protected tellCut(): void {
    this.run.warn(
      'budget-used',
      `the time budget was used up: ${this.round} of ${this.roundCount} rounds`,
      'give a larger --budget, or fewer --pairs',
    )
  }

  protected keepCapacity(arm: Arm, capacity: Capacity): void {
    const { label } = arm
    const { bracket, tried } = capacity
    const kept = tried.filter((one) => one.kept).toSorted((a, b) => a.perSecond - b.perSecond)
    const found = { bracket, highest: kept.at(-1) ?? null }
    this.#found.set(label, [...(this.#found.get(label) ?? []), found])
    for (const one of tried) {
      const { perSecond: offeredPerSecond, latency, failedGates } = one
      const probe = { arm: label, offeredPerSecond, latency, kept: one.kept }
      this.#objective.probes.push({ ...probe, failedGates: [...failedGates] })
      this.tell({ kind: 'probe', ...probe })
    }
    // What is sustained within an objective is no capacity.
    this.capacities!.add(arm, { ...capacity, bracket: null })
    this.capacities!.summarize()
    this.run.report.breakEven = this.capacities!.breakEven()
    this.#summarize()
  }

  #summarize(): void {
    const { request } = this.run
    const objective = this.#objective
    for (const [label, found] of this.#found)
      objective.arms[label] = sustainedOf(found, request.level)
    const { first, second } = request.comparisons[0]!
    objective.ratio = this.#ratio(first, second)
    objective.sentence = sustainedSentence(objective, first, second)
  }

  /** Over the rounds in which both arms kept the objective somewhere, and missed it somewhere. */
  #ratio(first: string, second: string): Estimate | null {
    // An open end has no ratio: its other side would look exact.
    const closed = (label: string) =>
      (this.#found.get(label) ?? []).map(({ bracket }) =>
        bracket?.failed === null ? null : foundBy(bracket),
      )
    return ratioOfRounds(closed(first), closed(second), this.run.request.level)
  }
}

/** Null when no round kept the objective at any load. */
function sustainedOf(found: readonly Found[], level: number): Sustained | null {
  const kept = found.filter(({ bracket }) => bracket !== null)
  if (kept.length === 0) return null
  const values = kept.map(({ bracket }) => midOf(bracket!))
  const open = kept.filter(({ bracket }) => bracket!.failed === null).length
  const highest = kept.flatMap((one) => one.highest ?? [])
  const latencies = highest.flatMap(({ latency }) => (latency.atLeast ? [] : [latency.ns]))
  return {
    perSecond: overRounds(values, level, 'requests/s'),
    // Of a median: half of the rounds had no load that missed it.
    atLeast: 2 * open >= kept.length,
    confirmed: 2 * kept.length >= found.length,
    kept: kept.length,
    of: found.length,
    markedTrials: highest.filter(({ failedGates }) => failedGates.length > 0).length,
    latencyNs: latencies.length === 0 ? null : spread(latencies, 'ns'),
  }
}
