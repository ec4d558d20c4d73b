import { finishKeyHash, mixKeyWord } from '../base/hash.ts'
import type { KeysPerRequest, Workload } from '../contract/workload.ts'

/*
 * A request over many keys names the first one; client and server both find the others by `legKey`. A leg is the work on
 * one of them: leg 0 that on the key named.
 */

/** How the keys of a request follow from its first one. */
export type Spread = KeysPerRequest['spread']

/**
 * Key index of a leg. `neighbours`: so many keys behind the first one, from the last record on to the first: all different
 * while there are as many records. `scattered`: by a hash of first key and leg, each of the records equally likely, so a
 * key may come twice: 16 of 100,000 do once in a thousand requests. What is inserted is a leg only as a first key. About 3 ns.
 */
export function legKey(
  spread: Spread,
  firstKeyIndex: number,
  leg: number,
  recordCount: number,
): number {
  if (leg === 0) return firstKeyIndex
  if (spread === 'neighbours') return (firstKeyIndex + leg) % recordCount
  return (finishKeyHash(mixKeyWord(mixKeyWord(0, firstKeyIndex), leg)) >>> 0) % recordCount
}

/** Bytes that the reply says of each leg: version and checksum of its value. */
export const LEG_REPLY_BYTES = 8

/**
 * The trace of one port, in shared memory: entry i of each array is one request. The arrays are read in order, so the
 * processor prefetches them, and kept small (12 bytes a request), so that playing them leaves the caches to the server.
 *
 *   instants   Uint32   due instant, as a fraction of the cycle times 2³²
 *   requests   Int32    key index × 4 + operation
 *   hashes     Int32    hash of the key: what the client checks the reply with
 *   services   Int32    service time in nanoseconds; empty when the workload draws none
 *   legs       Uint8    keys of the request; empty when the workload says of none how many
 *   classes    Uint8    class of the request; empty when the workload names none
 *
 * A cycle of 2¹⁷ mean gaps resolves 1/32,768 of a gap.
 */
export interface PortTrace {
  readonly count: number
  readonly instants: Uint32Array<SharedArrayBuffer>
  readonly requests: Int32Array<SharedArrayBuffer>
  readonly hashes: Int32Array<SharedArrayBuffer>
  readonly services: Int32Array<SharedArrayBuffer>
  readonly legs: Uint8Array<SharedArrayBuffer>
  readonly classes: Uint8Array<SharedArrayBuffer>
  /** How the keys of a request follow from its first one; null when `legs` is empty. */
  readonly spread: Spread | null
}

/** A place in shared memory for one port's part of one trace after the other; `size` tells of the present one. */
export interface TraceMemory extends Omit<PortTrace, 'count'> {
  /** Requests, and length of a cycle in mean gaps. */
  readonly size: Float64Array<SharedArrayBuffer>
}
export const TRACE_COUNT = 0
export const TRACE_CYCLE_GAPS = 1

/** Room for so many requests of one port. */
export function createTraceArrays(
  count: number,
  hasServices: boolean,
  spread: Spread | null,
  hasClasses: boolean,
): Omit<PortTrace, 'count'> {
  const buffer = (items: number, each: number) => new SharedArrayBuffer(items * each)
  const words = (items: number) => new Int32Array(buffer(items, Int32Array.BYTES_PER_ELEMENT))
  const bytes = (items: number) => new Uint8Array(buffer(items, Uint8Array.BYTES_PER_ELEMENT))
  return {
    instants: new Uint32Array(buffer(count, Uint32Array.BYTES_PER_ELEMENT)),
    requests: words(count),
    hashes: words(count),
    services: words(hasServices ? count : 0),
    legs: bytes(spread === null ? 0 : count),
    classes: bytes(hasClasses ? count : 0),
    spread,
  }
}

/** @param like a part of such a trace: whether it has services, legs and classes. @param capacity requests of a port at most. */
export function createTraceMemory(like: PortTrace, capacity: number): TraceMemory {
  return {
    ...createTraceArrays(capacity, like.services.length > 0, like.spread, like.classes.length > 0),
    size: new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT)),
  }
}

/** Copies a port's part of a trace to where the port plays it from, which it must not do meanwhile. */
export function loadTrace(memory: TraceMemory, trace: PortTrace, cycleGaps: number): void {
  memory.instants.set(trace.instants.subarray(0, trace.count))
  memory.requests.set(trace.requests.subarray(0, trace.count))
  memory.hashes.set(trace.hashes.subarray(0, trace.count))
  if (memory.services.length > 0) memory.services.set(trace.services.subarray(0, trace.count))
  if (memory.legs.length > 0) memory.legs.set(trace.legs.subarray(0, trace.count))
  if (memory.classes.length > 0) memory.classes.set(trace.classes.subarray(0, trace.count))
  memory.size[TRACE_COUNT] = trace.count
  memory.size[TRACE_CYCLE_GAPS] = cycleGaps
}

/** The four operations count from 1, so that two bits tell them apart once 1 is taken off. */
const OPERATION_BITS = 2
const OPERATION_MASK = (1 << OPERATION_BITS) - 1

/** Instants of a cycle. */
export const INSTANTS_PER_CYCLE = 2 ** 32

/** Packs a request; `key` < 2²⁹, `operation` 1 … 4. */
export function packRequest(key: number, operation: number): number {
  return ((key << OPERATION_BITS) + operation) | 0
}

/** Key index of a packed request. */
export function keyOf(request: number): number {
  return (request - 1) >>> OPERATION_BITS
}

/** Operation of a packed request. */
export function operationOf(request: number): number {
  return ((request - 1) & OPERATION_MASK) + 1
}

/** What a trace is drawn from, besides the keys of its workload: the same order gives the same trace anywhere. */
export interface TraceOrder {
  readonly workload: Workload
  readonly portCount: number
  readonly routing: Routing
  readonly seed: number
  /** Requests of one cycle. */
  readonly count: number
  /**
   * Which half of the insert room inserts take: the warm-up's trace takes the first, so that those of the steady state find
   * the other one empty. @default 'second'
   */
  readonly insertHalf?: 'first' | 'second'
}

/** Whether a client sends a request to any port or to the one of its key's shard. */
export type Routing = 'random' | 'shard-aware'

/** A cyclic trace: after its last request it begins again, `cycleGaps` mean gaps later. */
export interface Trace {
  readonly ports: readonly PortTrace[]
  /** Requests of one cycle, all ports together. */
  readonly count: number
  /** Length of a cycle in mean gaps: equal to `count`, so that the offered load is exact over a cycle. */
  readonly cycleGaps: number
  /** Share of the requests' keys that belong to the busiest of as many shards as there are ports. */
  readonly hottestShardShare: number
  /** Share of the requests that arrive at the busiest port. */
  readonly busiestPortShare: number
  /** For another process, which draws it anew instead of being sent it. */
  readonly order: TraceOrder
  /** Hash of all requests, hexadecimal: equal traces have equal hashes. */
  readonly hash: string
}
