import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import { connectionsPerPort } from './connect-clients.ts'
import { type LoadClient, type LoadPlan, type LoadResult, targetText } from './load-plan.ts'
import { LoadTrial } from './load-trial.ts'
import { ProbeConnection, ProbeTrace } from './probe-connection.ts'
import { ReplyCheck } from './reply-check.ts'
import { sleepUntil, warmUntilSteady } from './pacing-loop.ts'

/** Requests that each connection sends in turn, at most; and over all connections, which hold them several times. */
const LONGEST_SLICE = 512
const PREPARED_REQUESTS = 16_384
/** Between the end of the steady state and the connections' end: its last requests are answered. */
const LINGER_NS = 30 * NS_PER_MS
/** Requests are lost when nothing at all is answered for this long. */
const LOST_AFTER_NS = 2 * NS_PER_SECOND

/**
 * A client that finds a server's capacity: every connection sends its next request as soon as one is answered, by
 * autocannon. It plays slices of the steady state's trace, one per connection and over and over, from the warm-up's beginning.
 * A latency is measured from the sending: at saturation it says how many connections there are, not how the server behaves.
 */
export class ClosedLoopProbe implements LoadClient {
  readonly #trial: LoadTrial
  readonly #clock: Clock
  readonly #lostAfterNs: number
  readonly #ports: readonly ProbeTrace[]
  #connections: readonly ProbeConnection[] = []

  /** @param lostAfterNs requests in flight are lost when no reply comes for so long. @default 2 s */
  constructor(plan: LoadPlan, clock: Clock, lostAfterNs = LOST_AFTER_NS) {
    const trial = new LoadTrial(plan)
    this.#trial = trial
    this.#clock = clock
    this.#lostAfterNs = lostAfterNs
    this.#ports = plan.target.tcpPorts.map((_, port) => {
      const trace = trial.steady.ports[port]!
      const warmUpCount = trial.warmUp.ports[port]!.count
      return new ProbeTrace(trace, warmUpCount, plan.longestWarmUpNs, plan.steadyNs)
    })
  }

  async warmUp(): Promise<number> {
    this.#connections = this.#connect()
    // Only now: autocannon takes some 20 µs to prepare a request. No reply is read before the next turn of the event loop.
    const beganNs = this.#clock.nowNs()
    for (const port of this.#ports) port.startWarmUp(beganNs)
    const recorders = this.#ports.map((port) => port.warmUpMemory)
    const { plan, closing } = this.#trial
    const { signal } = closing
    return warmUntilSteady(plan, this.#clock, recorders, beganNs, signal, () =>
      this.#failIfBroken(),
    )
  }

  /** A connection per port at least, each with its own slice of the port's trace while there is enough of it. */
  #connect(): ProbeConnection[] {
    const { plan, texts, faults } = this.#trial
    const { target, steady } = plan
    const perPort = connectionsPerPort(target)
    const longest = Math.min(
      LONGEST_SLICE,
      Math.ceil(PREPARED_REQUESTS / (perPort * target.tcpPorts.length)),
    )
    const shared = {
      pipelining: target.pipelining,
      texts,
      check: new ReplyCheck(steady.workload, 'utf8'),
      faults,
      clock: this.#clock,
    }
    return target.tcpPorts.flatMap((tcpPort, port) => {
      const played = this.#ports[port]!
      const { count } = played.trace
      if (count === 0) return []
      const url = `http://${target.host}:${tcpPort}`
      return Array.from({ length: perPort }, (_, connection) => {
        const firstPosition = Math.floor((connection * count) / perPort)
        const next = Math.floor(((connection + 1) * count) / perPort)
        const positionCount = Math.max(1, Math.min(longest, next - firstPosition))
        return new ProbeConnection({ ...shared, url, port, played, firstPosition, positionCount })
      })
    })
  }

  #failIfBroken(): void {
    if (this.#connections.some((connection) => !connection.isBroken)) return
    const { plan, faults } = this.#trial
    const where = targetText(plan.target)
    const what = faults.firstConnectionError ?? 'no port has requests'
    throw runError('connect', `no connection to the server is left: ${where}: ${what}`)
  }

  async steadyState(startNs: number): Promise<LoadResult> {
    const { plan, usage, faults, closing } = this.#trial
    const endNs = startNs + plan.steadyNs
    const { signal } = closing
    usage.begin(startNs, endNs)
    for (const port of this.#ports) port.announceSteady(startNs, endNs)
    await sleepUntil(this.#clock, startNs, signal)
    usage.look(this.#clock.nowNs())
    await sleepUntil(this.#clock, endNs, signal)
    usage.look(this.#clock.nowNs())
    const isSilent = await this.#linger(endNs)
    await this.#stop()
    const drainNs = this.#clock.nowNs() - endNs
    for (const connection of this.#connections) {
      const count = connection.giveUp()
      if (isSilent) faults.lost += count
    }
    return this.#trial.result({
      ports: this.#ports.map((port) => port.finish()),
      lateness: null,
      // Nothing is paced: it has no spins.
      busySeconds: usage.cpuSeconds(),
      drainNs,
    })
  }

  /** Waits until the last requests of the steady state may be answered. Tells whether nobody answers at all. */
  async #linger(endNs: number): Promise<boolean> {
    const replies = () => this.#ports.reduce((sum, port) => sum + port.repliesSinceEnd(), 0)
    const isAnyInFlight = () => this.#connections.some((connection) => connection.inFlight > 0)
    await sleepUntil(this.#clock, endNs + LINGER_NS, this.#trial.closing.signal)
    while (replies() === 0 && isAnyInFlight()) {
      const nowNs = this.#clock.nowNs()
      if (nowNs - endNs > this.#lostAfterNs) return true
      await sleepUntil(this.#clock, nowNs + LINGER_NS, this.#trial.closing.signal)
    }
    return false
  }

  async #stop(): Promise<void> {
    for (const connection of this.#connections) connection.stop()
    await Promise.all(this.#connections.map((connection) => connection.ended))
  }

  async close(): Promise<void> {
    this.#trial.closing.abort(runError('closed', 'the probe was closed while it played'))
    await this.#stop()
  }
}
