import type { Clock } from '../../base/clock.ts'
import { runError } from '../../base/errors.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { Trial } from '../../results/schema.ts'
import type { ServerFactory } from '../../trial/server-factory.ts'
import type {
  Capacity,
  CapacityPlan,
  ServerUnderTest,
  TracedTrial,
  TrialOrder,
} from '../../trial/server-under-test.ts'
import { watchMachine } from '../../trial/watch-machine.ts'
import { Disturbance } from './repetition.ts'
import { type Experiment, type Outcome, paceKindOf, type SetStep, type Step } from './experiment.ts'
import type { Expectations, PaceKind, Pacing, StepsLeft } from './pacing.ts'

/** What the loop needs besides the experiment. */
export interface LoopParts {
  /** @param at value of the parameter that is varied; undefined when none is */
  readonly makeServer: (
    arm: Arm,
    at: number | undefined,
  ) => ServerUnderTest | Promise<ServerUnderTest>
  /** The loop begins no step that it expects to end after the budget. */
  readonly pacing: Pick<Pacing, 'elapsedSeconds' | 'budgetSeconds'>
  readonly expectations: Expectations
}

/** How far a loop is, and what it expects. */
export class Pace {
  readonly #expectations: Expectations
  readonly #sums = new Map<PaceKind, { seconds: number; count: number }>()

  constructor(expectations: Expectations) {
    this.#expectations = expectations
  }

  took(kind: PaceKind, seconds: number): void {
    const sum = this.#sums.get(kind) ?? { seconds: 0, count: 0 }
    this.#sums.set(kind, { seconds: sum.seconds + seconds, count: sum.count + 1 })
  }

  /** By those of its kind so far, else as expected. */
  secondsOf(kind: PaceKind): number {
    const sum = this.#sums.get(kind)
    return sum === undefined ? this.#expectations[kind] : sum.seconds / sum.count
  }

  /** Of so many steps. */
  secondsFor(left: StepsLeft): number {
    return Object.entries(left).reduce(
      (sum, [kind, count]) => sum + count * this.secondsOf(kind as PaceKind),
      0,
    )
  }
}

/**
 * The one loop: makes the steps of an experiment until it is done or its time is up. Servers of a round are all alive at once and
 * one is measured at a time, the others parked; whatever happens, none of them is left behind.
 */
export class Loop {
  readonly #experiment: Experiment
  readonly #parts: LoopParts
  readonly pace: Pace
  readonly #disturbance = new Disturbance()
  #servers: readonly ServerUnderTest[] = []
  #hasMeasured = false

  constructor(experiment: Experiment, parts: LoopParts) {
    this.#experiment = experiment
    this.#parts = parts
    this.pace = new Pace(parts.expectations)
  }

  /** @throws CrossoverError of kind `run` when a server dies, a thread fails, nothing but noise is measured, or the run is interrupted. */
  async run(): Promise<void> {
    const { elapsedSeconds, budgetSeconds } = this.#parts.pacing
    try {
      for (;;) {
        const step = this.#experiment.next()
        if (step === null) return
        if (step.kind === 'deploy' && this.#experiment.endsInNoise) this.#disturbance.refuse()
        const beganSeconds = elapsedSeconds()
        if (
          beganSeconds + this.pace.secondsOf(paceKindOf(step)) > budgetSeconds &&
          beganSeconds > 0
        ) {
          this.#experiment.cut()
          if (!this.#hasMeasured)
            throw runError(
              'nothing-measured',
              'the time budget was used up before the first trial',
              'give a larger --budget',
            )
          return
        }
        this.#experiment.begins(step, null)
        const outcome = await this.#make(step)
        // A search within an objective is a measurement of its own.
        this.#hasMeasured ||=
          step.kind === 'set' || (step.kind === 'capacity' && step.plan.objective !== undefined)
        this.pace.took(paceKindOf(step), elapsedSeconds() - beganSeconds)
        this.#experiment.keep(step, outcome)
        this.#experiment.save()
      }
    } finally {
      await this.#stopServers()
    }
  }

  async #make(step: Step): Promise<Outcome> {
    switch (step.kind) {
      case 'deploy':
        return this.#deploy(step)
      case 'warm-up':
        return this.#with(step.arm, async (server) => ({
          kind: 'warm-up',
          warmUp: await server.warmUp(step.plan),
        }))
      case 'capacity':
        return this.#with(step.arm, async (server) => ({
          kind: 'capacity',
          capacity: await searched(server, step.plan),
        }))
      case 'set':
        return this.#playSet(step)
      case 'aside':
        await step.run()
        return { kind: 'aside' }
    }
  }

  /** All at once: they are not measured yet, and each waits for files and for the others' processors most of the time. */
  async #deploy({ arms, at }: Extract<Step, { kind: 'deploy' }>): Promise<Outcome> {
    await this.#stopServers()
    const { makeServer, pacing } = this.#parts
    this.#servers = await Promise.all(arms.map(async (arm) => makeServer(arm, at)))
    const beganSeconds = pacing.elapsedSeconds()
    const started = this.#servers.map(async (server) => {
      await server.start()
      server.park()
      return [server.arm, pacing.elapsedSeconds() - beganSeconds] as const
    })
    // The first failure ends the others, too: nobody waits for them any more.
    for (const one of started) one.catch(() => {})
    return { kind: 'deploy', seconds: Object.fromEntries(await Promise.all(started)) }
  }

  async #playSet(step: SetStep): Promise<Outcome> {
    const traced: Record<string, TracedTrial> = {}
    const parked = new ParkedUsage(this.#servers)
    for (const arm of step.arms) {
      this.#experiment.begins(step, arm)
      parked.measures(arm.label)
      await this.#with(arm, async (server) => {
        traced[arm.label] = await server.play(orderOf(step, arm))
        this.#disturbance.took(traced[arm.label]!.trial)
        this.#experiment.hasPlayed(step, traced[arm.label]!.trial)
      })
      this.#experiment.save()
    }
    const parkedSeconds = parked.seconds()
    const again: Record<string, Trial> = {}
    for (const arm of step.again?.arms ?? []) {
      const order = { ...orderOf(step, arm), idle: step.again!.idle }
      await this.#with(arm, async (server) => {
        again[arm.label] = (await server.play(order)).trial
      })
    }
    return { kind: 'set', traced, again, parkedSeconds }
  }

  /** With one arm's server awake and all others parked. */
  async #with<Result>(
    arm: Arm,
    use: (server: ServerUnderTest) => Promise<Result>,
  ): Promise<Result> {
    const server = this.#servers.find((candidate) => candidate.arm === arm.label)!
    // Also those that are parked already: a shell's `fg` wakes every process of the run.
    for (const other of this.#servers) if (other !== server) other.park()
    server.resume()
    const result = await use(server)
    server.park()
    return result
  }

  async #stopServers(): Promise<void> {
    const ending = this.#servers
    this.#servers = []
    for (const server of ending) this.#experiment.hasUsed(server.arm, server.usage())
    await Promise.all(ending.map((server) => server.stop()))
  }
}

/**
 * What a server sustains. A search that found nothing, or whose probes were wrong, is made once more: one of them ends no measurement.
 * Within an objective, nothing is an answer.
 */
async function searched(server: ServerUnderTest, plan: CapacityPlan): Promise<Capacity> {
  const first = await server.sustains(plan)
  if (first.bracket !== null || plan.objective !== undefined) return first
  const second = await server.sustains(plan)
  return {
    ...second,
    probes: first.probes + second.probes,
    seconds: first.seconds + second.seconds,
    voids: [...first.voids, ...second.voids],
  }
}

/** What an arm of the set plays. */
function orderOf({ order, ownPerSecond }: SetStep, { label }: Arm): TrialOrder {
  return { ...order, offeredPerSecond: ownPerSecond?.[label] ?? order.offeredPerSecond }
}

/** What each server uses while another one is measured. */
class ParkedUsage {
  readonly #servers: readonly ServerUnderTest[]
  readonly #seconds = new Map<string, number | null>()
  #before: ReadonlyMap<string, number | null> = new Map()
  #measured = ''

  constructor(servers: readonly ServerUnderTest[]) {
    this.#servers = servers
  }

  /** The trial of this arm begins: all others are parked. */
  measures(arm: string): void {
    this.#close()
    this.#measured = arm
    this.#before = this.#read()
  }

  seconds(): Readonly<Record<string, number | null>> {
    this.#close()
    return Object.fromEntries(this.#seconds)
  }

  #read(): ReadonlyMap<string, number | null> {
    return new Map(this.#servers.map((server) => [server.arm, server.usage().cpuSeconds]))
  }

  #close(): void {
    if (this.#measured === '') return
    const after = this.#read()
    for (const [arm, seconds] of after) {
      if (arm === this.#measured) continue
      const before = this.#before.get(arm) ?? null
      const known = this.#seconds.get(arm) ?? 0
      this.#seconds.set(arm, seconds === null || before === null ? null : known + seconds - before)
    }
    this.#measured = ''
  }
}

/** Where a measurement is made, and by what. */
interface Place extends LoopParts {
  readonly pacing: Pacing
  readonly servers: Pick<ServerFactory, 'cpuSeconds'>
  readonly cpus: readonly number[]
  readonly clock: Clock
}

/**
 * Runs the loop while the machine is watched, and keeps what came of it, whatever happens: a result that is not complete
 * says why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function measureByRounds(experiment: Experiment, place: Place): Promise<void> {
  const { result } = experiment
  const { environment, warnings } = result
  const { servers, pacing, cpus, clock } = place
  const childSeconds = () => servers.cpuSeconds()
  const watch = watchMachine({ environment, warnings, cpus, clock, childSeconds })
  const loop = new Loop(experiment, place)
  pacing.follows(experiment, loop.pace)
  try {
    await loop.run()
    // One that its budget ended is done, too; a warning says what is missing.
    result.complete = true
    result.ending = null
  } catch (error) {
    result.ending = error instanceof Error ? error.message : String(error)
    throw error
  } finally {
    watch.end()
    experiment.conclude()
    experiment.save()
  }
}
