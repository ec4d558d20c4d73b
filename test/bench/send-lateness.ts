import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import autocannon from 'autocannon'
import { monotonicOriginNs } from '../../harness/base/clock.ts'
import { NS_PER_SECOND, NS_PER_US } from '../../harness/base/units.ts'
import { ClientProcess } from '../../harness/trial/client-process.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'
import type { LoadResult } from '../../harness/load/load-plan.ts'
import { loadSetAffinity } from '../../harness/measure/affinity.ts'
import { fineBucketValue } from '../../harness/measure/buckets.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'
import { Schedule } from '../../harness/workload/schedule.ts'
import { createTrace } from '../../harness/workload/trace.ts'
import type { LoggingRequest } from './logging-server.worker.ts'

/*
 * How late requests are sent at a stated rate, against a server that does nothing but log their arrivals: by our client,
 * as it says itself and as the server saw it, and by autocannon's `overallRate`, as the server saw it: there its quota of
 * each second arrives in a burst, so requests are not late but early, which is as far off.
 * `node test/bench/send-lateness.ts [requests per second] [seconds] [trials]`
 */
const [perSecond = 5_000, seconds = 5, trials = 3] = process.argv.slice(2).map(Number)
const CONNECTIONS = 64
/** Until the client's code is compiled: the first trial of a new process is no other than the later ones then. */
const WARM_UP_SECONDS = 5
const TEXT = 'Hello, World!'
const WORKLOAD: Workload = {
  recordCount: 1,
  valueBytes: 24,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
  document: { path: '/', contentType: 'text/plain', text: TEXT },
}
const ORDER = {
  workload: WORKLOAD,
  portCount: 1,
  routing: 'random' as const,
  count: 1 << 16,
}

const cpus = availableCpus()
// Threads inherit it: the server leaves the client its processor.
if (cpus.length > 1) loadSetAffinity()?.(process.pid, cpus.slice(0, -1))
const originNs = monotonicOriginNs()
const log = new Float64Array(new SharedArrayBuffer((4 * perSecond * seconds + 100_000) * 8))
const server = new Worker(new URL('logging-server.worker.ts', import.meta.url), {
  workerData: { originNs, log } satisfies LoggingRequest,
})
const [tcpPort] = (await once(server, 'message')) as [number]
const client = new ClientProcess(new AbortController().signal, cpus.slice(-1))

let steadyStartNs = 0
for (let trial = 1; trial <= trials; trial++) {
  const result = await playOurs(trial)
  const own = [0.5, 0.99, 0.999].map((fraction) => micros(rank(result.lateness!.fine, fraction)))
  console.log(`our client, by itself:               p50 ${own[0]}, p99 ${own[1]}, p99.9 ${own[2]}`)
  tell('our client, at the server:          ', lateOfOurs(trial))
  tell('autocannon overallRate, at the server:', await lateOfAutocannon())
}
await client.close()
await server.terminate()

async function playOurs(seed: number): Promise<LoadResult> {
  client.send({
    kind: 'play',
    polite: false,
    plan: {
      originNs,
      target: { host: '127.0.0.1', tcpPorts: [tcpPort], connections: CONNECTIONS, pipelining: 1 },
      warmUp: { ...ORDER, seed: 0 },
      steady: { ...ORDER, seed },
      offeredPerSecond: perSecond,
      warmUpSpeed: 1,
      leastWarmUpNs: WARM_UP_SECONDS * NS_PER_SECOND,
      longestWarmUpNs: WARM_UP_SECONDS * NS_PER_SECOND,
      steadyNs: seconds * NS_PER_SECOND,
      restNs: NS_PER_SECOND / 10,
      longestDrainNs: NS_PER_SECOND,
    },
  })
  await client.next()
  log[0] = 0
  steadyStartNs = nowNs() + NS_PER_SECOND / 2
  // What is left of the warm-up arrives before the rest; only what comes after counts.
  client.send({ kind: 'steady-state', startNs: steadyStartNs })
  const reply = await client.next()
  if (reply.kind !== 'measured') throw new Error('the client replied out of turn')
  return reply.result
}

function nowNs(): number {
  return Number(monotonicOriginNs() - originNs)
}

/** Off its schedule: the k-th arrival against the k-th intended start. Nothing is sent before it is due. */
function lateOfOurs(seed: number): Float64Array {
  const trace = createTrace({ ...ORDER, seed, keySpace: createKeySpace(1) })
  const schedule = new Schedule(trace.ports[0]!, trace.cycleGaps)
  schedule.start(steadyStartNs, NS_PER_SECOND / perSecond)
  const endNs = steadyStartNs + seconds * NS_PER_SECOND
  const arrivals = log.subarray(1, 1 + log[0]!).filter((ns) => ns >= steadyStartNs)
  const late: number[] = []
  for (let k = 0; schedule.nextDueNs < endNs; k++, schedule.advance())
    late.push(Math.abs(arrivals[k]! - schedule.nextDueNs))
  return Float64Array.from(late).toSorted()
}

/** Off its schedule, early or late: as its option promises it, equal gaps from the first arrival on. */
async function lateOfAutocannon(): Promise<Float64Array> {
  log[0] = 0
  await autocannon({
    url: `http://127.0.0.1:${tcpPort}`,
    connections: CONNECTIONS,
    overallRate: perSecond,
    duration: seconds,
    ignoreCoordinatedOmission: true,
  })
  const count = Math.min(log[0]!, perSecond * seconds)
  const arrivals = log.subarray(1, 1 + count)
  const firstNs = arrivals[0]!
  return Float64Array.from(arrivals, (ns, k) =>
    Math.abs(ns - firstNs - (k * NS_PER_SECOND) / perSecond),
  ).toSorted()
}

function tell(title: string, sorted: Float64Array): void {
  const at = (fraction: number) => micros(sorted[Math.floor(fraction * (sorted.length - 1))]!)
  console.log(`${title} p50 ${at(0.5)}, p99 ${at(0.99)}, p99.9 ${at(0.999)}`)
}

function rank(fine: Int32Array, fraction: number): number {
  const wanted = fraction * fine.reduce((sum, count) => sum + count, 0)
  let seen = 0
  return fineBucketValue(fine.findIndex((count) => (seen += count) >= wanted))
}

function micros(ns: number): string {
  return `${(ns / NS_PER_US).toFixed(1)} µs`
}
