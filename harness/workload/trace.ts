import { shardOf } from '../base/hash.ts'
import { combineSeeds, seededRandom } from '../base/random.ts'
import { INSERT_OPERATION } from '../contract/request.ts'
import type { KeysPerRequest } from '../contract/workload.ts'
import { gapDrawer } from './arrival-gaps.ts'
import { assembleTrace } from './assemble-trace.ts'
import { InsertOrder } from './insert-order.ts'
import { keyDrawer } from './key-drawer.ts'
import type { KeySpace } from './keys.ts'
import { operationDrawer } from './operation-mix.ts'
import { portChooser } from './port-chooser.ts'
import { serviceDrawer } from './service-times.ts'
import type { Trace, TraceOrder } from './trace-layout.ts'

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
