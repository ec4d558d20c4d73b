import type { CrossingSearch } from '../results/crossing.ts'
import type { PointTrial } from '../results/point-pair.ts'
import type { ComparisonName } from '../results/schema.ts'
import type { PointRequest } from './points/point-request.ts'
import type { LoadedScenario } from './run-request.ts'

/** Everything that decides what a search for a crossing does. The range's values are those of its first round. */
export interface FindRequest extends PointRequest {
  /** With the fixed parameters, and the default of the one that varies. */
  readonly loaded: LoadedScenario
  /** What crosses; throughput is that of a closed window. */
  readonly metric: ComparisonName
  /** Confidence of the interval and of the outcome, e.g. 0.95. */
  readonly level: number
  /** Share of the range that the interval may have at the end, e.g. 0.1. */
  readonly until: number
  /** Pairs in all, at most; null for no limit but time. */
  readonly mostPairs: number | null
  /** Pairs with a closed window at each value that a load in percent refers to. */
  readonly capacityPairs: number
  /** No pair is started after so long, but for the first round of capacities; null for no limit. */
  readonly budgetSeconds: number | null
  /** The command line to repeat it. */
  readonly command: string
}

/** Capacities for the loads, or the pairs themselves. */
export type FindPart = 'capacity' | 'pairs'

/** What a search tells while it goes on: a trial begins, with null, or has ended. */
export interface FindEvent {
  readonly part: FindPart
  /** Of this part, from 1. */
  readonly pair: number
  readonly value: number
  /** Label. */
  readonly arm: string
  readonly trial: PointTrial | null
}

export interface FindHooks {
  /** @param doneFraction share of the longest that it can take, 0 … 1. */
  onEvent(event: FindEvent, search: CrossingSearch, doneFraction: number): void
  /** Called after every trial, and at the end. */
  save(search: CrossingSearch): void
  /** Aborted by Ctrl-C: threads stop within a second, the result says `complete: false`. */
  readonly signal: AbortSignal
}
