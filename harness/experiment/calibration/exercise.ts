import type { Clock } from '../../base/clock.ts'
import type { MessagePort } from 'node:worker_threads'
import type { AwakeThreads } from '../../shared-memory/awake-threads.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { PairMemory } from './pair-memory.ts'
import type { Samples } from './samples.ts'

/**
 * Something that two threads do together for a while. The follower begins first. Every wait for the other thread is
 * without end: whoever started both ends them by force when one is late.
 */
export interface Exercise {
  /** Takes samples, at least one, until the time is over or they are full; then stops the follower. */
  lead(untilNs: number, samples: Samples): void | Promise<void>
  /** Until the leader stops it. */
  follow(): void | Promise<void>
}

/** What one of the two threads makes its exercises of. */
export interface ExerciseParts {
  readonly memory: PairMemory
  readonly clock: Clock
  readonly awake: AwakeThreads
  readonly counters: ThreadCounters
  /** To the other thread. */
  readonly port: MessagePort
}
