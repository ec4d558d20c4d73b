import { ISOLATION_BYTES, roundUp } from '../base/units.ts'

/*
 * Where the time of sampled requests went: doubles per slot, nanoseconds, next to nobody else's. They belong to whoever
 * the slot belongs to, and travel with it: written before the slot's index is published, read after the load that saw it.
 *
 *   0      last       when the part that runs now began
 *   1      ingress    from the due instant until the port's thread took the request
 *   2      service    the request's own share of the batches that it was served in
 *   3      batch      the rest of these batches: waiting for the others
 *   4      lock       waiting for locks of the data while its batch was served: each lock that anyone of it waited for
 *   5      egress     from the end of its last stage until its reply is taken as sent
 *   6      declared   waits that its stages declare; those of others in its batch that it sat through, too
 *   7 …    waits      a cell per place to wait in (staged: by stage, its queue; sharded: see below)
 *   …      stages     a cell per stage, behind the waits: what of `service` was that stage's
 *
 * Every part, from `ingress` to the last wait, begins where the one before it ended, so the parts add up to the latency,
 * whichever clocks read them. The cells of the stages are none of them: they add up to `service`, which is stamped at the end
 * of each stage, in batches that hold a sampled request. A stage that was left with nothing to stamp (its legs are with other
 * shards, say) keeps 0.
 */
export const CELL_LAST = 0
export const CELL_INGRESS = 1
export const CELL_SERVICE = 2
export const CELL_BATCH = 3
export const CELL_LOCK = 4
export const CELL_EGRESS = 5
export const CELL_DECLARED = 6
export const CELL_WAITS = 7

/** Waits of a sharded server: two mailboxes; for legs to come back; for an off-load thread; between slices of a burn. */
export const WAIT_REQUEST_MAILBOX = 0
export const WAIT_REPLY_MAILBOX = 1
export const WAIT_LEGS = 2
export const WAIT_OFF_LOAD = 3
export const WAIT_SLICE = 4
export const SHARDED_WAITS = 5

/** In the slot's first word, above the port: the request is sampled. */
export const SAMPLED = 1 << 16
export const PORT_MASK = SAMPLED - 1

/** One request in so many is sampled. */
export const REQUESTS_PER_SAMPLE = 32
/** Runs are this long at most: several batches. */
const LONGEST_RUN = 128
/** Sampled runs follow one another within this time. */
const PERIOD_SECONDS = 0.01

/**
 * How many requests in a row are sampled: few where requests are rare, so that samples are spread over a trial; many where
 * they are frequent, so that most batches have none and the others share readings of the clock. (Runs of 8 in every batch
 * cost the staged server 11 % of its capacity.) A power of two; the same for both architectures at the same load.
 * @param perSecond requests of one port; infinite for `max`.
 */
export function sampleRun(perSecond: number): number {
  const wanted = (perSecond * PERIOD_SECONDS) / REQUESTS_PER_SAMPLE
  let run = 1
  while (2 * run <= Math.min(wanted, LONGEST_RUN)) run *= 2
  return run
}

/**
 * Whether the request at a position of the trace is sampled: the same ones in both architectures. One run in every 32, at
 * a place that changes from one to the next, so that the start of a trial, when threads may sleep, has no more of them.
 * @param runBits binary logarithm of the run's length.
 */
export function isSampled(position: number, runBits: number): boolean {
  const block = position >>> runBits
  const place = Math.imul((block >>> 5) + 1, 0x9e3779b1) >>> 27
  return (block & (REQUESTS_PER_SAMPLE - 1)) === place
}

/** What threads share of the stamps. */
export interface PhaseMemory {
  readonly cells: Float64Array<SharedArrayBuffer>
  /** Doubles between two slots' cells: whole pairs of cache lines. */
  readonly stride: number
  /** The first stage's cell, behind the last part. */
  readonly stageCell: number
  /** Cells in use: `CELL_WAITS`, the waits and the stages. */
  readonly cellCount: number
}

/** @param waits places that a request can wait in. @param stages of the scenario. */
export function createPhaseMemory(slotCount: number, waits: number, stages: number): PhaseMemory {
  const stageCell = CELL_WAITS + waits
  const cellCount = stageCell + stages
  const bytes = roundUp(cellCount * Float64Array.BYTES_PER_ELEMENT, ISOLATION_BYTES)
  const stride = bytes / Float64Array.BYTES_PER_ELEMENT
  return {
    cells: new Float64Array(new SharedArrayBuffer(slotCount * bytes)),
    stride,
    stageCell,
    cellCount,
  }
}
