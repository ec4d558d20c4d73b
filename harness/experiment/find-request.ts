import type { CrossingSearch } from '../results/crossing.ts'
import type { PointTrial } from '../results/point-pair.ts'
import type { ComparisonName } from '../results/schema.ts'
import type { PointStep } from './points/pair-rounds.ts'
import type { PointRequest } from './points/point-request.ts'
import type { Advance, LoadedScenario } from './run-request.ts'

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
  /** Nothing is started that would end after so long; null for no limit. */
  readonly budgetSeconds: number | null
  /** The command line to repeat it. */
  readonly command: string
}

/** What a search tells while it goes on. */
export interface FindEvent {
  /** At the load, or with a closed window; null of what is done before a pair. */
  readonly part: 'load' | 'closed' | null
  /** Of all, from 1. */
  readonly pair: number
  readonly value: number
  /** Label; null when it concerns both. */
  readonly arm: string | null
  /** That has ended; null when something begins. */
  readonly trial: PointTrial | null
  readonly doing: PointStep['doing']
}

export interface FindHooks {
  /** @param advance of the longest that it can take */
  onEvent(event: FindEvent, search: CrossingSearch, advance: Advance): void
  /** Called after every trial, and at the end. */
  save(search: CrossingSearch): void
  /** Aborted by Ctrl-C: threads stop within a second, the result says `complete: false`. */
  readonly signal: AbortSignal
}
