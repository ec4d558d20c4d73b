import type { Workload } from '../../harness/contract/workload.ts'
import {
  INSTANTS_PER_CYCLE,
  type PortTrace,
  type Trace,
} from '../../harness/workload/trace-layout.ts'

const WORKLOAD: Workload = {
  recordCount: 1,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}

/** A request of a trace written by hand: when it is due, in mean gaps, and its service time. */
export type TinyRequest = readonly [gaps: number, serviceNs: number]

/** A trace of a few requests per port. @param cycleGaps a power of two, so that instants are exact. */
export function tinyTrace(cycleGaps: number, ports: readonly (readonly TinyRequest[])[]): Trace {
  return {
    ports: ports.map((requests) => portOf(cycleGaps, requests)),
    count: ports.flat().length,
    cycleGaps,
    hottestShardShare: 1,
    busiestPortShare: 1,
    order: { workload: WORKLOAD, portCount: ports.length, routing: 'random', seed: 0, count: 0 },
    hash: '',
  }
}

function portOf(cycleGaps: number, requests: readonly TinyRequest[]): PortTrace {
  const bytes = () => new SharedArrayBuffer(requests.length * 4)
  const part: PortTrace = {
    count: requests.length,
    instants: new Uint32Array(bytes()),
    requests: new Int32Array(bytes()),
    hashes: new Int32Array(bytes()),
    services: new Int32Array(bytes()),
    legs: new Uint8Array(new SharedArrayBuffer(0)),
    classes: new Uint8Array(new SharedArrayBuffer(0)),
    spread: null,
  }
  part.instants.set(requests.map(([gaps]) => (gaps / cycleGaps) * INSTANTS_PER_CYCLE))
  part.services.set(requests.map(([, serviceNs]) => serviceNs))
  return part
}
