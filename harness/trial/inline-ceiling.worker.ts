import { parentPort, workerData } from 'node:worker_threads'
import { ThreadClock } from '../base/clock.ts'
import { toSentError } from '../base/errors.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import type { Step } from '../contract/architecture.ts'
import type { Scenario } from '../contract/scenario.ts'
import type { Workload } from '../contract/workload.ts'
import { kernelThreadId } from '../measure/affinity.ts'
import { shareBurn } from '../measure/burn.ts'
import { FrameWriter } from '../ports/replay/frame-codec.ts'
import { registerCrossoverName } from '../scenario/resolve-crossover.ts'
import { compileSteps, frameCodec } from '../server/compile-steps.ts'
import { createTables } from '../server/records.ts'
import { AWAKE_THREADS_WORDS, AwakeThreads } from '../shared-memory/awake-threads.ts'
import { BlockingWait } from '../shared-memory/blocking-wait.ts'
import { HashTable } from '../shared-memory/hash-table.ts'
import { createRequestSlab } from '../shared-memory/request-slab-layout.ts'
import { RequestView } from '../shared-memory/request-view.ts'
import { createThreadCounters, ThreadCounters } from '../shared-memory/thread-counters.ts'
import { createWorkMemory, ThreadWork } from '../work/thread-work.ts'
import type { SizeTables } from '../workload/keys.ts'
import { keySpaceOf, knownRecords, slotRoom } from '../workload/known-records.ts'
import type { PortTrace } from '../workload/trace-layout.ts'

/** What the inline ceiling is measured with. */
export interface InlineCeilingRequest {
  readonly originNs: bigint
  readonly scenarioUrl: string
  readonly params: Readonly<Record<string, number | string>>
  readonly workload: Workload
  /** Of its keys and values. */
  readonly sizes: SizeTables
  readonly trace: PortTrace
  readonly burnIterationsPerMicro: number
  readonly burnModule: WebAssembly.Module
  readonly seconds: number
  readonly rounds: number
}

/** Requests per second of one thread in each round, or what failed. */
export type InlineCeilingReply =
  | { readonly kind: 'ready'; readonly threadId: number | null }
  | { readonly kind: 'measured'; readonly perSecond: readonly number[] }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

/** Requests that are written at once and then served: few enough to stay in the caches. */
const SLOTS = 256
const LEAST_WARM_UP = 2
const LONG_CHUNK_NS = 1_000_000

/** All stages of a request as plain calls, one after the other, on one thread with all records. */
async function measure(request: InlineCeilingRequest): Promise<number[]> {
  registerCrossoverName()
  const scenario = ((await import(request.scenarioUrl)) as { default: Scenario }).default
  const { workload, trace } = request
  shareBurn(request.burnModule)
  const clock = new ThreadClock(request.originNs)
  const keySpace = keySpaceOf(workload, request.sizes)
  const known = knownRecords(workload, keySpace)
  const room = slotRoom(workload, known)
  const keys = workload.keysPerRequest?.maximum ?? 0
  const codec = frameCodec({ keyBytes: room.keyBytes, payloadBytes: workload.valueBytes, keys })
  const awake = new AwakeThreads(new Int32Array(AWAKE_THREADS_WORDS), 1)
  const counters = new ThreadCounters(createThreadCounters(1), 0)
  const blockingWait = new BlockingWait(clock, awake, counters.waits)
  const work = new ThreadWork(createWorkMemory(workload, null), clock)
  const slab = createRequestSlab(SLOTS, room.keyBytes, room.valueBytes, 0, keys)
  const { keysPerRequest, recordCount } = workload
  const steps = compileSteps(scenario.stages(request.params), {
    ...request,
    codec,
    blockingWait,
    work,
    legs:
      keysPerRequest === undefined ? null : { slab, spread: keysPerRequest.spread, recordCount },
  })
  const records = new HashTable(createTables(workload, keySpace, 1, 1)[0]!)
  const view = new RequestView(slab)
  const writer = new FrameWriter(known)
  parentPort?.postMessage({
    kind: 'ready',
    threadId: kernelThreadId(),
  } satisfies InlineCeilingReply)
  const perSecond: number[] = []
  let position = 0
  let chunk = 1
  for (let round = -LEAST_WARM_UP; round < request.rounds; round++) {
    const untilNs = clock.nowNs() + request.seconds * NS_PER_SECOND
    let servedNs = 0
    let served = 0
    while (clock.nowNs() < untilNs) {
      for (let slot = 0; slot < chunk; slot++) {
        view.at(slot)
        const serviceNs = trace.services[position] ?? 0
        writer.write(view, slot, trace.requests[position]!, serviceNs, trace.legs[position] ?? 0)
        position = (position + 1) % trace.count
      }
      const startNs = clock.nowNs()
      serveAll(view, steps, records, chunk)
      const tookNs = clock.nowNs() - startNs
      servedNs += tookNs
      served += chunk
      // Slow handlers get smaller chunks, so that a round ends in time.
      if (tookNs < LONG_CHUNK_NS) chunk = Math.min(2 * chunk, SLOTS)
    }
    if (round >= 0) perSecond.push((served / servedNs) * NS_PER_SECOND)
  }
  return perSecond
}

function serveAll(
  view: RequestView,
  steps: readonly Step[],
  records: HashTable,
  count: number,
): void {
  for (let slot = 0; slot < count; slot++) {
    view.at(slot)
    for (let stage = 0; stage < steps.length; stage++) steps[stage]!.run(view, records)
  }
}

try {
  const perSecond = await measure(workerData as InlineCeilingRequest)
  parentPort?.postMessage({ kind: 'measured', perSecond } satisfies InlineCeilingReply)
} catch (error) {
  parentPort?.postMessage({ kind: 'failed', ...toSentError(error) } satisfies InlineCeilingReply)
}
