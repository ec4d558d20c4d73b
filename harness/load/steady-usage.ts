import { MS_PER_SECOND, NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'

const US_PER_SECOND = NS_PER_SECOND / (NS_PER_MS / MS_PER_SECOND)

/** What this process uses of its processor in the steady state. */
export class SteadyUsage {
  #startNs = Number.POSITIVE_INFINITY
  #endNs = Number.POSITIVE_INFINITY
  #atStart: NodeJS.CpuUsage | undefined
  #used: NodeJS.CpuUsage | undefined
  #busyNs = 0

  /** Announces the steady state. */
  begin(startNs: number, endNs: number): void {
    this.#startNs = startNs
    this.#endNs = endNs
  }

  /** Reads the process's times at the first call in the steady state and at the first one behind it; else costs nothing. */
  look(nowNs: number): void {
    if (nowNs < this.#startNs) return
    this.#atStart ??= process.cpuUsage()
    if (nowNs >= this.#endNs) this.#used ??= process.cpuUsage(this.#atStart)
  }

  /** When to look next. */
  nextLookNs(): number {
    if (this.#atStart === undefined) return this.#startNs
    return this.#used === undefined ? this.#endNs : Number.POSITIVE_INFINITY
  }

  /** Something was sent or received between these instants. */
  busy(fromNs: number, toNs: number): void {
    const from = Math.max(fromNs, this.#startNs)
    const to = Math.min(toNs, this.#endNs)
    if (to > from) this.#busyNs += to - from
  }

  /** CPU time of the steady state, user and system. */
  cpuSeconds(): number {
    const used = this.#used
    return used === undefined ? 0 : (used.user + used.system) / US_PER_SECOND
  }

  /** The busy part of it. */
  busySeconds(): number {
    return Math.min(this.#busyNs / NS_PER_SECOND, this.cpuSeconds())
  }
}
