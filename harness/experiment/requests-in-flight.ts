import type { Workload } from '../contract/workload.ts'

/** Over many keys, too, a port has enough in flight to keep every core busy. */
const FEWEST_OVER_MANY_KEYS = 16

/**
 * Requests in flight per port: the permits; of requests over n keys n times fewer, so that as many legs are under way and the
 * memory for them stays small, but 16 where the permits allow. The same in both architectures.
 */
export function requestsInFlight(permits: number, { keysPerRequest }: Workload): number {
  if (keysPerRequest === undefined) return permits
  const fewer = Math.floor(permits / keysPerRequest.maximum)
  return Math.min(permits, Math.max(FEWEST_OVER_MANY_KEYS, fewer))
}
