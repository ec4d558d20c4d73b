import type { Client } from 'undici'
import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import { LARGEST_LATENCY_NS } from '../measure/buckets.ts'
import { windowsFor } from '../measure/recorder-layout.ts'
import type { Trace } from '../workload/trace-layout.ts'
import { connectClients, destroyClients } from './connect-clients.ts'
import type { LoadClient, LoadPlan, LoadResult } from './load-plan.ts'
import { LoadTrial, PlayedTrace } from './load-trial.ts'
import { PacingLoop, sleepUntil, warmUntilSteady } from './pacing-loop.ts'
import { PortPlayer } from './port-player.ts'
import { ReplyCheck } from './reply-check.ts'
import { SendLatenessCounts } from './steady-usage.ts'

/** Between the call and the warm-up's first due instant. */
const LEAD_NS = 5 * NS_PER_MS
const DRAIN_LOOK_NS = NS_PER_MS
/** Requests in flight whose count does not fall for this long are lost. */
const LOST_AFTER_NS = 2 * NS_PER_SECOND
/** From the end of the steady state, whatever happens: no latency above it is told apart. */
const LONGEST_DRAIN_NS = LARGEST_LATENCY_NS

/** What a caller may set besides the plan. */
export interface OpenLoopOptions {
  /** Called whenever there is nothing to do, e.g. `sched_yield`. @default nothing */
  readonly yieldProcessor?: () => void
  /** After which requests in flight are lost whose count does not fall. @default 2 s */
  readonly lostAfterNs?: number
}

/**
 * A client that sends each request when its trace says, however slow the replies are: what is due while no connection is
 * free waits, and its latency runs. All connections stand, and each has had a request answered, when this resolves.
 * @throws a run error with code `connect` when a connection is refused.
 */
export async function connectOpenLoop(
  plan: LoadPlan,
  clock: Clock,
  options: OpenLoopOptions = {},
): Promise<LoadClient> {
  if (plan.offeredPerSecond === null) throw new Error('an open loop needs an offered load')
  const clients = await connectClients(plan.target)
  return new OpenLoopClient(plan, NS_PER_SECOND / plan.offeredPerSecond, clients, clock, options)
}

class OpenLoopClient implements LoadClient {
  readonly #trial: LoadTrial
  readonly #nsPerGap: number
  readonly #clock: Clock
  readonly #lostAfterNs: number
  readonly #clients: readonly (readonly Client[])[]
  readonly #warmUps: readonly PlayedTrace[]
  readonly #players: readonly PortPlayer[]
  readonly #loop: PacingLoop
  readonly #lateness = new SendLatenessCounts()

  constructor(
    plan: LoadPlan,
    nsPerGap: number,
    clients: readonly (readonly Client[])[],
    clock: Clock,
    options: OpenLoopOptions,
  ) {
    const trial = new LoadTrial(plan)
    this.#trial = trial
    this.#nsPerGap = nsPerGap
    this.#clients = clients
    this.#clock = clock
    this.#lostAfterNs = options.lostAfterNs ?? LOST_AFTER_NS
    const play = (trace: Trace, ns: number) =>
      clients.map(
        ({ length }, port) =>
          new PlayedTrace(trace, port, windowsFor(ns), length * plan.target.pipelining),
      )
    this.#warmUps = play(trial.warmUp, plan.longestWarmUpNs)
    const steadies = play(trial.steady, plan.steadyNs)
    const shared = {
      pipelining: plan.target.pipelining,
      texts: trial.texts,
      check: new ReplyCheck(plan.steady.workload, 'latin1'),
      lateness: this.#lateness,
      faults: trial.faults,
      clock,
    }
    this.#players = clients.map((ofPort, port) => {
      const [warmUp, steady] = [this.#warmUps[port]!, steadies[port]!]
      return new PortPlayer({ ...shared, port, clients: ofPort, warmUp, steady })
    })
    const yieldProcessor = options.yieldProcessor ?? (() => {})
    this.#loop = new PacingLoop(this.#players, trial.usage, clock, yieldProcessor)
  }

  async warmUp(): Promise<number> {
    const beganNs = this.#clock.nowNs() + LEAD_NS
    const { plan, closing } = this.#trial
    const nsPerGap = this.#nsPerGap / plan.warmUpSpeed
    for (const player of this.#players) player.startWarmUp(beganNs, nsPerGap)
    this.#loop.wake()
    const recorders = this.#warmUps.map((played) => played.memory)
    return warmUntilSteady(plan, this.#clock, recorders, beganNs, closing.signal)
  }

  async steadyState(startNs: number): Promise<LoadResult> {
    const { plan, usage, closing } = this.#trial
    const { restNs, steadyNs } = plan
    const endNs = startNs + steadyNs
    usage.begin(startNs, endNs)
    for (const player of this.#players)
      player.announceSteady(startNs, endNs, restNs, this.#nsPerGap)
    this.#loop.wake()
    await sleepUntil(this.#clock, endNs, closing.signal)
    await this.#drain(endNs)
    this.#loop.stop()
    const nowNs = this.#clock.nowNs()
    usage.look(nowNs)
    return this.#trial.result({
      ports: this.#players.map((player) => player.finish(nowNs)),
      lateness: { fine: this.#lateness.fine, maxNs: this.#lateness.maxNs },
      busySeconds: usage.busySeconds(),
      drainNs: nowNs - endNs,
    })
  }

  /**
   * Waits until everything due was sent and answered. What was not sent after the plan's limit is given up, and what nobody
   * answers for 2 s is lost.
   */
  async #drain(endNs: number): Promise<void> {
    let fewest = Number.POSITIVE_INFINITY
    let fewestAtNs = endNs
    for (let hasGivenUp = false; ;) {
      const nowNs = this.#clock.nowNs()
      const inFlight = this.#players.reduce((sum, player) => sum + player.inFlight, 0)
      const hasSentAll = this.#players.every((player) => player.hasSentAll())
      if ((hasSentAll || hasGivenUp) && inFlight === 0) return
      if (!hasSentAll && !hasGivenUp && nowNs - endNs > this.#trial.plan.longestDrainNs) {
        hasGivenUp = true
        for (const player of this.#players) player.giveUp()
      }
      if (inFlight < fewest || !(hasSentAll || hasGivenUp)) {
        fewest = inFlight
        fewestAtNs = nowNs
      }
      if (nowNs - fewestAtNs > this.#lostAfterNs || nowNs - endNs > LONGEST_DRAIN_NS) return
      await sleepUntil(this.#clock, nowNs + DRAIN_LOOK_NS, this.#trial.closing.signal)
    }
  }

  async close(): Promise<void> {
    this.#loop.stop()
    this.#trial.closing.abort(runError('closed', 'the client was closed while it played'))
    await destroyClients(this.#clients)
  }
}
