import type { Access, Records, Request } from './scenario.ts'

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
  /** e.g. `network-0`, `apply-1`, `reactor-0`. */
  readonly name: string
  /** The port that this thread owns, or undefined for a pool thread. */
  readonly port?: number
  /** The one processor it is pinned to, or undefined when it may run on any of the run's processors. */
  readonly cpu?: number
}

/** Records that can be fetched into the caches before a stage needs them. Hints: they change nothing and answer nothing. */
export interface FetchableRecords extends Records {
  /** First pass over a batch: fetches the bucket of the request's key. */
  fetchBucket(request: Request): void
  /** Second pass: fetches the first record of that bucket, most often the key's own. */
  fetchRecord(request: Request): void
}

/** How a keyed stage is guarded where data are shared. */
export interface RecordGuard {
  lock(hash: number, write: boolean): void
  unlock(hash: number, write: boolean): void
}

/** A request view that can be pointed at slots. */
interface SlotView extends Request {
  at(slot: number): void
}

/** One stage of the scenario as an architecture executes it: codec and handler stages look the same to it. */
export interface Step {
  readonly name: string
  readonly access: Access
  /** Runs the stage on one request. `records` is usable only when `access` is not `none`. */
  run(request: Request, records: Records): void
  /** Runs it on the requests in `slots[from … to − 1]`, one after the other. */
  runBatch(view: SlotView, slots: Int32Array, from: number, to: number, records: Records): void
  /** The same under the lock of each request's key. */
  runGuarded(
    view: SlotView,
    slots: Int32Array,
    from: number,
    to: number,
    records: Records,
    guard: RecordGuard,
  ): void
}
