import type { PointTrial } from '../results/point-pair.ts'
import type { ComparisonName } from '../results/schema.ts'
import type { Sweep } from '../results/sweep.ts'
import type { PointRequest } from './points/point-request.ts'
import type { LoadedScenario } from './run-request.ts'

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
  /** Whether capacity is measured at every value. */
  readonly throughput: boolean
  /** Pairs with a closed window at each value that needs them. */
  readonly capacityPairs: number
  /** No pair is started after so long, but for the first round of capacities; null for no limit. */
  readonly budgetSeconds: number | null
  /** The command line to repeat it. */
  readonly command: string
}

/** What is measured: throughput with a closed window, or latencies at the load. */
export type SweepPart = 'capacity' | 'latency'

/** What a sweep tells while it goes on: a trial begins, with null, or has ended. */
export interface SweepEvent {
  readonly part: SweepPart
  /** From 1: every value once. */
  readonly round: number
  readonly of: number
  readonly value: number
  /** Label. */
  readonly arm: string
  readonly trial: PointTrial | null
}

export interface SweepHooks {
  /** @param doneFraction share of the planned trials, 0 … 1, weighed by their length. */
  onEvent(event: SweepEvent, sweep: Sweep, doneFraction: number): void
  /** Called after every trial, and at the end. */
  save(sweep: Sweep): void
  /** Aborted by Ctrl-C: threads stop within a second, the result says `complete: false`. */
  readonly signal: AbortSignal
}
