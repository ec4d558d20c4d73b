import type { Clock } from '../../base/clock.ts'
import type { FetchableRecords, Step } from '../../contract/architecture.ts'
import type { Port } from '../../contract/port.ts'
import type { BackgroundSlices } from '../../measure/background-slices.ts'
import type { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import type { LateSlots } from '../../shared-memory/late-slots.ts'
import type { PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { Peer } from './mailbox.ts'

/** Queues between a reactor and the off-load threads; see `OffLoadThread`. */
interface OffLoadQueues {
  readonly requests: BoundedQueue
  /** This shard's own. */
  readonly replies: BoundedQueue
}

/** What a reactor is made of. */
export interface ReactorParts {
  readonly shard: number
  readonly shardCount: number
  readonly port: Port
  /** Slots of the port, and those that each of them has for legs. */
  readonly firstSlot: number
  readonly slotCount: number
  readonly legsPerSlot: number
  readonly clock: Clock
  readonly view: RequestView
  /** The shard's own records: nobody else touches them. */
  readonly records: FetchableRecords
  readonly steps: readonly Step[]
  /** The other shards. */
  readonly peers: readonly Peer[]
  /** Null where no request has a deadline. */
  readonly lateSlots: LateSlots | null
  readonly counters: ThreadCounters
  readonly stamps: PhaseStamps
  /** Most requests that one turn takes from each source. */
  readonly batch: number
  /** A turn that takes longer makes the next ones take fewer requests. */
  readonly quotaNs: number
  /** Longest burn in one go; infinite where burns are not sliced. */
  readonly sliceNs: number
  readonly burnIterationsPerNs: number
  /** Null where calls that block are executed here. */
  readonly offLoad: OffLoadQueues | null
  /** Null where there is none. */
  readonly background: BackgroundSlices | null
  /** CPU time of one of its slices. */
  readonly backgroundSliceNs: number
}
