import { shardOf } from '../base/hash.ts'
import { combineSeeds, seededRandom } from '../base/random.ts'
import { NS_PER_US } from '../base/units.ts'
import type { HeavyClients, RequestClasses } from '../contract/workload.ts'
import type { KeySpace } from './keys.ts'
import { isWrite } from './operations.ts'
import type { TraceOrder } from './trace-layout.ts'
import { favouredKeys, favouredSet } from './zipf.ts'

/** What of the requests of a trace says their class: entry i of each array is one of them. */
interface ClassedRequests {
  readonly keys: Int32Array
  readonly operations: Uint8Array
  readonly services: Int32Array
}

/** Class of each request, an index of `names`; empty where the workload names none. About 5 ns per request. */
export function classesOf(
  requests: ClassedRequests,
  order: TraceOrder,
  keySpace: KeySpace,
): Uint8Array {
  const { classes } = order.workload
  if (classes === undefined) return new Uint8Array(0)
  const classOf = classifier(classes, requests, order, keySpace)
  return Uint8Array.from(requests.keys, (_, index) => classOf(index))
}

/** To be asked for request 0, 1, 2 … in this order. */
function classifier(
  classes: RequestClasses,
  { keys, operations, services }: ClassedRequests,
  { workload, portCount, seed }: TraceOrder,
  { hashes }: KeySpace,
): (index: number) => number {
  switch (classes.by) {
    case 'hot-key': {
      const [hot] = favouredSet(workload.recordCount, 1)
      const shard = (key: number) => shardOf(hashes[key]!, portCount)
      const hotShard = shard(hot!)
      return (index) => (keys[index] === hot ? 0 : shard(keys[index]!) === hotShard ? 1 : 2)
    }
    case 'client':
      return clientClassifier(workload.heavyClients!, seed)
    case 'service-time': {
      const limits = classes.upToMicros.map((micros) => Math.round(micros * NS_PER_US))
      return (index) => {
        let at = 0
        while (at < limits.length && services[index]! > limits[at]!) at++
        return at
      }
    }
    case 'operation':
      return (index) => (isWrite(operations[index]!) ? 1 : 0)
  }
}

/** Makes a seed for clients out of a trace's own. */
const CLIENTS_SEED = 3

/**
 * Draws the client that sends each request of a trace with this seed, the same ones whenever it is made. Which clients are heavy is
 * fixed, the same in the warm-up and in all pairs: the first ones of a permutation, so that some port may have more of them than
 * others. Draws of its own, for all else to be the same.
 */
export function clientDrawer(
  { clients, heavyShare, requestShare }: HeavyClients,
  seed: number,
): () => number {
  const random = seededRandom(combineSeeds(seed, CLIENTS_SEED))
  return favouredKeys(clients, clients * heavyShare, requestShare, random)
}

/** Draws the clients once more, those by which the ports of the same trace were chosen. */
function clientClassifier(heavyClients: HeavyClients, seed: number): () => number {
  const nextClient = clientDrawer(heavyClients, seed)
  const { clients, heavyShare } = heavyClients
  const heavy = favouredSet(clients, clients * heavyShare)
  return () => (heavy.has(nextClient()) ? 0 : 1)
}
