import { KEY_WORDS } from './keys.ts'

/**
 * The trace of one port, in shared memory. Entry i of each array is one request; the arrays are read in order, so that
 * the processor prefetches them.
 *
 *   instants   Float64   due instant within the cycle, in mean gaps of the whole trace
 *   entries    Int32     TRACE_ENTRY_WORDS words: length of the frame in bytes, operation, key bytes, payload bytes, key
 *   hashes     Int32     hash of the key: what the reply's checksum is checked with
 *   keys       Int32     index of the key
 */
export const ENTRY_LENGTH = 0
export const ENTRY_OPERATION = 1
export const ENTRY_KEY_BYTES = 2
export const ENTRY_PAYLOAD_BYTES = 3
export const ENTRY_KEY = 4
export const TRACE_ENTRY_WORDS = ENTRY_KEY + KEY_WORDS

/** What threads share of one port's part of a trace. */
export interface PortTrace {
  readonly count: number
  readonly instants: Float64Array<SharedArrayBuffer>
  readonly entries: Int32Array<SharedArrayBuffer>
  readonly hashes: Int32Array<SharedArrayBuffer>
  readonly keys: Int32Array<SharedArrayBuffer>
}

/** A cyclic trace: after its last request it begins again, `cycleGaps` mean gaps later. */
export interface Trace {
  readonly ports: readonly PortTrace[]
  /** Requests of one cycle, all ports together. */
  readonly count: number
  /** Length of a cycle in mean gaps: equal to `count`, so that the offered load is exact over a cycle. */
  readonly cycleGaps: number
  /** Share of the requests whose key belongs to the busiest of as many shards as there are ports. */
  readonly hottestShardShare: number
  /** Hash of everything above, hexadecimal: equal traces have equal hashes. */
  readonly hash: string
}
