import type { ObjectiveRequest } from '../asked/requests.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import { readRuntimeTime } from '../measure/runtime-time.ts'
import type { Trial } from '../results/schema.ts'
import { declaredNsOf } from '../scenario/declared-work.ts'
import { requestsInFlight } from '../server/server-memory.ts'
import type { IdlePolicy } from '../shared-memory/idle-strategy.ts'
import type { Trace } from '../workload/trace-layout.ts'
import { capacityWindow, type ProbeOutcome, searchSustained } from './sustained-search.ts'
import { keepsUp } from './gates.ts'
import type { TrialContext, TrialPurpose } from './measured.ts'
import { longestWarmUp, QuietWatch } from './quiet-watch.ts'
import { evenly, routingOf, traceOfSeed, warmUpTrace } from './series.ts'
import type {
  Capacity,
  CapacityPlan,
  ServerOrder,
  TracedTrial,
  TrialOrder,
  TrialSeconds,
  TriedLoad,
  WarmUp,
  WarmUpPlan,
} from './server-under-test.ts'
import { ThreadedServer } from './threaded-server.ts'
import type { TrialTimes } from './player.ts'

/**
 * Of a warm-up: one stretch at one load. Short ones, so that a lap over four loads takes about two thirds of a second; longer
 * than a window of the time series, so that one follows another.
 */
const STRETCH_SECONDS = 0.12
const STRETCH_SETTLE_SECONDS = 0.01
/** Requests of its trace. */
const STRETCH_CYCLE = 1 << 11
/** Laps with a closed window, over several loads and over one: where few requests are offered, little is compiled without. */
const HOT_LAPS = 1
const HOT_LAPS_OF_ONE_LOAD = 2
/** The first lap has code compiled, the second one shows that it was. */
const FEWEST_LAPS = 2

/** Of a probe. */
const PROBE_SETTLE_SECONDS = 0.03
const LEAST_PROBE_SECONDS = 0.2
const LEAST_PROBE_REQUESTS = 2_000
const LEAST_PROBE_SERVICES = 100
const MOST_PROBE_SECONDS = 10
/** What a server may answer late without falling behind: so long, or so many mean services. */
const GRACE_SECONDS = 0.01
const GRACE_SERVICES = 10
const DRAIN_SECONDS = 0.5
/** Gates that say nothing about the server: the probe is played once more, whatever it said. */
const DISTURBANCES: readonly string[] = ['noise', 'clock', 'runtime']
/** So long it must have been quiet. */
const QUIET_SECONDS = 0.3

interface DrawnTraces {
  readonly warmUp: Trace
  readonly probe: Trace
  readonly bySeed: ReadonlyMap<number, Trace>
}

/** A server on threads of this process, as rounds use it: everything but its parking, which is the other process's business. */
export class HostedServer {
  readonly #context: TrialContext
  readonly #order: ServerOrder
  readonly #server: ThreadedServer
  readonly #traces: DrawnTraces

  private constructor(
    context: TrialContext,
    order: ServerOrder,
    server: ThreadedServer,
    traces: DrawnTraces,
  ) {
    this.#context = context
    this.#order = order
    this.#server = server
    this.#traces = traces
  }

  /** Draws traces, fills the tables and starts all threads. */
  static async start(context: TrialContext, order: ServerOrder): Promise<HostedServer> {
    const routing = routingOf(order.arm)
    const warmUp = warmUpTrace(context, routing, order.seed)
    const probe = traceOfSeed(context, routing, order.seed)
    const bySeed = new Map(
      order.traceSeeds.map((seed) => [seed, traceOfSeed(context, routing, seed)]),
    )
    const server = await ThreadedServer.start(context, {
      arm: order.arm,
      longestWarmUpNs: order.longestSettleSeconds * NS_PER_SECOND,
      longestSteadyNs: Math.max(order.longestSteadySeconds, MOST_PROBE_SECONDS) * NS_PER_SECOND,
      traces: { warmUp, steady: probe },
      familyProcesses: order.familyProcesses,
    })
    return new HostedServer(context, order, server, { warmUp, probe, bySeed })
  }

  /** Laps over the loads, a tenth of a second each, until one was quiet. */
  async warmUp(plan: WarmUpPlan): Promise<WarmUp> {
    const { clock } = this.#context
    const beganNs = clock.nowNs()
    const watch = new QuietWatch(this.#context.cpus.length, FEWEST_LAPS)
    let saturatedPerSecond: number | null = null
    let laps = 0
    const longestSeconds = longestWarmUp(plan, this.#server.memory.plans.length)
    const seconds = () => (clock.nowNs() - beganNs) / NS_PER_SECOND
    while (!watch.isQuiet && seconds() < longestSeconds) {
      watch.beginLap()
      // Short, so that each stretch comes to its end and begins again, as a trial's trace does sooner or later.
      const seed = this.#order.seed + ++laps
      const trace = traceOfSeed(this.#context, routingOf(this.#order.arm), seed, STRETCH_CYCLE)
      const loads = lapLoads(plan, laps, saturatedPerSecond)
      // Over few loads a lap goes around until it says something about 300 ms.
      let lapSeconds = 0
      while (lapSeconds < QUIET_SECONDS) {
        for (const load of loads) {
          const trial = await this.#stretch(load, trace)
          watch.add(load, trial)
          lapSeconds += trial.steadySeconds
          if (load === null) saturatedPerSecond = trial.achievedPerSecond
        }
      }
    }
    return {
      seconds: seconds(),
      quiet: watch.isQuiet,
      helperSeconds: readRuntimeTime(this.#server.threadIds, [])?.helperSeconds ?? null,
    }
  }

  /** One closed window, then a search of the highest load of its own arrivals that it sustains. */
  async sustains(plan: CapacityPlan): Promise<Capacity> {
    const { clock } = this.#context
    const beganNs = clock.nowNs()
    const voids: string[] = []
    const context = plan.evenly === true ? evenly(this.#context) : this.#context
    // Of a longer search of the same server there is one already.
    const probeTrace =
      plan.evenly === true
        ? traceOfSeed(context, routingOf(this.#order.arm), this.#order.seed)
        : this.#traces.probe
    const saturates = plan.saturates || plan.around === null
    const closed = saturates ? await this.#undisturbedClosedTrial(probeTrace) : null
    if (closed !== null && closed.void !== null) voids.push(closed.void)
    const isSound = closed !== null && closed.void === null
    const saturatedPerSecond =
      isSound && closed.achievedPerSecond > 0 ? closed.achievedPerSecond : null
    let probes = 0
    const last: Trial[] = []
    const tried: TriedLoad[] = []
    const { objective } = plan
    const probe = async (perSecond: number, steadySeconds?: number): Promise<ProbeOutcome> => {
      probes++
      // A percentile wants as many requests as it will be judged by.
      const { trial, ...probed } = await this.#probe(
        perSecond,
        objective === undefined ? steadySeconds : plan.confirmSeconds,
        // A trial that confirms has a trace of its own.
        (isShort) =>
          isShort
            ? probeTrace
            : traceOfSeed(context, routingOf(this.#order.arm), plan.traceSeed + probes),
      )
      last.push(trial)
      const outcome = { ...probed, kept: probed.kept && keeps(trial, objective) }
      if (objective !== undefined) tried.push(triedLoad(perSecond, trial, outcome.kept, objective))
      if (outcome.void !== null) voids.push(outcome.void)
      return outcome
    }
    const bracket =
      saturatedPerSecond === null && plan.around === null
        ? null
        : await searchSustained(probe, {
            around: plan.around,
            saturatedPerSecond: saturatedPerSecond ?? plan.around!.kept,
            confirmSeconds: plan.confirmSeconds,
          })
    const cpuSeconds = isSound ? closed.counters.cpuSecondsPerRequest : null
    return {
      bracket,
      saturatedPerSecond,
      cpuPerRequestNs: cpuSeconds === null ? null : cpuSeconds * NS_PER_SECOND,
      probes,
      quiet: this.#wasQuiet(last),
      seconds: (clock.nowNs() - beganNs) / NS_PER_SECOND,
      failedGates: closed === null ? [] : failedGates(closed),
      voids,
      tried,
    }
  }

  /** By as many of the last probes as make up 300 ms; medians of different loads say nothing. */
  #wasQuiet(probes: readonly Trial[]): boolean {
    const watch = new QuietWatch(this.#context.cpus.length, 1)
    watch.beginLap()
    let seconds = 0
    for (const trial of probes.toReversed()) {
      if (seconds >= QUIET_SECONDS) break
      watch.add(null, trial)
      seconds += trial.steadySeconds
    }
    return watch.isQuiet
  }

  async play(order: TrialOrder): Promise<TracedTrial> {
    const { traceSeed } = order
    const trace =
      this.#traces.bySeed.get(traceSeed) ??
      traceOfSeed(this.#context, routingOf(this.#order.arm), traceSeed)
    const trial = await this.#trial(order.offeredPerSecond, trace, order, 'figures', order.idle)
    const { hash: traceHash, hottestShardShare, busiestPortShare } = trace
    return { trial, traceHash, hottestShardShare, busiestPortShare }
  }

  async stop(): Promise<void> {
    await this.#server.stop()
  }

  #stretch(offeredPerSecond: number | null, trace: Trace): Promise<Trial> {
    const seconds = {
      // A change of phase with requests in flight, as each trial has one.
      settleSeconds: STRETCH_SETTLE_SECONDS,
      steadySeconds: Math.max(STRETCH_SECONDS, this.#servicesSeconds(1)),
      longestDrainSeconds: DRAIN_SECONDS,
    }
    return this.#trial(offeredPerSecond, trace, seconds, 'rehearsal')
  }

  /** Where the search begins hangs on it: one that the machine disturbed is played once more. */
  async #undisturbedClosedTrial(trace: Trace): Promise<Trial> {
    const play = () => this.#trial(null, trace, probeSeconds(LEAST_PROBE_SECONDS))
    const trial = await play()
    return isDisturbed(trial) ? play() : trial
  }

  /** Whether a load is sustained, by a trial that is just long enough to say. */
  async #probe(
    perSecond: number,
    steadySeconds: number | undefined,
    traceOf: (isShort: boolean) => Trace,
  ): Promise<ProbeOutcome & { readonly trial: Trial }> {
    const wanted = Math.max(
      LEAST_PROBE_SECONDS,
      LEAST_PROBE_REQUESTS / perSecond,
      this.#servicesSeconds(LEAST_PROBE_SERVICES),
    )
    const seconds = steadySeconds ?? Math.min(MOST_PROBE_SECONDS, wanted)
    const trace = traceOf(steadySeconds === undefined)
    const trial = await this.#trial(perSecond, trace, probeSeconds(seconds), 'probe')
    const graceSeconds = Math.max(GRACE_SECONDS, this.#servicesSeconds(GRACE_SERVICES))
    return {
      kept:
        trial.void === null &&
        keepsUp(trace, NS_PER_SECOND / perSecond, {
          steadyNs: seconds * NS_PER_SECOND,
          graceNs: graceSeconds * NS_PER_SECOND,
          replies: this.#server.repliesByHalf,
        }),
      isDisturbed: isDisturbed(trial),
      void: trial.void,
      trial,
    }
  }

  /** How long so many mean services take, where stages declare them. */
  #servicesSeconds(count: number): number {
    const { loaded, workload } = this.#context
    return (count * declaredNsOf(loaded.scenario.stages(loaded.params), workload)) / NS_PER_SECOND
  }

  #trial(
    offeredPerSecond: number | null,
    steady: Trace,
    seconds: TrialSeconds,
    purpose: TrialPurpose = 'figures',
    idle?: IdlePolicy,
  ): Promise<Trial> {
    const { arm, judgesRuntime } = this.#order
    const { workload } = this.#context
    const window =
      offeredPerSecond === null
        ? requestsInFlight(capacityWindow(this.#context, arm), workload)
        : undefined
    return this.#server.play({
      arm,
      offeredPerSecond,
      ...(window !== undefined && { window }),
      warmUp: this.#traces.warmUp,
      steady,
      times: timesOf(seconds),
      isWarm: judgesRuntime,
      purpose,
      ...(idle !== undefined && { idle }),
    })
  }
}

function probeSeconds(steadySeconds: number): TrialSeconds {
  return {
    settleSeconds: PROBE_SETTLE_SECONDS,
    steadySeconds,
    longestDrainSeconds: DRAIN_SECONDS,
  }
}

function keeps({ percentiles }: Trial, objective: ObjectiveRequest | undefined): boolean {
  if (objective === undefined) return true
  const { ns, atLeast } = percentiles[objective.percentile]
  return !atLeast && ns <= objective.limitNs
}

function triedLoad(
  perSecond: number,
  trial: Trial,
  kept: boolean,
  { percentile }: ObjectiveRequest,
): TriedLoad {
  const latency = trial.percentiles[percentile]
  return { perSecond, latency, kept, failedGates: failedGates(trial) }
}

function failedGates({ gates }: Trial): string[] {
  return gates.flatMap(({ name, passed }) => (passed ? [] : [name]))
}

function isDisturbed(trial: Trial): boolean {
  return failedGates(trial).some((name) => DISTURBANCES.includes(name))
}

/**
 * A closed window in the first laps, and again where nothing else is known: what comes behind it in a search is one, too. Then
 * the plan's loads, or its shares of what the closed window got through.
 */
function lapLoads(
  { loads, shares }: WarmUpPlan,
  lap: number,
  saturatedPerSecond: number | null,
): readonly (number | null)[] {
  const hotLaps = loads.length === 1 ? HOT_LAPS_OF_ONE_LOAD : HOT_LAPS
  if (loads.length > 0) return lap <= hotLaps ? [null, ...loads] : loads
  return [null, ...(lap === 1 ? [] : shares.map((share) => share * (saturatedPerSecond ?? 0)))]
}

/** The phases of a trial on a server that is warm. */
function timesOf(seconds: TrialSeconds): TrialTimes {
  return {
    rehearsalAfterNs: 0,
    leastWarmUpNs: seconds.settleSeconds * NS_PER_SECOND,
    longestWarmUpNs: seconds.settleSeconds * NS_PER_SECOND,
    steadyNs: seconds.steadySeconds * NS_PER_SECOND,
    longestDrainNs: seconds.longestDrainSeconds * NS_PER_SECOND,
    restNs: 0,
  }
}
