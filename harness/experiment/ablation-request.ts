import type { Ablation, ChainTrial } from '../results/ablation.ts'
import type { Chain } from './ablation-chain.ts'
import type { Advance, LoadedScenario, LoadRequest } from './run-request.ts'

/** Everything that decides what an ablation does. */
export interface AblationRequest {
  readonly loaded: LoadedScenario
  readonly chain: Chain
  /** Where latencies are compared: the same absolute load for all arms; a percentage is of the smallest capacity. */
  readonly load: Exclude<LoadRequest, { kind: 'max' }>
  /** Rounds at the load, and as many pairs of the ends. */
  readonly rounds: number
  /** Rounds with a closed window, too, and as many pairs of the ends. */
  readonly capacityRounds: number
  /** Confidence of the intervals, e.g. 0.95. */
  readonly level: number
  /** Steady state of one trial at the load. */
  readonly durationSeconds: number
  /** Right answers are all that it is about: the shortest warm-up. @default false */
  readonly answersOnly?: boolean
  /** Nothing is started that would end after so long; null for no limit. */
  readonly budgetSeconds: number | null
  readonly cpus: readonly number[]
  readonly seed: number
  /** The command line to repeat it. */
  readonly command: string
}

/** All arms of the chain, or its first and last alone. */
export type RoundGroup = 'rounds' | 'ends'

/** Which round a trial belongs to. */
export interface RoundPlace {
  /** Throughput with a closed window, or latencies at the load. */
  readonly part: 'capacity' | 'latency'
  readonly group: RoundGroup
  /** From 1. */
  readonly round: number
  readonly of: number
}

/** What an ablation tells while it goes on. */
export interface AblationEvent extends Omit<RoundPlace, 'part'> {
  /** Null of what is done before trials. */
  readonly part: RoundPlace['part'] | null
  /** Its place in the chain, from 0; null when it concerns all. */
  readonly arm: number | null
  /** That has ended; null when something begins. */
  readonly trial: ChainTrial | null
  readonly doing: 'starting servers' | 'warming up' | 'searching capacity' | 'measuring'
}

export interface AblationHooks {
  onEvent(event: AblationEvent, ablation: Ablation, advance: Advance): void
  /** Called after every trial, and at the end. */
  save(ablation: Ablation): void
  /** Aborted by Ctrl-C: threads stop within a second, the result says `complete: false`. */
  readonly signal: AbortSignal
}
