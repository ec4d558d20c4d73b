import type { Records, Request } from './request.ts'

/** What a scenario says of each step of a request: what it touches, what it costs, what it waits for. */

/** How a stage touches the record of the request's key. `none`: not at all; may run on any thread. */
export type Access = 'none' | 'read' | 'write' | 'by-operation'

/** Behind `micros`: each request's own service time, drawn from the workload's `serviceTimes`, the same in both architectures. */
export const DRAWN = 'drawn'

/** CPU work, burnt by the harness as calibrated iterations before `run`: a preempted thread does not get it for free. */
export interface Burn {
  /** Microseconds of CPU time on the calibrated machine, 0 … 1,000,000. */
  readonly micros: number | typeof DRAWN
}

/** Waiting before `run` that the architecture carries out: a pool thread sleeps, a reactor sets a timer and goes on. */
export interface Wait {
  /** Microseconds, 0 … 10,000,000. */
  readonly micros: number | typeof DRAWN
  /** A call that blocks: whoever executes it stops, a reactor too. @default false */
  readonly blocking?: boolean
  /** A blocking call that is known to block: a reactor hands it to its off-load pool, unless the arm has none. @default false */
  readonly offload?: boolean
}

/** Short-lived objects that whoever executes the stage makes on its heap before `run`: work for its collector. */
export interface HeapChurn {
  /** Objects of about 64 bytes per request, 0 … 100,000. */
  readonly objects: number
  /** Of them kept until the thread has made 131,072 others: these survive young collections. @default 0 */
  readonly kept?: number
}

/** Pages of the workload's `memory` that whoever executes the stage touches before `run`, the next ones each time. */
export interface PageTouch {
  /** Per request, 0 … 1,000. */
  readonly pages: number
  /** `drawn`: only requests whose drawn service time is above 0 touch any: with a mixture, a share of them. @default all do */
  readonly requests?: typeof DRAWN
}

/** One block of the workload's `file`, the one of the request's hash, read before `run`: a blocking call, known to block. */
export interface BlockRead {
  /** Whether a reactor hands it to its off-load pool, unless the arm has none or a cache of one's own has the block. @default true */
  readonly offload?: boolean
}

/** A step that the harness carries out in the port's own format: bytes → request, request → reply bytes. */
export interface CodecStage {
  readonly name: string
  readonly codec: 'decode' | 'encode'
}

/** A step of the scenario's own. */
export interface HandlerStage {
  readonly name: string
  /** @default 'none' */
  readonly access?: Access
  /** The same step also decodes before its work, encodes after it, or both: one stage and one handoff instead of three. */
  readonly codec?: 'decode' | 'encode' | 'both'
  /** These happen before `run`, in this order. A stage with a keyed access has no `wait` but a blocking one, and no `read`. */
  readonly wait?: Wait
  readonly read?: BlockRead
  readonly touch?: PageTouch
  readonly churn?: HeapChurn
  readonly burn?: Burn
  /** Synchronous and allocation-free. `records` is usable only in a keyed stage. */
  run(request: Request, records: Records): void
  /**
   * For requests over many keys, in a keyed stage, in place of the one record that `run` would get: the work on one of them,
   * `leg`, a request of its own with its own reply. Legs are not atomic together, in either architecture.
   */
  runKey?(leg: Request, records: Records): void
  /** With `runKey`: makes one reply of the finished legs, at the request's origin. `run` is not called then. */
  combine?(request: Request, legs: readonly Request[]): void
}

export type Stage = CodecStage | HandlerStage
