import type { Access } from './stage.ts'
import type { Records, Request } from './request.ts'

/** What the trial knows of an architecture: how many threads of which role, and what each of them runs. */

export const ARCHITECTURE_NAMES = ['staged', 'sharded'] as const
export type ArchitectureName = (typeof ARCHITECTURE_NAMES)[number]

/** An option's value as the user writes it behind `--arms architecture:name=value`. */
type OptionValue = string | number | boolean

/**
 * One side of a comparison: an architecture with its options. `label` is how the user wrote it and how the report
 * names it; two arms of a run never share one.
 */
export interface Arm {
  readonly label: string
  readonly architecture: ArchitectureName
  /** Every option of the architecture, defaults included. */
  readonly options: Readonly<Record<string, OptionValue>>
}

/** A thread of a server: what the trial spawns, pins and names in the result. */
export interface ThreadPlan {
  /** e.g. `network-0`, `apply-1`, `timer`, `reactor-0`, `off-load-3`, `background-0`. */
  readonly name: string
  /** The port that this thread owns, or undefined for one that owns none. */
  readonly port?: number
  /** The one processor it is pinned to, or undefined when it may run on any of the run's processors. */
  readonly cpu?: number
  /** What a thread does that neither owns a port nor belongs to a pool of stages. */
  readonly duty?: 'off-load' | 'background' | 'timer'
  /** How the kernel ranks it, −20 … 19, larger for less. @default 0 */
  readonly niceness?: number
}

/** Records that can be fetched into the caches before a stage needs them. Hints: they change nothing and answer nothing. */
export interface FetchableRecords extends Records {
  /**
   * Fetches what a keyed stage will touch of the requests in `slots[from … to − 1]`: the bucket of each one's key, and the first
   * record in it, most often the key's own. The misses overlap. The view is only asked where slots are.
   */
  fetch(view: SlotView, slots: Int32Array, from: number, to: number): void
}

/** How a keyed stage is guarded where data are shared. */
export interface RecordGuard {
  /** What a stage gets for a request that only reads, in place of records and their lock. Null where it takes the lock. */
  readonly snapshots: Records | null
  lock(hash: number, write: boolean): void
  unlock(hash: number, write: boolean): void
}

/** A request view that can be pointed at slots. */
interface SlotView extends Request {
  at(slot: number): void
}

/** Runs something on the requests in `slots[from … to − 1]`, one after the other. */
export type RunBatch = (
  view: SlotView,
  slots: Int32Array,
  from: number,
  to: number,
  records: Records,
) => void

/** The same under the lock of each request's key, or on the guard's snapshots of the records. */
export type RunGuarded = (
  view: SlotView,
  slots: Int32Array,
  from: number,
  to: number,
  records: Records,
  guard: RecordGuard,
) => void

/** One stage of the scenario as an architecture executes it: codec and handler stages look the same to it. */
export interface Step {
  readonly name: string
  readonly access: Access
  /** Whoever calls it as a whole sleeps in it: for a declared wait that it may spend elsewhere, or a read. */
  readonly sleeps: boolean
  /** Runs the stage on one request, waits included. `records` is usable only when `access` is not `none`. */
  run(request: Request, records: Records): void
  readonly runBatch: RunBatch
  readonly runGuarded: RunGuarded
  /** Where a thread that must not stop may leave the stage; null where there is no such place. */
  readonly pieces: StepPieces | null
  /** For requests over many keys; null where the stage works on one. */
  readonly legs: StepLegs | null
}

/**
 * A keyless stage in pieces, for a thread that goes on with other requests in between: `before`, the wait, then either
 * `rest`, or `prepare`, the burn and `finish`.
 */
export interface StepPieces {
  /** What comes before a wait: decoding. Null when there is nothing. */
  readonly before: RunBatch | null
  /** How long the request waits without anyone's help, ns; 0 for not at all. Null where none does. */
  readonly waitNs: ((request: Request) => number) | null
  /** Whether the request blocks whoever executes `rest`, and may be handed to an off-load thread. Null where none may. */
  readonly isOffloaded: ((request: Request) => boolean) | null
  /** Behind the wait: everything, calls that block included. */
  readonly rest: RunBatch
  /** The longest burn of a request, ns: infinite where it is drawn; 0 where there is none. */
  readonly longestBurnNs: number
  /** Iterations of a request's burn. */
  readonly burnIterations: (request: Request) => number
  /** Behind the wait, before the burn. Null when there is nothing. */
  readonly prepare: RunBatch | null
  /** Behind the burn. */
  readonly finish: RunBatch
}

/** How a request over many keys is made into legs, and its legs into a reply. A leg has a slot of its own. */
export interface StepLegs {
  /** Writes the legs of the request that the view points at into their slots; tells how many. */
  split(request: SlotView): number
  /** Slot of a request's leg. */
  slotOf(slot: number, leg: number): number
  /** Slot of the request that a leg belongs to. */
  requestOf(legSlot: number): number
  /** Runs the stage on legs; under the lock of each leg's key. */
  readonly runBatch: RunBatch
  readonly runGuarded: RunGuarded
  /** Makes one reply of the finished legs of the request that the view points at. */
  combine(request: SlotView): void
}
