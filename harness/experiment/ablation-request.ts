import type { Ablation, ChainTrial } from '../results/ablation.ts'
import type { Chain } from './ablation-chain.ts'
import type { LoadedScenario, LoadRequest } from './run-request.ts'

/** Everything that decides what an ablation does. */
export interface AblationRequest {
  readonly loaded: LoadedScenario
  readonly chain: Chain
  /** Where latencies are compared: the same absolute load for all arms; a percentage is of the smallest capacity. */
  readonly load: Exclude<LoadRequest, { kind: 'max' }>
  /** Rounds at the load, and as many pairs of the ends. */
  readonly rounds: number
  /** Rounds at capacity, and as many pairs of the ends. */
  readonly capacityRounds: number
  /** Confidence of the intervals, e.g. 0.95. */
  readonly level: number
  /** Steady state of one trial at the load. */
  readonly durationSeconds: number
  /** Right answers are all that it is about: the shortest warm-up. @default false */
  readonly answersOnly?: boolean
  /** No trial is started after so long, but for the first round of capacities; null for no limit. */
  readonly budgetSeconds: number | null
  readonly cpus: readonly number[]
  readonly seed: number
  /** The command line to repeat it. */
  readonly command: string
}

/** What is measured: throughput with a closed window, or latencies at the load. */
export type AblationPart = 'capacity' | 'latency'

/** All arms of the chain, or its first and last alone. */
export type RoundGroup = 'rounds' | 'ends'

/** Which round a trial belongs to. */
export interface RoundPlace {
  readonly part: AblationPart
  readonly group: RoundGroup
  /** From 1. */
  readonly round: number
  readonly of: number
}

/** What an ablation tells while it goes on: a trial begins, with null, or has ended. */
export interface AblationEvent extends RoundPlace {
  /** Its place in the chain, from 0. */
  readonly arm: number
  readonly trial: ChainTrial | null
}

export interface AblationHooks {
  /** @param doneFraction share of the planned trials, 0 … 1, weighed by their length. */
  onEvent(event: AblationEvent, ablation: Ablation, doneFraction: number): void
  /** Called after every round, and at the end. */
  save(ablation: Ablation): void
  /** Aborted by Ctrl-C: threads stop within a second, the result says `complete: false`. */
  readonly signal: AbortSignal
}
