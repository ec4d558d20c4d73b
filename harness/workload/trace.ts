import { createHash } from 'node:crypto'
import { shardOf } from '../base/hash.ts'
import { combineSeeds, type Random, seededRandom } from '../base/random.ts'
import { INSERT_OPERATION } from '../contract/request.ts'
import type { ArrivalProcess, KeysPerRequest } from '../contract/workload.ts'
import type { KeySpace } from './keys.ts'
import { InsertOrder, operationDrawer } from './operations.ts'
import { classesOf, clientDrawer } from './request-classes.ts'
import { serviceDrawer } from './service-times.ts'
import {
  createTraceArrays,
  INSTANTS_PER_CYCLE,
  legKey,
  packRequest,
  type PortTrace,
  type Spread,
  type Trace,
  type TraceOrder,
} from './trace-layout.ts'
import { favouredKeys, GrayZipf, scrambledZipfian, zipfKeys } from './zipf.ts'

/** The requests of one cycle, of all ports together, in the order of their instants: entry i of each array is one request. */
export interface OrderedRequests {
  /** Since the beginning of the cycle, ascending, in any unit. */
  readonly instants: Float64Array
  /** In the same unit: where the cycle ends, at or behind the last instant and above 0. */
  readonly cycleLength: number
  /** Key index of each request. */
  readonly keys: Int32Array
  readonly operations: Uint8Array
  /** Port that each request arrives at. */
  readonly ports: Int32Array
  /** Service times in nanoseconds; empty when there are none. */
  readonly services: Int32Array
  /** Keys of each request; empty when each has the one. */
  readonly legs: Uint8Array
}

/**
 * Makes a trace of requests that were drawn, or read from a log: scales the instants to the cycle, so that the offered load
 * is exact over it, and deals the requests out to the ports. About 50 ns per request.
 * @param order kept in the trace; its `count` is the number of requests.
 */
export function assembleTrace(
  requests: OrderedRequests,
  order: TraceOrder,
  keySpace: KeySpace,
): Trace {
  const { instants, keys, operations, ports, services, legs } = requests
  const { portCount } = order
  const count = keys.length
  const perPort = new Int32Array(portCount)
  for (const port of ports) perPort[port]!++
  const classes = classesOf(requests, order, keySpace)
  const spread = legs.length === 0 ? null : (order.workload.keysPerRequest?.spread ?? null)
  const parts = Array.from(perPort, (positions) => ({
    count: positions,
    ...createTraceArrays(positions, services.length > 0, spread, classes.length > 0),
  }))
  const scale = INSTANTS_PER_CYCLE / requests.cycleLength
  const filled = new Int32Array(portCount)
  for (let i = 0; i < count; i++) {
    const part = parts[ports[i]!]!
    const index = filled[ports[i]!]!++
    part.instants[index] = Math.min(INSTANTS_PER_CYCLE - 1, Math.floor(instants[i]! * scale))
    part.requests[index] = packRequest(keys[i]!, operations[i]!)
    part.hashes[index] = keySpace.hashes[keys[i]!]!
    if (services.length > 0) part.services[index] = services[i]!
    if (spread !== null) part.legs[index] = legs[i]!
    if (classes.length > 0) part.classes[index] = classes[i]!
  }
  return {
    ports: parts,
    count,
    cycleGaps: count,
    hottestShardShare: hottestShardShare(requests, spread, portCount, keySpace),
    busiestPortShare: Math.max(...perPort) / count,
    order,
    hash: hashOf(parts),
  }
}

/** Every key of a request counts. */
function hottestShardShare(
  { keys, legs }: OrderedRequests,
  spread: Spread | null,
  shardCount: number,
  keySpace: KeySpace,
): number {
  const perShard = new Float64Array(shardCount)
  for (let i = 0; i < keys.length; i++) {
    const keyCount = spread === null ? 1 : legs[i]!
    for (let leg = 0; leg < keyCount; leg++) {
      const key = leg === 0 ? keys[i]! : legKey(spread!, keys[i]!, leg, keySpace.recordCount)
      perShard[shardOf(keySpace.hashes[key]!, shardCount)]!++
    }
  }
  return Math.max(...perShard) / perShard.reduce((sum, shard) => sum + shard, 0)
}

function hashOf(parts: readonly PortTrace[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    hash.update(new Uint8Array(part.instants.buffer))
    hash.update(new Uint8Array(part.requests.buffer))
    hash.update(new Uint8Array(part.services.buffer))
    hash.update(part.legs)
    hash.update(part.classes)
  }
  return hash.digest('hex').slice(0, 16)
}

/** Makes a seed for numbers of keys out of a trace's own. */
const LEGS_SEED = 2

export interface TraceRequest extends TraceOrder {
  readonly keySpace: KeySpace
}

/**
 * Draws a trace: instants, operations, keys, ports, service times, in this order per request, from one seed. The same seed
 * gives the same requests at the same instants under either routing and with any share of remote ones; only the ports
 * differ. About 0.3 µs per request.
 */
export function createTrace(request: TraceRequest): Trace {
  const { keySpace, ...order } = request
  const { workload, portCount, count } = order
  const random = seededRandom(request.seed)
  const inserts = new InsertOrder(workload, order.insertHalf)
  const nextKey = keyDrawer(order, random, inserts)
  const portOf = portChooser(order)
  const nextGap = gapDrawer(workload.arrivals, random)
  const nextOperation = operationDrawer(workload.operations, random)
  const nextService = workload.serviceTimes && serviceDrawer(workload.serviceTimes, random)
  const nextKeyCount = workload.keysPerRequest && keyCountDrawer(workload.keysPerRequest, order)

  const instants = new Float64Array(count)
  const keys = new Int32Array(count)
  const operations = new Uint8Array(count)
  const ports = new Int32Array(count)
  const services = new Int32Array(nextService === undefined ? 0 : count)
  const legs = new Uint8Array(nextKeyCount === undefined ? 0 : count)
  let instant = 0
  for (let i = 0; i < count; i++) {
    instants[i] = instant
    instant += nextGap()
    const operation = nextOperation()
    operations[i] = operation
    const isInsert = operation === INSERT_OPERATION
    const key = isInsert ? inserts.next() : nextKey()
    keys[i] = key
    ports[i] = portOf(shardOf(keySpace.hashes[key]!, portCount), random.unit())
    if (nextService !== undefined) services[i] = nextService()
    if (nextKeyCount !== undefined) legs[i] = isInsert ? 1 : nextKeyCount()
  }
  // The gap after the last request closes the cycle.
  const drawn = { instants, cycleLength: instant, keys, operations, ports, services, legs }
  return assembleTrace(drawn, order, keySpace)
}

/** From numbers of its own, so that traces with and without legs are alike in all else. */
function keyCountDrawer({ minimum, maximum }: KeysPerRequest, { seed }: TraceOrder): () => number {
  const random = seededRandom(combineSeeds(seed, LEGS_SEED))
  return () => minimum + Math.floor(random.unit() * (maximum - minimum + 1))
}

/** Draws the gaps between the requests of all ports together, of mean 1. Always by inversion: 1 − u is in (0, 1]. */
export function gapDrawer(arrivals: ArrivalProcess, random: Random): () => number {
  switch (arrivals.kind) {
    case 'constant':
      return () => 1
    case 'poisson':
      return () => exponential(random)
    case 'generalized-pareto':
      return paretoGaps(arrivals.shape, random)
    case 'bursts':
      return burstGaps(arrivals.onShare, arrivals.requests, random)
  }
}

/** A draw of mean 1. */
function exponential(random: Random): number {
  return -Math.log(1 - random.unit())
}

/** From location 0 on. The mean is scale ÷ (1 − shape). */
function paretoGaps(shape: number, random: Random): () => number {
  if (shape === 0) return () => exponential(random)
  const scale = 1 - shape
  return () => (scale * ((1 - random.unit()) ** -shape - 1)) / shape
}

/**
 * An interrupted Poisson process (Kuczura, Bell System Technical Journal 52(3), 1973): bursts and silences of exponential
 * length. In a burst requests come at 1 ÷ onShare, and it ends at a rate of 1 ÷ `requests` of that, so it has `requests` of
 * them in the mean. A burst and its silence together are as long as their requests are many, hence the mean gap of 1.
 */
function burstGaps(onShare: number, requests: number, random: Random): () => number {
  const goesOn = requests / (requests + 1)
  // Until the next request or the burst's end, whichever comes first.
  const meanStep = onShare * goesOn
  const meanSilence = requests * (1 - onShare)
  return () => {
    let gap = 0
    for (;;) {
      gap += meanStep * exponential(random)
      if (random.unit() < goesOn) return gap
      gap += meanSilence * exponential(random)
    }
  }
}

/** Makes a seed for ranks out of a trace's own. */
const RANKS_SEED = 1

/**
 * Draws the keys of the requests that insert nothing.
 * @param random the trace's own; distributions whose parameters are swept have one of their own, so that all else is the same.
 * @param inserts of the same trace, for keys whose age counts.
 */
export function keyDrawer(
  { workload, seed }: Pick<TraceOrder, 'workload' | 'seed'>,
  random: Random,
  inserts: InsertOrder,
): () => number {
  const { keys, recordCount } = workload
  if (keys.kind === 'uniform') return () => Math.floor(random.unit() * recordCount)
  if (keys.kind === 'scrambled-zipfian') return scrambledZipfian(recordCount, random)
  const ranks = seededRandom(combineSeeds(seed, RANKS_SEED))
  if (keys.kind === 'zipf') return zipfKeys(recordCount, keys.theta, ranks)
  if (keys.kind === 'latest') return latestKeys(recordCount, inserts, ranks)
  if (keys.kind === 'hot-key') return favouredKeys(recordCount, 1, keys.share, ranks)
  return favouredKeys(recordCount, keys.keyShare * recordCount, keys.requestShare, ranks)
}

/**
 * YCSB's SkewedLatestGenerator: the age of a key by zipf over those that the trace has put so far. Keys lie on shards by
 * their hash, so neighbours in age are no neighbours there.
 */
function latestKeys(recordCount: number, inserts: InsertOrder, random: Random): () => number {
  const ages = new GrayZipf(recordCount)
  return () => {
    while (ages.count < inserts.keyCount()) ages.grow()
    return inserts.keyByAge(ages.rank(random.unit()))
  }
}

/** Chooses the port of each request by the shard of its key and one draw from [0, 1). Heavy clients have their ports under either routing. */
export function portChooser(
  order: Pick<TraceOrder, 'routing' | 'portCount' | 'seed' | 'workload'>,
): (shard: number, unit: number) => number {
  const { routing, portCount } = order
  const { remoteShare, heavyClients } = order.workload
  if (heavyClients !== undefined) {
    const nextClient = clientDrawer(heavyClients, order.seed)
    return () => nextClient() % portCount
  }
  if (routing === 'shard-aware') return (shard) => shard
  if (remoteShare === undefined) return (_, unit) => Math.floor(unit * portCount)
  return (shard, unit) => {
    if (unit >= remoteShare) return shard
    // Below the share the draw, stretched, is one from [0, 1) again: it chooses among the other ports.
    const others = portCount - 1
    return (shard + 1 + Math.floor((unit / remoteShare) * others)) % portCount
  }
}
