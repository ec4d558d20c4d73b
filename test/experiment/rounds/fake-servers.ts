import type { Arm } from '../../../harness/contract/architecture.ts'
import type {
  Capacity,
  CapacityPlan,
  ServerUnderTest,
  TracedTrial,
  TrialOrder,
} from '../../../harness/trial/server-under-test.ts'
import type { Trial } from '../../../harness/results/schema.ts'
import { sampleTrial } from '../sample-trial.ts'

/** What a fake server is asked for. */
export interface Played {
  readonly arm: string
  /** Counted from 0: the deployment of this arm. */
  readonly deployment: number
  readonly order: TrialOrder
  /** Value of the parameter that is varied, or number of the place. */
  readonly at: number | undefined
  /** Trials of all arms before this one. */
  readonly number: number
}

/** How fake servers behave; each may throw, or abort something. */
export interface Behaviour {
  readonly start?: (arm: string) => void
  readonly warmUp?: (arm: string) => void
  readonly capacity?: (arm: string, deployment: number, plan: CapacityPlan) => Partial<Capacity>
  readonly play?: (played: Played) => Partial<Trial>
  /** CPU time that a parked server uses per trial of another one. @default none */
  readonly parkedSecondsPerTrial?: number
}

const NO_CAPACITY: Capacity = {
  bracket: { kept: 1_000, failed: 1_000 },
  saturatedPerSecond: 2_000,
  cpuPerRequestNs: null,
  probes: 5,
  seconds: 1,
  quiet: true,
  failedGates: [],
  voids: [],
  tried: [],
}

/** Servers on one clock that only they advance: a start takes 1 s, a warm-up 1 s, a search 2 s, a trial its times. */
export class FakeServers {
  seconds = 0
  /** What was done, in order: `play staged`. */
  readonly log: string[] = []
  readonly played: Played[] = []
  /** Labels of all servers that were awake during each trial, and of all that were alive. */
  readonly awakeWhilePlayed: string[][] = []
  readonly aliveWhilePlayed: string[][] = []
  readonly all: FakeServer[] = []
  readonly behaviour: Behaviour

  constructor(behaviour: Behaviour = {}) {
    this.behaviour = behaviour
  }

  readonly make = (arm: Arm, at?: number): ServerUnderTest => {
    const deployment = this.all.filter((one) => one.arm === arm.label).length
    const server = new FakeServer(this, arm.label, deployment, at)
    this.all.push(server)
    return server
  }

  alive(): readonly FakeServer[] {
    return this.all.filter((server) => server.isAlive)
  }
}

class FakeServer implements ServerUnderTest {
  readonly arm: string
  readonly #servers: FakeServers
  readonly #deployment: number
  readonly #at: number | undefined
  isAlive = false
  isAwake = false
  isStopped = false
  parks = 0
  cpuSeconds = 0

  constructor(servers: FakeServers, arm: string, deployment: number, at: number | undefined) {
    this.#at = at
    this.#servers = servers
    this.arm = arm
    this.#deployment = deployment
  }

  start(): Promise<void> {
    return this.#does('start', 1, () => {
      this.isAlive = true
      this.isAwake = true
      this.#servers.behaviour.start?.(this.arm)
    })
  }

  warmUp() {
    return this.#does('warm-up', 1, () => {
      this.#servers.behaviour.warmUp?.(this.arm)
      return { seconds: 1, quiet: true, helperSeconds: 0.1 }
    })
  }

  sustains(plan: CapacityPlan): Promise<Capacity> {
    return this.#does('capacity', 2, () => ({
      ...NO_CAPACITY,
      ...this.#servers.behaviour.capacity?.(this.arm, this.#deployment, plan),
    }))
  }

  play(order: TrialOrder): Promise<TracedTrial> {
    const servers = this.#servers
    return this.#does('play', order.settleSeconds + order.steadySeconds, () => {
      const labels = (of: readonly FakeServer[]) => of.map(({ arm }) => arm)
      servers.aliveWhilePlayed.push(labels(servers.alive()))
      servers.awakeWhilePlayed.push(labels(servers.alive().filter(({ isAwake }) => isAwake)))
      for (const other of servers.alive())
        if (other !== this) other.cpuSeconds += servers.behaviour.parkedSecondsPerTrial ?? 0
      const played = {
        arm: this.arm,
        deployment: this.#deployment,
        order,
        at: this.#at,
        number: servers.played.length,
      }
      servers.played.push(played)
      const trial = sampleTrial({
        arm: this.arm,
        startedAtSeconds: servers.seconds,
        offeredPerSecond: order.offeredPerSecond,
        ...servers.behaviour.play?.(played),
      })
      return {
        trial,
        traceHash: `${order.traceSeed}`,
        hottestShardShare: 0.5,
        busiestPortShare: 0.5,
      }
    })
  }

  park(): void {
    this.isAwake = false
    this.parks++
  }

  resume(): void {
    this.isAwake = true
  }

  usage() {
    return { cpuSeconds: this.cpuSeconds, largestResidentBytes: 1 }
  }

  stop(): Promise<void> {
    this.isAlive = false
    this.isAwake = false
    this.isStopped = true
    this.#servers.log.push(`stop ${this.arm}`)
    return Promise.resolve()
  }

  async #does<Result>(what: string, seconds: number, how: () => Result): Promise<Result> {
    this.#servers.log.push(`${what} ${this.arm}`)
    await Promise.resolve()
    const result = how()
    this.#servers.seconds += seconds
    return result
  }
}
