import type { PhaseMemory } from '../../shared-memory/phase-layout.ts'
import type { RequestSlabMemory } from '../../shared-memory/request-slab-layout.ts'
import type { KnownRecords } from '../../workload/known-records.ts'
import type { ControlMemory, PlayedPhase } from './control.ts'
import type { PlaybackMemory } from './playback.ts'

/** What the owner of a replay port needs. */
export interface ReplayPortMemory {
  readonly kind: 'replay'
  readonly index: number
  readonly control: ControlMemory
  readonly slab: RequestSlabMemory
  readonly firstSlot: number
  /** Slots of this port: the permits for requests in flight. */
  readonly slotCount: number
  readonly records: KnownRecords
  /** A request that waited longer, for a permit or for one that works on it, is refused; 0 for never. */
  readonly deadlineNs: number
  /** By phase. The steady state's recorder also holds the port's own totals. */
  readonly playbacks: Readonly<Record<PlayedPhase, PlaybackMemory>>
  /** Stamps of sampled requests; null where none is sampled. */
  readonly stamps: PhaseMemory | null
  /** For tests: the reply with this number is forgotten; 0 for none. */
  readonly dropReply: number
}
