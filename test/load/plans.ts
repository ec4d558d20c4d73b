import { ThreadClock, monotonicOriginNs } from '../../harness/base/clock.ts'
import { NS_PER_MS } from '../../harness/base/units.ts'
import { UPDATE_OPERATION } from '../../harness/contract/request.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import type {
  LoadAnswers,
  LoadClient,
  LoadPlan,
  LoadResult,
  PortLoad,
} from '../../harness/load/load-plan.ts'
import { TOTAL_NAMES, type TotalName } from '../../harness/measure/recorder-layout.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'
import { createTrace } from '../../harness/workload/trace.ts'
import {
  keyOf,
  operationOf,
  type Trace,
  type TraceOrder,
} from '../../harness/workload/trace-layout.ts'
import type { RecordServer } from './record-server.ts'

export const WORKLOAD: Workload = {
  recordCount: 50,
  valueBytes: 24,
  operations: { read: 1, update: 1 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}

export const LEAD_NS = 5 * NS_PER_MS

/** What a test varies of a plan. */
export interface PlanChanges {
  readonly workload?: Workload
  readonly connections?: number
  readonly pipelining?: number
  readonly offeredPerSecond?: number | null
  readonly steadyMs?: number
  readonly drainMs?: number
}

/** A plan whose warm-up takes 0.1 s. */
export function planFor(tcpPorts: readonly number[], changes: PlanChanges = {}): LoadPlan {
  const workload = changes.workload ?? WORKLOAD
  const order = (seed: number): TraceOrder => ({
    workload,
    portCount: tcpPorts.length,
    routing: 'random',
    seed,
    count: 100,
  })
  return {
    originNs: monotonicOriginNs(),
    target: {
      host: '127.0.0.1',
      tcpPorts,
      connections: changes.connections ?? 4,
      pipelining: changes.pipelining ?? 1,
    },
    warmUp: order(1),
    steady: order(2),
    offeredPerSecond: changes.offeredPerSecond === undefined ? 500 : changes.offeredPerSecond,
    warmUpSpeed: 1,
    leastWarmUpNs: 50 * NS_PER_MS,
    longestWarmUpNs: 100 * NS_PER_MS,
    steadyNs: (changes.steadyMs ?? 200) * NS_PER_MS,
    restNs: 0,
    longestDrainNs: (changes.drainMs ?? 2_000) * NS_PER_MS,
  }
}

export function clockOf(plan: LoadPlan): ThreadClock {
  return new ThreadClock(plan.originNs)
}

export function traceOf(order: TraceOrder): Trace {
  return createTrace({ ...order, keySpace: createKeySpace(order.workload.recordCount) })
}

/** Plays a whole trial and closes the client. @param onWarm called before the steady state is announced. */
export async function play(
  client: LoadClient,
  clock: ThreadClock,
  onWarm: () => void = () => {},
): Promise<LoadResult> {
  try {
    await client.warmUp()
    onWarm()
    return await client.steadyState(clock.nowNs() + LEAD_NS)
  } finally {
    await client.close()
  }
}

export function total(result: LoadResult, name: TotalName): number {
  return result.ports.reduce((sum, port) => sum + totalOf(port, name), 0)
}

export function totalOf(port: PortLoad, name: TotalName): number {
  return port.recorder.totals[TOTAL_NAMES.indexOf(name)]!
}

export function recorded(result: LoadResult): number {
  return result.ports.reduce((all, port) => all + sumOf(port.recorder.fine), 0)
}

export function sumOf(counts: Int32Array): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Updates of each key that were answered with success for sure, and those that may have been executed besides. */
function updatesByKey(
  plan: LoadPlan,
  result: LoadResult,
): { answered: Int32Array; uncertain: Int32Array } {
  const { recordCount } = plan.steady.workload
  const updates = { answered: new Int32Array(recordCount), uncertain: new Int32Array(recordCount) }
  const traces = { warmUp: traceOf(plan.warmUp), steady: traceOf(plan.steady) }
  for (const [port, load] of result.ports.entries()) {
    for (const phase of ['warmUp', 'steady'] as const) {
      const { requests, count } = traces[phase].ports[port]!
      for (let position = 0; position < count; position++) {
        if (operationOf(requests[position]!) !== UPDATE_OPERATION) continue
        const key = keyOf(requests[position]!)
        updates.answered[key]! += answeredAt(load[phase], position, count)
        updates.uncertain[key]! += load[phase].uncertain[position]!
      }
    }
  }
  return updates
}

function answeredAt(answers: LoadAnswers, position: number, count: number): number {
  if (answers.answered !== undefined) return answers.answered[position]!
  const cycles = Math.floor(answers.played / count)
  const played = cycles + (position < answers.played % count ? 1 : 0)
  return played - answers.refusals[position]! - answers.uncertain[position]!
}

/** The keys whose versions in the servers do not fit what the client knows. */
export function misfits(
  plan: LoadPlan,
  result: LoadResult,
  servers: readonly RecordServer[],
): string[] {
  const { answered, uncertain } = updatesByKey(plan, result)
  return [...answered.keys()].flatMap((key) => {
    const version = servers.reduce((sum, server) => sum + server.versions[key]!, 0)
    const most = answered[key]! + uncertain[key]!
    if (version >= answered[key]! && version <= most) return []
    return [`key=${key} version=${version} answered=${answered[key]} at most ${most}`]
  })
}
