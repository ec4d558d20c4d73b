import { controlsBatch, controlsThreads, threadsPerStage } from '../architectures/staged/launch.ts'
import type { Clock } from '../base/clock.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Workload } from '../contract/scenario.ts'
import type { SetAffinity } from '../measure/affinity.ts'
import { clockErrorNs } from '../measure/clock-check.ts'
import { longestHiccup } from '../measure/hiccups.ts'
import { type OsCounters, readOsCounters, subtractOsCounters } from '../measure/os-counters.ts'
import { type ForeignShare, foreignShare, readProcessorTime } from '../measure/processor-time.ts'
import { TOTAL_NAMES } from '../measure/recorder-layout.ts'
import { isSteady, STEADY_WINDOWS, summarizeWindows } from '../measure/window-series.ts'
import {
  Control,
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
} from '../ports/replay/control.ts'
import type { Trial } from '../results/schema.ts'
import { type CounterName, ThreadCounters } from '../shared-memory/thread-counters.ts'
import type { KeySpace } from '../workload/keys.ts'
import type { Trace } from '../workload/trace-layout.ts'
import type { LoadedScenario } from './run-request.ts'
import { ServerThreads } from './server-threads.ts'
import { createTrialMemory, type Sabotage, type TrialMemory } from './trial-memory.ts'
import { LEAD_NS, type TrialTimes, windowsFor } from './trial-plan.ts'
import { summarizeTrial } from './trial-result.ts'
import { boundedBatch, declaredNs } from './declared-work.ts'
import { LARGEST_BATCH, StageControllers } from './stage-controllers.ts'

/** What stays the same over all trials of a run. */
export interface TrialContext {
  readonly loaded: LoadedScenario
  readonly workload: Workload
  readonly keySpace: KeySpace
  /** Processors that the servers may use. */
  readonly cpus: readonly number[]
  /** Cores of a server, each with its processor; null for a virtual one. */
  readonly cores: readonly (number | null)[]
  readonly originNs: bigint
  readonly clock: Clock
  readonly burnIterationsPerMicro: number
  /** Null when threads cannot be pinned. */
  readonly setAffinity: SetAffinity | null
  readonly signal: AbortSignal
}

/** One trial: an arm, an offered load, and the traces it plays. */
export interface TrialRequest {
  readonly arm: Arm
  /** Requests per second; null for `max`. */
  readonly offeredPerSecond: number | null
  readonly warmUp: Trace
  /** Times the offered load at which the warm-up is played; @default 1 */
  readonly warmUpSpeed?: number
  readonly steady: Trace
  readonly times: TrialTimes
  readonly sabotage?: Sabotage
  /** Told when the steady state will begin, on the run's clock, before it does. */
  readonly onSteadyState?: (startNs: number) => void
}

/** What a thread counted over the steady state. */
interface ThreadDelta {
  readonly name: string
  readonly cpu: number | null
  readonly os: OsCounters | null
  readonly own: Readonly<Record<CounterName, number>>
  readonly heapBytes: number
}

/** What was measured, before it is summarised. */
export interface MeasuredTrial {
  readonly request: TrialRequest
  readonly memory: TrialMemory
  readonly startedAtNs: number
  readonly warmUpNs: number
  readonly drainNs: number
  readonly steadyWindows: number
  /** Between the two readings of the counters. */
  readonly countedNs: number
  /** Mean gap between requests; 0 at `max`. */
  readonly nsPerGap: number
  /** What others took of the processors during the steady state; null without /proc. */
  readonly foreign: ForeignShare | null
  readonly clockErrorNs: number
  readonly hiccups: { readonly beforeNs: number; readonly afterNs: number }
  /** Requests in flight that nobody answered although the servers had time to. */
  readonly lost: number
  readonly threads: readonly ThreadDelta[]
  readonly tuned: Readonly<Record<string, number>>
}

const WINDOW_MS = 100
/** How long the clock is watched right before and right after a trial. */
const HICCUP_WATCH_NS = 10 * NS_PER_MS
const DRAIN_LOOK_MS = 5
/** Requests in flight whose count does not fall for this long are lost. */
const LOST_AFTER_NS = 2 * NS_PER_SECOND

/**
 * Runs one trial on fresh threads: warm-up on its own trace until latencies stop falling, steady state, drain, check of
 * the answers. @throws when a thread fails or the run is interrupted; wrong answers do not throw, they void the trial.
 */
export async function runTrial(context: TrialContext, request: TrialRequest): Promise<Trial> {
  const { clock, signal } = context
  const { arm, times } = request
  const startedAtNs = clock.nowNs()
  const hiccupBeforeNs = longestHiccup(clock, HICCUP_WATCH_NS)
  const warmUpWindows = windowsFor(times.longestWarmUpNs)
  const steadyWindows = windowsFor(times.steadyNs)
  const stages = context.loaded.scenario.stages(context.loaded.params)
  const memory = createTrialMemory({
    arm,
    cpus: context.cpus,
    cores: context.cores,
    stages,
    workload: context.workload,
    keySpace: context.keySpace,
    warmUp: request.warmUp,
    steady: request.steady,
    warmUpWindows,
    steadyWindows,
    sabotage: request.sabotage ?? {},
  })
  const common = {
    originNs: context.originNs,
    scenarioUrl: context.loaded.url,
    params: context.loaded.params,
    burnIterationsPerMicro: context.burnIterationsPerMicro,
  }
  const where = `scenario=${context.loaded.scenario.name} arm=${arm.label}`
  const control = new Control(memory.control)
  const threads = await ServerThreads.start(
    memory.plans.map((_, thread) => memory.deployment(thread, common)),
    where,
    signal,
  )
  try {
    placeThreads(context, memory, threads)
    // Rehearsed: its first reading costs milliseconds of a processor that the steady state needs.
    readThreads(memory, threads)
    const nsPerGap =
      request.offeredPerSecond === null ? 0 : NS_PER_SECOND / request.offeredPerSecond
    const warmUpGap = nsPerGap / (request.warmUpSpeed ?? 1)
    const warmUpNs = await warmUp(context, request, memory, control, threads, warmUpGap)
    const before = readThreads(memory, threads)
    const countedFromNs = clock.nowNs()
    const startNs = clock.nowNs() + LEAD_NS + times.restNs
    control.setLoad(nsPerGap, startNs + times.steadyNs, times.restNs)
    control.startPhase(PHASE_STEADY_STATE, startNs)
    request.onSteadyState?.(startNs)
    const processorsBefore = readProcessorTime(context.cpus, clock)
    await threads.sleep((startNs + times.steadyNs - clock.nowNs()) / NS_PER_MS, signal)
    const processorsAfter = readProcessorTime(context.cpus, clock)
    const countedNs = clock.nowNs() - countedFromNs
    const after = readThreads(memory, threads)
    const { drainNs, lost } = await drain(context, request, memory, control, threads)
    control.stop()
    await threads.stop()
    const hiccupAfterNs = longestHiccup(clock, HICCUP_WATCH_NS)
    return summarizeTrial(context, {
      request,
      memory,
      startedAtNs,
      warmUpNs: warmUpNs.ns,
      tuned: warmUpNs.tuned,
      drainNs,
      steadyWindows,
      nsPerGap,
      countedNs,
      foreign:
        processorsBefore && processorsAfter && foreignShare(processorsAfter, processorsBefore),
      clockErrorNs: Math.max(clockErrorNs(clock, context.originNs), threads.clockErrorNs),
      hiccups: { beforeNs: hiccupBeforeNs, afterNs: hiccupAfterNs },
      lost,
      threads: after.map((later, thread) => subtractThreads(later, before[thread]!)),
    })
  } finally {
    control.stop()
    await threads.stop()
  }
}

/** Pins reactors to their processors and every other thread to the run's. */
function placeThreads(context: TrialContext, memory: TrialMemory, threads: ServerThreads): void {
  for (const [thread, threadId] of threads.threadIds.entries()) {
    if (threadId === null) continue
    const { cpu } = memory.plans[thread]!
    context.setAffinity?.(threadId, cpu === undefined ? context.cpus : [cpu])
  }
}

async function warmUp(
  context: TrialContext,
  request: TrialRequest,
  memory: TrialMemory,
  control: Control,
  threads: ServerThreads,
  nsPerGap: number,
): Promise<{ ns: number; tuned: Readonly<Record<string, number>> }> {
  const { clock, signal } = context
  const { arm, times } = request
  const controllers =
    memory.server.architecture === 'staged'
      ? new StageControllers(memory.server.memory, {
          batch: controlsBatch(arm),
          threads: controlsThreads(arm),
          maximumThreads: threadsPerStage(arm, context.cores.length).maximum,
          largestBatches: context.loaded.scenario
            .stages(context.loaded.params)
            .map((stage) => boundedBatch(LARGEST_BATCH, declaredNs(stage, context.workload))),
          clock,
        })
      : undefined
  const isControlled = controlsBatch(arm) || controlsThreads(arm)
  control.setLoad(nsPerGap)
  const beganNs = clock.nowNs() + LEAD_NS
  control.startPhase(PHASE_WARM_UP, beganNs)
  await threads.sleep((beganNs + times.rehearsalAfterNs - clock.nowNs()) / NS_PER_MS, signal)
  const startNs = clock.nowNs() + LEAD_NS
  control.startPhase(PHASE_REHEARSAL, startNs)
  for (let full = 1; ; full++) {
    await threads.sleep(
      Math.max(1, (startNs - clock.nowNs()) / NS_PER_MS + full * WINDOW_MS),
      signal,
    )
    controllers?.adjust()
    const ns = clock.nowNs() - beganNs
    // The latest full window may still have requests in flight: leave it out.
    const first = full - 1 - STEADY_WINDOWS
    const steady =
      first >= 0 && isSteady(summarizeWindows(memory.rehearsalRecorders, first, STEADY_WINDOWS))
    // Controllers move by a step per window: they get all the time there is.
    const settled = steady && !isControlled
    if (ns >= times.longestWarmUpNs || (ns >= times.leastWarmUpNs && settled)) {
      return { ns, tuned: controllers?.settings() ?? {} }
    }
  }
}

/**
 * Waits until everything due was answered. A backlog that takes longer than its limit is given up: the ports close and
 * only what is in flight is answered. What nobody answers for 2 s is lost.
 */
async function drain(
  context: TrialContext,
  request: TrialRequest,
  memory: TrialMemory,
  control: Control,
  threads: ServerThreads,
): Promise<{ drainNs: number; lost: number }> {
  const { clock, signal } = context
  const startNs = clock.nowNs()
  let fewest = Number.POSITIVE_INFINITY
  let fewestAtNs = startNs
  for (let closed = false; ;) {
    await threads.sleep(DRAIN_LOOK_MS, signal)
    const nowNs = clock.nowNs()
    const inFlight = total(memory, 'inFlight')
    const finished = memory.recorders.every(
      (recorder) => recorder.totals[TOTAL_NAMES.indexOf('finished')] === 1,
    )
    if (finished && inFlight === 0) return { drainNs: nowNs - startNs, lost: 0 }
    if (!closed && nowNs - startNs > request.times.longestDrainNs) {
      closed = true
      control.closePorts()
    }
    if (inFlight < fewest || !closed) {
      fewest = inFlight
      fewestAtNs = nowNs
    }
    if (nowNs - fewestAtNs > LOST_AFTER_NS) return { drainNs: nowNs - startNs, lost: inFlight }
  }
}

function total(memory: TrialMemory, name: (typeof TOTAL_NAMES)[number]): number {
  const index = TOTAL_NAMES.indexOf(name)
  return memory.recorders.reduce((sum, recorder) => sum + recorder.totals[index]!, 0)
}

function readThreads(memory: TrialMemory, threads: ServerThreads): ThreadDelta[] {
  return memory.plans.map((plan, thread) => {
    const threadId = threads.threadIds[thread] ?? null
    const counters = new ThreadCounters(memory.counters, thread)
    const own = counters.read()
    counters.resetLongestGap()
    return {
      name: plan.name,
      cpu: plan.cpu ?? null,
      os: threadId === null ? null : readOsCounters(threadId),
      own,
      heapBytes: threads.heapBytes[thread] ?? 0,
    }
  })
}

function subtractThreads(later: ThreadDelta, earlier: ThreadDelta): ThreadDelta {
  const own = Object.fromEntries(
    Object.entries(later.own).map(([name, value]) => {
      // The longest gap starts anew with the steady state; the others are totals.
      return [name, name === 'longestGapNs' ? value : value - earlier.own[name as CounterName]]
    }),
  ) as Record<CounterName, number>
  const os = later.os && earlier.os ? subtractOsCounters(later.os, earlier.os) : null
  return { ...later, own, os }
}
