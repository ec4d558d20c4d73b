import { fileURLToPath } from 'node:url'
import { controlsBatch, controlsThreads, threadsPerStage } from '../architectures/staged/launch.ts'
import type { Clock } from '../base/clock.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Workload } from '../contract/workload.ts'
import type { SetAffinity } from '../measure/affinity.ts'
import { burnModule } from '../measure/burn.ts'
import { clockErrorNs } from '../measure/clock-check.ts'
import { longestHiccup } from '../measure/hiccups.ts'
import { type ForeignShare, foreignShare, readProcessorTime } from '../measure/processor-time.ts'
import { Control } from '../ports/replay/control.ts'
import type { Trial } from '../results/schema.ts'
import type { OpenBlockFile } from '../work/block-file.ts'
import type { KeySpace } from '../workload/keys.ts'
import type { Trace } from '../workload/trace-layout.ts'
import { BurnerThreads } from './burner-threads.ts'
import { HttpPlayer } from './http-player.ts'
import { placeThreads } from './place-threads.ts'
import type { PlayedTrial, Player } from './player.ts'
import { ReplayPlayer } from './replay-player.ts'
import type { LoadedScenario } from './run-request.ts'
import { ServerThreads } from './server-threads.ts'
import { createTrialMemory, type Sabotage, type TrialMemory } from './trial-memory.ts'
import { stagePlanOf } from './thread-plans.ts'
import { readThreads, subtractThreads, type ThreadReading } from './thread-readings.ts'
import type { Transport } from './transport.ts'
import { type TrialTimes, windowsFor } from './trial-plan.ts'
import { summarizeTrial } from './trial-result.ts'
import { longestNs, Watchdog, watchStages } from './watchdog.ts'
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
  readonly transport: Transport
  /** Of a workload that has one: whoever made the context closes it after the last trial. */
  readonly blockFile: OpenBlockFile | null
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

/** What was measured, before it is summarised. */
export interface MeasuredTrial {
  readonly request: TrialRequest
  readonly memory: TrialMemory
  readonly startedAtNs: number
  readonly warmUpNs: number
  readonly played: PlayedTrial
  readonly steadyWindows: number
  /** Between the two readings of the counters. */
  readonly countedNs: number
  /** Mean gap between requests; 0 at `max`. */
  readonly nsPerGap: number
  /** What others took of the processors during the steady state; null without /proc. */
  readonly foreign: ForeignShare | null
  readonly clockErrorNs: number
  readonly hiccups: { readonly beforeNs: number; readonly afterNs: number }
  readonly threads: readonly ThreadReading[]
  readonly tuned: Readonly<Record<string, number>>
}

/** How long the clock is watched right before and right after a trial. */
const HICCUP_WATCH_NS = 10 * NS_PER_MS
const INSIDE_LOOK_MS = 100

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
  const { transport } = context
  const memory = createTrialMemory({
    arm,
    cpus: context.cpus,
    cores: context.cores,
    stages,
    workload: context.workload,
    keySpace: context.keySpace,
    blockFile: context.blockFile,
    listen: transport.kind === 'http' ? { ...transport, shared: false } : null,
    traces:
      transport.kind === 'http'
        ? null
        : {
            warmUp: request.warmUp,
            steady: request.steady,
            warmUpWindows,
            steadyWindows,
            offeredPerSecond: request.offeredPerSecond,
          },
    spinners: spinnersOf(context),
    sabotage: request.sabotage ?? {},
  })
  const common = {
    originNs: context.originNs,
    scenarioUrl: context.loaded.url,
    params: context.loaded.params,
    burnIterationsPerMicro: context.burnIterationsPerMicro,
    burnModule: burnModule(),
  }
  const { name } = context.loaded.scenario
  const file = fileURLToPath(context.loaded.url)
  const where = `scenario=${name} file=${file} arm=${arm.label}`
  const control = new Control(memory.control)
  const burners = new BurnerThreads(context, memory.control)
  const threads = await ServerThreads.start(
    memory.plans.map((_, thread) => memory.deployment(thread, common)),
    where,
    signal,
  )
  const controllers = controllersOf(context, arm, memory)
  const nsPerGap = request.offeredPerSecond === null ? 0 : NS_PER_SECOND / request.offeredPerSecond
  const watchdog = new Watchdog({
    counters: memory.counters,
    threads: memory.plans.map((plan) => plan.name),
    stages,
    workload: context.workload,
    scenario: { name, file },
  })
  const unwatch = watchStages(watchdog, clock, (failure) => threads.fail(failure))
  let player: Player | undefined
  try {
    player = playerOf(context, request, memory, threads, nsPerGap)
    placeThreads(context, memory, threads)
    await burners.start()
    // Rehearsed: its first reading costs milliseconds of a processor that the steady state needs.
    readThreads(memory, threads)
    const warmUpNs = await player.warmUp(() => controllers?.adjust())
    const tuned = controllers?.settings() ?? {}
    const before = readThreads(memory, threads)
    const countedFromNs = clock.nowNs()
    const startNs = clock.nowNs() + player.leadNs + times.restNs
    player.beginSteadyState(startNs)
    request.onSteadyState?.(startNs)
    // A client counts its CPU time from then on.
    if (transport.kind === 'http')
      await threads.sleep((startNs - clock.nowNs()) / NS_PER_MS, player.signal)
    const processorsBefore = readProcessorTime(context.cpus, clock)
    await threads.sleep((startNs + times.steadyNs - clock.nowNs()) / NS_PER_MS, player.signal)
    const processorsAfter = readProcessorTime(context.cpus, clock)
    const countedNs = clock.nowNs() - countedFromNs
    const after = readThreads(memory, threads)
    const played = await player.drain()
    // Whoever is in a stage cannot see the word that stops it: it comes back, or the watchdog ends the trial.
    while (watchdog.isInsideStage()) await threads.sleep(INSIDE_LOOK_MS, player.signal)
    control.stop()
    // On an event loop a thread has nothing to tell at its end.
    await (transport.kind === 'http' ? threads.stop(0) : threads.stop())
    const hiccupAfterNs = longestHiccup(clock, HICCUP_WATCH_NS)
    return summarizeTrial(context, {
      request,
      memory,
      played,
      startedAtNs,
      warmUpNs,
      tuned,
      steadyWindows,
      nsPerGap,
      countedNs,
      foreign:
        processorsBefore &&
        processorsAfter &&
        foreignShare(processorsAfter, processorsBefore, played.clientCpuSeconds),
      clockErrorNs: Math.max(
        clockErrorNs(clock, context.originNs),
        threads.clockErrorNs,
        played.clientClockErrorNs,
      ),
      hiccups: { beforeNs: hiccupBeforeNs, afterNs: hiccupAfterNs },
      threads: after.map((later, thread) => ({
        ...subtractThreads(later, before[thread]!),
        garbageCollections: threads.garbageCollections[thread] ?? null,
      })),
    })
  } finally {
    unwatch()
    control.stop()
    await Promise.all([threads.stop(), burners.stop(), player?.close()])
  }
}

/** Where a client shares the processors no thread spins: it would spin on what the client needs to send and receive. */
function spinnersOf({ cpus, transport }: TrialContext): number {
  return transport.kind === 'http' && transport.coLocated ? 0 : cpus.length
}

function controllersOf(
  context: TrialContext,
  arm: Arm,
  { server }: TrialMemory,
): StageControllers | undefined {
  if (server.architecture !== 'staged') return undefined
  const stages = context.loaded.scenario
    .stages(context.loaded.params)
    .map((stage) => stagePlanOf(stage, context.workload, LARGEST_BATCH))
  return new StageControllers(server.memory, {
    batch: controlsBatch(arm),
    threads: controlsThreads(arm),
    maximumThreads: stages.map(
      ({ sleeps }) => threadsPerStage(arm, context.cores.length, sleeps).maximum,
    ),
    largestBatches: stages.map(({ batch }) => batch),
    clock: context.clock,
  })
}

function playerOf(
  context: TrialContext,
  request: TrialRequest,
  memory: TrialMemory,
  threads: ServerThreads,
  nsPerGap: number,
): Player {
  const { transport, clock, signal, originNs } = context
  const { arm, times, warmUp, steady, offeredPerSecond } = request
  const warmUpSpeed = request.warmUpSpeed ?? 1
  // Controllers move by a step per window: they get all the time there is.
  const longWarmUp = controlsBatch(arm) || controlsThreads(arm)
  const common = { threads, clock, signal, times, warmUpSpeed, longWarmUp }
  if (transport.kind === 'http') {
    const played = { originNs, warmUp, steady, offeredPerSecond }
    return new HttpPlayer({ ...common, ...played, transport })
  }
  const control = new Control(memory.control)
  const { scenario, params } = context.loaded
  const longestServiceNs = scenario
    .stages(params)
    .reduce((sum, stage) => sum + longestNs(stage, context.workload), 0)
  const ports = memory.replay!
  return new ReplayPlayer({ ...common, ports, control, nsPerGap, longestServiceNs })
}
