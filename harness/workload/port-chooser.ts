import { combineSeeds, seededRandom } from '../base/random.ts'
import type { HeavyClients } from '../contract/workload.ts'
import type { TraceOrder } from './trace-layout.ts'
import { favouredKeys } from './zipf.ts'

/** Makes a seed for clients out of a trace's own. */
const CLIENTS_SEED = 3

/** Chooses the port of each request by the shard of its key and one draw from [0, 1). Heavy clients have their ports under either routing. */
export function portChooser(
  order: Pick<TraceOrder, 'routing' | 'portCount' | 'seed' | 'workload'>,
): (shard: number, unit: number) => number {
  const { routing, portCount } = order
  const { remoteShare, heavyClients } = order.workload
  if (heavyClients !== undefined) return clientChooser(heavyClients, portCount, order.seed)
  if (routing === 'shard-aware') return (shard) => shard
  if (remoteShare === undefined) return (_, unit) => Math.floor(unit * portCount)
  return (shard, unit) => {
    if (unit >= remoteShare) return shard
    // Below the share the draw, stretched, is one from [0, 1) again: it chooses among the other ports.
    const others = portCount - 1
    return (shard + 1 + Math.floor((unit / remoteShare) * others)) % portCount
  }
}

/**
 * The port of the client that sends a request. Which clients are heavy is fixed, the same in the warm-up and in all pairs: the
 * first ones of a permutation, so that some port may have more of them than others. Draws of its own, for all else to be the same.
 */
function clientChooser(
  { clients, heavyShare, requestShare }: HeavyClients,
  portCount: number,
  seed: number,
): () => number {
  const random = seededRandom(combineSeeds(seed, CLIENTS_SEED))
  const nextClient = favouredKeys(clients, clients * heavyShare, requestShare, random)
  return () => nextClient() % portCount
}
