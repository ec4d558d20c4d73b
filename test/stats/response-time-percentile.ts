import {
  partitionedPercentile,
  type Queue,
  responseTimeTail,
} from '../../harness/stats/queueing.ts'

/** Bisections that exhaust the 53 bits of a double. */
const BISECTIONS = 60

/**
 * The response time in ns that a share of `fraction` of the requests does not exceed, in M/M/k; exact for one server,
 * else by bisection of `responseTimeTail` to the last bit. About 100 evaluations.
 */
export function responseTimePercentile(queue: Queue, fraction: number): number {
  if (queue.servers === 1) return partitionedPercentile(queue, fraction)
  let lower = 0
  let upper = queue.meanServiceNs
  while (responseTimeTail(queue, upper) > 1 - fraction) {
    lower = upper
    upper *= 2
  }
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (lower + upper) / 2
    if (responseTimeTail(queue, middle) > 1 - fraction) lower = middle
    else upper = middle
  }
  return upper
}
