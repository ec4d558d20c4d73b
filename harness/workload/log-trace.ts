import { shardOf } from '../base/hash.ts'
import { seededRandom } from '../base/random.ts'
import { BYTES_PER_WORD, roundUp } from '../base/units.ts'
import { READ_OPERATION } from '../contract/request.ts'
import type { Workload } from '../contract/workload.ts'
import { VALUE_HEAD_WORDS } from '../shared-memory/request-slab-layout.ts'
import { assembleTrace } from './assemble-trace.ts'
import type { KeySpace } from './keys.ts'
import { portChooser } from './port-chooser.ts'
import type { RequestLog } from './request-log.ts'
import type { Trace, TraceOrder } from './trace-layout.ts'

const VALUE_HEAD_BYTES = VALUE_HEAD_WORDS * BYTES_PER_WORD
const NO_SERVICES = new Int32Array(0)
const NO_LEGS = new Uint8Array(0)

/** Which part of a log is played. */
export type LogPart =
  /** All of it, from its beginning. */
  | 'whole'
  /** Its end: what came before its beginning, if it went round. For a warm-up. */
  | 'end'

/**
 * A cyclic trace of a log's requests: its instants, keys and operations as they are, each at a port that is drawn from the
 * order's seed. About 100 ns per request.
 * @param order its `count` is the most requests that `end` takes; of the whole log all are taken.
 */
export function logTrace(
  log: RequestLog,
  part: LogPart,
  order: TraceOrder,
  keySpace: KeySpace,
): Trace {
  const from = part === 'whole' ? 0 : Math.max(0, log.keys.length - order.count)
  const keys = log.keys.subarray(from)
  const count = keys.length
  const first = log.instants[from]!
  const instants = log.instants.slice(from)
  for (let at = 0; at < count; at++) instants[at]! -= first
  const random = seededRandom(order.seed)
  const portOf = portChooser(order)
  const ports = Int32Array.from(keys, (key) =>
    portOf(shardOf(keySpace.hashes[key]!, order.portCount), random.unit()),
  )
  const requests = {
    instants,
    // The gap behind the last request is the log's mean one.
    cycleLength: instants[count - 1]! + 1 / log.perSecond,
    keys,
    operations: log.operations.subarray(from),
    ports,
    services: NO_SERVICES,
    legs: NO_LEGS,
  }
  return assembleTrace(requests, { ...order, count }, keySpace)
}

/** The workload of a scenario with a log's records and requests in place of its own: what is left of it are clients and surroundings. */
export function logWorkload(log: RequestLog, workload: Workload): Workload {
  const { insertRoom: _, valueSizes: __, keySizes: ___, ...others } = workload
  const reads = log.operations.reduce(
    (sum, operation) => sum + (operation === READ_OPERATION ? 1 : 0),
    0,
  )
  const longest = log.sizes.payloadBytes.reduce((a, b) => Math.max(a, b), 0)
  return {
    ...others,
    recordCount: log.keyCount,
    valueBytes: roundUp(longest, BYTES_PER_WORD) + VALUE_HEAD_BYTES,
    operations: { read: reads, update: log.operations.length - reads },
    // For whoever asks: the trace has the log's own keys and instants.
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  }
}
