import type { PointTrial } from '../results/point-pair.ts'
import type { ComparisonName } from '../results/schema.ts'
import type { Sweep } from '../results/sweep.ts'
import type { PointStep } from './points/pair-rounds.ts'
import type { PointRequest } from './points/point-request.ts'
import type { Advance, LoadedScenario } from './run-request.ts'

/** Everything that decides what a sweep does. */
export interface SweepRequest extends PointRequest {
  /** With the fixed parameters, and the default of the one that varies. */
  readonly loaded: LoadedScenario
  /** Pairs at each value. */
  readonly pairs: number
  /** What outcomes are about; throughput is that of the closed window. */
  readonly metric: ComparisonName
  /** Confidence that an outcome needs, e.g. 0.95. */
  readonly level: number
  /** Whether throughput is measured at every value. */
  readonly throughput: boolean
  /** Pairs with a closed window at each value, where throughput is. */
  readonly capacityPairs: number
  /** Nothing is started that would end after so long; null for no limit. */
  readonly budgetSeconds: number | null
  /** The command line to repeat it. */
  readonly command: string
}

/** What a sweep tells while it goes on. */
export interface SweepEvent {
  /** Latencies at the load, or throughput with a closed window; null of what is done before pairs. */
  readonly part: 'load' | 'closed' | null
  /** From 1: every value once. */
  readonly round: number
  readonly of: number
  readonly value: number
  /** Label; null when it concerns both. */
  readonly arm: string | null
  /** That has ended; null when something begins. */
  readonly trial: PointTrial | null
  readonly doing: PointStep['doing']
}

export interface SweepHooks {
  onEvent(event: SweepEvent, sweep: Sweep, advance: Advance): void
  /** Called after every trial, and at the end. */
  save(sweep: Sweep): void
  /** Aborted by Ctrl-C: threads stop within a second, the result says `complete: false`. */
  readonly signal: AbortSignal
}
