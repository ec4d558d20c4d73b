import { shardOf } from '../base/hash.ts'
import { combineSeeds, seededRandom } from '../base/random.ts'
import { BYTES_PER_WORD, roundUp } from '../base/units.ts'
import { READ_OPERATION } from '../contract/request.ts'
import type { Workload } from '../contract/workload.ts'
import { type KeySpace, SAME_SIZES, type SizeTables } from './keys.ts'
import { VALUE_HEAD_BYTES } from './known-records.ts'
import type { Trace, TraceOrder } from './trace-layout.ts'
import { assembleTrace, portChooser } from './trace.ts'

/** Requests that somebody else recorded, in the order of their instants: what a run plays in place of drawn ones. */
export interface RequestLog {
  /** For the report: where it came from, without folders. */
  readonly file: string
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string
  /** Seconds since the first request, ascending; the last one is above 0. */
  readonly instants: Float64Array
  /** Index of each request's key: keys are numbered in the order in which they first appear. */
  readonly keys: Int32Array
  /** `READ_OPERATION` or `UPDATE_OPERATION`. */
  readonly operations: Uint8Array
  readonly keyCount: number
  /** Bytes of each key's value behind its head, by key index. */
  readonly sizes: SizeTables
  /** Requests that stood behind a later one and were sorted. */
  readonly unordered: number
  /** Share of the requests that have the instant of the one before: what a coarse clock makes of them. */
  readonly simultaneousShare: number
  /** Whether those were spread. */
  readonly isSpread: boolean
  /** What was read and what was left out, for people; empty for a log that was played as it is. */
  readonly notes: readonly string[]
  /** The log's own pace: requests ÷ the time that they take, the mean gap behind the last one included. */
  readonly perSecond: number
}

/** Takes requests one after the other and makes a log of them; about 30 bytes per request, and each key's text. */
export class RequestLogBuilder {
  readonly #indices = new Map<string, number>()
  #instants = new Float64Array(1 << 10)
  #keys = new Int32Array(1 << 10)
  #operations = new Uint8Array(1 << 10)
  /** Of the whole value, the largest that any request of the key said; 0 while none did. */
  #valueBytes = new Uint16Array(1 << 10)
  #count = 0
  #unordered = 0

  /** Requests so far. */
  get count(): number {
    return this.#count
  }

  /** Instant of the request added last; −∞ before the first. */
  get latestInstant(): number {
    return this.#count === 0 ? Number.NEGATIVE_INFINITY : this.#instants[this.#count - 1]!
  }

  /**
   * Appends a request.
   * @param instant seconds; those of an earlier instant are sorted in by `finish`.
   * @param valueBytes of the whole value, 1 … 65,535; 0 when the request does not say.
   */
  add(instant: number, operation: number, key: string, valueBytes: number): void {
    const at = this.#count++
    if (at === this.#instants.length) {
      this.#instants = grown(this.#instants)
      this.#keys = grown(this.#keys)
      this.#operations = grown(this.#operations)
    }
    if (at > 0 && instant < this.#instants[at - 1]!) this.#unordered++
    const index = this.#indexOf(key)
    this.#instants[at] = instant
    this.#operations[at] = operation
    this.#keys[at] = index
    if (valueBytes > this.#valueBytes[index]!) this.#valueBytes[index] = valueBytes
  }

  #indexOf(key: string): number {
    const known = this.#indices.get(key)
    if (known !== undefined) return known
    const index = this.#indices.size
    this.#indices.set(key, index)
    if (index === this.#valueBytes.length) this.#valueBytes = grown(this.#valueBytes)
    return index
  }

  /**
   * The log of all requests so far; undefined when fewer than two instants differ, since it has no pace then.
   * @param spread whether requests of one instant are spread evenly up to the next one. @default false
   */
  finish(origin: Pick<RequestLog, 'file' | 'sha256'>, spread = false): RequestLog | undefined {
    const count = this.#count
    const order = this.#unordered === 0 ? null : this.#orderOfInstants()
    const taken = <A extends Float64Array | Int32Array | Uint8Array>(array: A): A => {
      const copy = array.slice(0, count) as A
      for (let at = 0; order !== null && at < count; at++) copy[at] = array[order[at]!]!
      return copy
    }
    const instants = taken(this.#instants)
    const first = instants[0] ?? 0
    for (let at = 0; at < count; at++) instants[at]! -= first
    const length = instants[count - 1] ?? 0
    if (length <= 0) return undefined
    let simultaneous = 0
    for (let at = 1; at < count; at++) if (instants[at] === instants[at - 1]) simultaneous++
    if (spread) spreadInstants(instants)
    return {
      ...origin,
      instants,
      keys: taken(this.#keys),
      operations: taken(this.#operations),
      keyCount: this.#indices.size,
      sizes: { ...SAME_SIZES, payloadBytes: this.#payloadBytes() },
      unordered: this.#unordered,
      simultaneousShare: simultaneous / count,
      isSpread: spread,
      notes: [],
      perSecond: (count - 1) / instants[count - 1]!,
    }
  }

  /** Requests of one instant stay in their order. */
  #orderOfInstants(): Uint32Array {
    const instants = this.#instants
    return Uint32Array.from({ length: this.#count }, (_, at) => at).sort(
      (a, b) => instants[a]! - instants[b]! || a - b,
    )
  }

  /** A key of which no request said a size gets the mean of the others'; when none did, the head is all. */
  #payloadBytes(): Uint16Array<SharedArrayBuffer> {
    const count = this.#indices.size
    const said = this.#valueBytes.subarray(0, count).filter((bytes) => bytes > 0)
    const mean = Math.round(said.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, said.length))
    const sizes = new Uint16Array(new SharedArrayBuffer(count * Uint16Array.BYTES_PER_ELEMENT))
    for (let key = 0; key < count; key++)
      sizes[key] = Math.max(0, (this.#valueBytes[key]! || mean) - VALUE_HEAD_BYTES)
    return sizes
  }
}

/** Those of the last instant get as long as those before it. */
function spreadInstants(instants: Float64Array): void {
  let step = 0
  for (let from = 0; from < instants.length;) {
    const instant = instants[from]!
    let end = from + 1
    while (end < instants.length && instants[end] === instant) end++
    if (end < instants.length) step = instants[end]! - instant
    for (let at = from; at < end; at++) instants[at] = instant + (step * (at - from)) / (end - from)
    from = end
  }
}

function grown<A extends Float64Array | Int32Array | Uint16Array | Uint8Array>(array: A): A {
  const larger = new (array.constructor as new (length: number) => A)(array.length * 2)
  larger.set(array)
  return larger
}

const NO_SERVICES = new Int32Array(0)
const NO_LEGS = new Uint8Array(0)

/** Which part of a log is played. */
type LogPart =
  /** All of it, going round, from a request that the order's seed draws: another one in each round. */
  | 'round'
  /** Its end: what came before its beginning, if it went round. For a warm-up. */
  | 'end'

/** Makes a seed for the beginning of a part out of a trace's own. */
const PART_SEED = 3

/** Seconds after which a log begins again: the gap behind its last request is its mean one. */
function cycleSeconds({ instants, perSecond }: RequestLog): number {
  return instants.at(-1)! + 1 / perSecond
}

/**
 * Index of the request that a round's part of a log begins with: the next one after an instant that the seed draws from all of
 * its time, so that bursts and silences are met as often as they last. Never in a silence: a trial has a request.
 */
export function firstOfRound(log: RequestLog, seed: number): number {
  const at = seededRandom(combineSeeds(seed, PART_SEED)).unit() * cycleSeconds(log)
  const found = firstAtOrAfter(log.instants, at)
  return found === log.instants.length ? 0 : found
}

/** Index of the first instant that is not before this one; their number when all are. */
function firstAtOrAfter(instants: Float64Array, instant: number): number {
  let [low, high] = [0, instants.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (instants[middle]! < instant) low = middle + 1
    else high = middle
  }
  return low
}

/** What of a log is due in a trial. */
export interface PlayedPart {
  /** Where it begins, in seconds since the log's first request. */
  readonly fromSeconds: number
  /** Requests that are due in it, counted from their instants. */
  readonly requests: number
}

/**
 * What a round plays of a log.
 * @param seed of the round's trace. @param logSeconds of the log's time that a trial lasts: more than its own at a higher load.
 */
export function partOfRound(log: RequestLog, seed: number, logSeconds: number): PlayedPart {
  const { instants } = log
  const cycle = cycleSeconds(log)
  const first = firstOfRound(log, seed)
  const fromSeconds = instants[first]!
  const cycles = Math.floor(logSeconds / cycle)
  const end = fromSeconds + (logSeconds - cycles * cycle)
  const rest =
    firstAtOrAfter(instants, end) -
    first +
    (end > cycle ? firstAtOrAfter(instants, end - cycle) : 0)
  return { fromSeconds, requests: cycles * instants.length + rest }
}

/**
 * A cyclic trace of a log's requests: its instants, keys and operations as they are, each at a port that is drawn from the
 * order's seed. About 100 ns per request.
 * @param order its `count` is the most requests that `end` takes; of a round all are taken.
 */
export function logTrace(
  log: RequestLog,
  part: LogPart,
  order: TraceOrder,
  keySpace: KeySpace,
): Trace {
  const length = log.keys.length
  const from = part === 'round' ? firstOfRound(log, order.seed) : Math.max(0, length - order.count)
  const turned = part === 'round' ? from : 0
  const count = length - from + turned
  const first = log.instants[from]!
  const instants = new Float64Array(count)
  const keys = new Int32Array(count)
  const operations = new Uint8Array(count)
  const cycle = cycleSeconds(log)
  for (let at = 0; at < count; at++) {
    const isTurned = from + at >= length
    const source = isTurned ? from + at - length : from + at
    instants[at] = log.instants[source]! - first + (isTurned ? cycle : 0)
    keys[at] = log.keys[source]!
    operations[at] = log.operations[source]!
  }
  const random = seededRandom(order.seed)
  const portOf = portChooser(order)
  const ports = Int32Array.from(keys, (key) =>
    portOf(shardOf(keySpace.hashes[key]!, order.portCount), random.unit()),
  )
  const cycleLength = part === 'round' ? cycle : instants[count - 1]! + 1 / log.perSecond
  const requests = {
    instants,
    cycleLength,
    keys,
    operations,
    ports,
    services: NO_SERVICES,
    legs: NO_LEGS,
  }
  return assembleTrace(requests, { ...order, count }, keySpace)
}

/** The workload of a scenario with a log's records and requests in place of its own: what is left of it are clients and surroundings. */
export function logWorkload(log: RequestLog, workload: Workload): Workload {
  const { insertRoom: _, valueSizes: __, keySizes: ___, classes, ...others } = workload
  const reads = log.operations.filter((operation) => operation === READ_OPERATION).length
  const longest = log.sizes.payloadBytes.reduce((a, b) => Math.max(a, b), 0)
  return {
    ...others,
    recordCount: log.keyCount,
    valueBytes: roundUp(longest, BYTES_PER_WORD) + VALUE_HEAD_BYTES,
    operations: { read: reads, update: log.operations.length - reads },
    // For whoever asks: the trace has the log's own keys and instants.
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    // A log has no hot key that is known, and draws no service times.
    ...((classes?.by === 'client' || classes?.by === 'operation') && { classes }),
  }
}
