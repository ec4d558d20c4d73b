import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { controlsBatch, controlsThreads } from '../architectures/staged/launch.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import { clockErrorNs, longestHiccup } from '../base/clock.ts'
import { foreignShare, readProcessorTime } from '../measure/processor-time.ts'
import { totalOf, windowsFor } from '../measure/recorder-layout.ts'
import { readRuntimeTime, subtractRuntimeTime } from '../measure/runtime-time.ts'
import { Control } from '../ports/replay/control.ts'
import type { Trial } from '../results/schema.ts'
import { occupiedNsOf } from '../scenario/declared-work.ts'
import type { PlayedTraces } from '../server/replay-ports.ts'
import type { Sabotage, TrialMemory } from '../server/server-memory.ts'
import type { ServerThreads } from '../server/server-threads.ts'
import { AwakeThreads } from '../shared-memory/awake-threads.ts'
import { setPolicy } from '../shared-memory/idle-strategy.ts'
import { sampleRun } from '../shared-memory/phase-layout.ts'
import { BurnerThreads } from './burner-threads.ts'
import { HttpPlayer } from './http-player.ts'
import type { TrialContext, TrialRequest } from './measured.ts'
import type { Player } from './player.ts'
import { ReplayPlayer } from './replay-player.ts'
import { summarizeTrial } from './result.ts'
import { type ControlledStages, controlledStages, StageControllers } from './stage-controllers.ts'
import { StageReader, subtractStages } from './stage-readings.ts'
import { startThreads } from './start-threads.ts'
import {
  readThreads,
  subtractThreads,
  type ThreadReading,
  WokenThreads,
} from './thread-readings.ts'
import { longestNs, Watchdog, watchStages } from './watchdog.ts'
import { stopTieringUp, suspensionCount, tierUp } from '../measure/own-process.ts'

/** What a server is laid out for: the longest phases and the largest traces that its trials will have. */
export interface ThreadsOrder {
  readonly arm: Arm
  readonly longestWarmUpNs: number
  readonly longestSteadyNs: number
  /** As large as any that it will play. */
  readonly traces: PlayedTraces
  /** Processes of the same run whose work is not a stranger's. @default none */
  readonly familyProcesses?: readonly number[]
  readonly sabotage?: Sabotage
}

const INSIDE_LOOK_MS = 100
/** Threads that a rehearsal pretends to be awake: more than processors. */
const CROWD = 1_000
/** Ports look at their phase every 2 ms when they have nothing to do. */
const READY_LIMIT_MS = 2_000

/**
 * One architecture on threads of this process, from its start to its end: it plays one trial after the other, each with
 * tables, counters, versions and controllers that begin anew. Memory is allocated once, at the start.
 */
export class ThreadedServer {
  readonly #context: TrialContext
  readonly #order: ThreadsOrder
  /** What its threads share: read it between trials. */
  readonly memory: TrialMemory
  readonly #threads: ServerThreads
  readonly #control: Control
  readonly #burners: BurnerThreads
  readonly #watchdog: Watchdog
  readonly #unwatch: () => void
  readonly #sleepers: WokenThreads
  readonly #awake: AwakeThreads
  readonly #stages: ControlledStages | null
  readonly #stageReader: StageReader | null
  readonly #longestServiceNs: number
  #isFresh = true
  #repliesByHalf: readonly [number, number] = [0, 0]

  private constructor(
    context: TrialContext,
    order: ThreadsOrder,
    memory: TrialMemory,
    threads: ServerThreads,
  ) {
    const { loaded, workload, clock } = context
    const stages = loaded.scenario.stages(loaded.params)
    this.#context = context
    this.#order = order
    this.memory = memory
    this.#threads = threads
    this.#control = new Control(memory.control)
    this.#burners = new BurnerThreads(context, memory.control)
    this.#sleepers = new WokenThreads(memory)
    this.#awake = new AwakeThreads(memory.awake, memory.plans.length)
    this.#stages = controlledStages(context, order.arm, memory)
    this.#stageReader = StageReader.of(memory, clock)
    this.#longestServiceNs = stages.reduce((sum, stage) => sum + longestNs(stage, workload), 0)
    this.#watchdog = new Watchdog({
      counters: memory.counters,
      threads: memory.plans.map((plan) => plan.name),
      stages,
      workload,
      scenario: { name: loaded.scenario.name, file: fileURLToPath(loaded.url) },
    })
    this.#unwatch = watchStages(this.#watchdog, clock, (failure) => threads.fail(failure))
  }

  /**
   * Allocates and fills the memory and starts all threads. @throws when a thread fails or the run is interrupted: then
   * nothing is left behind.
   */
  static async start(context: TrialContext, order: ThreadsOrder): Promise<ThreadedServer> {
    const { transport } = context
    const isHttp = transport.kind === 'http'
    const room = {
      ...order.traces,
      warmUpWindows: windowsFor(order.longestWarmUpNs),
      steadyWindows: windowsFor(order.longestSteadyNs),
    }
    const { memory, threads } = await startThreads(context, order.arm, {
      listen: isHttp ? { ...transport, shared: false } : null,
      room: isHttp ? null : room,
      spinners: spinnersOf(context),
      sabotage: order.sabotage ?? {},
    })
    const server = new ThreadedServer(context, order, memory, threads)
    try {
      await server.#burners.start()
      // Rehearsed: its first reading costs milliseconds of a processor that a steady state needs.
      server.#readThreads()
      server.#readRuntime()
    } catch (error) {
      await server.stop()
      throw error
    }
    return server
  }

  /**
   * Plays one trial: the load before the steady state, the steady state, drain, check of the answers.
   * @throws when a thread fails or the run is interrupted; wrong answers do not throw, they void the trial.
   */
  async play(request: TrialRequest): Promise<Trial> {
    const { clock } = this.#context
    const startedAtNs = clock.nowNs()
    const isWatched = (request.purpose ?? 'figures') === 'figures'
    const hiccup = () => (isWatched ? longestHiccup(clock) : 0)
    const hiccupBeforeNs = hiccup()
    this.#prepare(request)
    const controllers = this.#controllers()
    const player = this.#playerOf(request)
    try {
      const isRehearsal = request.purpose === 'rehearsal'
      const warmUpNs = await this.#crowdedIf(isRehearsal, () =>
        player.warmUp(() => controllers?.adjust()),
      )
      const tuned = controllers?.settings() ?? {}
      const measured = await this.#measure(request, player)
      const played = await player.drain()
      this.#repliesByHalf = [
        totalOf(played.recorders, 'repliesFirstHalf'),
        totalOf(played.recorders, 'repliesSecondHalf'),
      ]
      const toldThreads = await this.#settle(player.signal, played.lost === 0)
      const hiccupAfterNs = hiccup()
      const { foreignFrom, foreignTo, before, after, ...times } = measured
      return summarizeTrial(this.#context, {
        request,
        memory: this.memory,
        played,
        startedAtNs,
        warmUpNs,
        tuned,
        ...times,
        foreign:
          foreignFrom &&
          foreignTo &&
          foreignShare(foreignTo, foreignFrom, played.clientCpuSeconds + times.familySeconds),
        clockErrorNs: Math.max(
          clockErrorNs(clock, this.#context.originNs),
          this.#threads.clockErrorNs,
          played.clientClockErrorNs,
        ),
        hiccups: { beforeNs: hiccupBeforeNs, afterNs: hiccupAfterNs },
        threads: after.map((later, thread) => ({
          ...subtractThreads(later, before[thread]!),
          heap: toldThreads[thread]!,
        })),
      })
    } finally {
      tierUp()
      await player.close()
    }
  }

  /** Kernel ids of the server's threads, and of those that burn by the workload's wish. */
  get threadIds(): ReadonlySet<number> {
    const ids = [...this.#threads.threadIds, ...this.#burners.threadIds]
    return new Set(ids.filter((id) => id !== null))
  }

  /** Replies in the halves of the latest steady state. */
  get repliesByHalf(): readonly [number, number] {
    return this.#repliesByHalf
  }

  /** Ends every thread. May be called more than once. */
  async stop(): Promise<void> {
    this.#unwatch()
    this.#control.stop()
    // On an event loop a thread has nothing to tell at its end.
    const limitMs = this.#context.transport.kind === 'http' ? 0 : undefined
    await Promise.all([this.#threads.stop(limitMs), this.#burners.stop()])
  }

  #prepare(request: TrialRequest): void {
    const { warmUp, steady, offeredPerSecond, window, purpose, idle, stampsEach = false } = request
    const { workload, loaded, cores } = this.#context
    if (!this.#isFresh) this.memory.beginAnew()
    this.#isFresh = false
    this.memory.replay?.load({ warmUp, steady })
    const offered = (offeredPerSecond ?? Number.POSITIVE_INFINITY) / cores.length
    // At `max` no more are served than the declared work allows.
    const declaredNs = occupiedNsOf(loaded.scenario.stages(loaded.params), workload)
    const run =
      purpose === 'rehearsal' ? 1 : sampleRun(Math.min(offered, NS_PER_SECOND / declaredNs))
    this.#control.setPorts(window ?? Number.POSITIVE_INFINITY, stampsEach ? 0 : run)
    // Threads are between two trials and look again when the next one begins.
    setPolicy(this.memory.idleWord, idle ?? this.memory.idlePolicy)
    this.#control.nextTrial()
  }

  /**
   * What is played before a rehearsal's steady state: as if many threads were awake, so that all of them park and wake each other.
   * What a lone reactor does once in seconds is then known to V8 when it compiles: code that has never seen a branch
   * is thrown away when it is taken, in the midst of a trial, and what runs instead makes garbage until it is compiled anew.
   */
  async #crowdedIf<Result>(isCrowded: boolean, play: () => Promise<Result>): Promise<Result> {
    if (!isCrowded) return play()
    this.#awake.crowd(CROWD)
    try {
      return await play()
    } finally {
      this.#awake.crowd(-CROWD)
    }
  }

  /**
   * The steady state, between two readings of everything. What this thread does for a trial is compiled between trials: it
   * runs often enough to be worth it to V8, and the compiler would take its milliseconds out of a steady state.
   */
  async #measure(request: TrialRequest, player: Player) {
    const { clock, cpus, transport } = this.#context
    const { times, offeredPerSecond } = request
    const threads = this.#threads
    stopTieringUp()
    const before = this.#readThreads()
    const stagesBefore = this.#stageReader?.read()
    const countedFromNs = clock.nowNs()
    const startNs = clock.nowNs() + player.leadNs + times.restNs
    player.beginSteadyState(startNs)
    request.onSteadyState?.(startNs)
    // A client counts its CPU time from then on.
    if (transport.kind === 'http')
      await threads.sleep((startNs - clock.nowNs()) / NS_PER_MS, player.signal)
    const foreignFrom = readProcessorTime(cpus, clock)
    const runtimeFrom = this.#readRuntime()
    const suspendedBefore = suspensionCount()
    const slept = threads.sleep(
      (startNs + times.steadyNs - clock.nowNs()) / NS_PER_MS,
      player.signal,
    )
    tierUp()
    await slept
    const runtimeTo = this.#readRuntime()
    const foreignTo = readProcessorTime(cpus, clock)
    const countedNs = clock.nowNs() - countedFromNs
    const stagesAfter = this.#stageReader?.read()
    const runtime = runtimeFrom && runtimeTo && subtractRuntimeTime(runtimeTo, runtimeFrom)
    return {
      foreignFrom,
      foreignTo,
      before,
      after: this.#readThreads(),
      stages: stagesBefore && stagesAfter ? subtractStages(stagesAfter, stagesBefore) : null,
      countedNs,
      runtime,
      suspensions: suspensionCount() - suspendedBefore,
      familySeconds: runtime?.familySeconds ?? 0,
      nsPerGap: offeredPerSecond === null ? 0 : NS_PER_SECOND / offeredPerSecond,
      steadyWindows: windowsFor(times.steadyNs),
    }
  }

  /**
   * After the drain: whoever is in a stage comes back, or the watchdog ends it; ports forget the trial; threads tell what
   * their heaps did, null where one did not in time.
   */
  async #settle(signal: AbortSignal, isEmpty: boolean): Promise<ThreadReading['heap'][]> {
    const threads = this.#threads
    while (this.#watchdog.isInsideStage()) await threads.sleep(INSIDE_LOOK_MS, signal)
    if (this.memory.replay === null) return this.memory.plans.map(() => null)
    this.#control.beginAnew()
    const portCount = this.memory.replay.ports.length
    const told = await this.#sleepers.tell(this.#control.trial())
    // A port that holds lost requests never gets ready; the server plays no more.
    for (let waitedMs = 0; isEmpty && this.#control.readyPorts() < portCount; waitedMs++) {
      if (waitedMs > READY_LIMIT_MS) break
      await delay(1)
      await threads.sleep(0, signal)
    }
    return told
  }

  #readThreads(): ThreadReading[] {
    return readThreads(this.memory, this.#threads)
  }

  #readRuntime() {
    return readRuntimeTime(this.threadIds, this.#order.familyProcesses ?? [])
  }

  #controllers(): StageControllers | undefined {
    return this.#stages === null ? undefined : new StageControllers(this.#stages)
  }

  #playerOf(request: TrialRequest): Player {
    const { transport, clock, signal, originNs } = this.#context
    const { times, warmUp, steady, offeredPerSecond } = request
    const { arm } = this.#order
    // Controllers move by a step per window: they get all the time there is.
    const longWarmUp = controlsBatch(arm) || controlsThreads(arm)
    const common = {
      threads: this.#threads,
      clock,
      signal,
      times,
      warmUpSpeed: request.warmUpSpeed ?? 1,
      longWarmUp,
    }
    if (transport.kind === 'http') {
      const played = { originNs, warmUp, steady, offeredPerSecond }
      return new HttpPlayer({ ...common, ...played, transport })
    }
    return new ReplayPlayer({
      ...common,
      ports: this.memory.replay!,
      control: this.#control,
      nsPerGap: offeredPerSecond === null ? 0 : NS_PER_SECOND / offeredPerSecond,
      longestServiceNs: this.#longestServiceNs,
    })
  }
}

/** Where a client shares the processors no thread spins: it would spin on what the client needs to send and receive. */
function spinnersOf({ cpus, transport }: TrialContext): number {
  return transport.kind === 'http' && transport.coLocated ? 0 : cpus.length
}
