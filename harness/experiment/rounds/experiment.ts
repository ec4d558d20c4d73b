import { runError } from '../../base/errors.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { Trial } from '../../results/schema.ts'
import type {
  Capacity,
  CapacityPlan,
  ServerUnderTest,
  ServerUsage,
  TracedTrial,
  TrialOrder,
  WarmUp,
  WarmUpPlan,
} from '../../trial/server-under-test.ts'

/** What a measurement does next. Steps about servers are about those of the latest `deploy`. */
export type Step =
  /** Stops all servers that there are and starts a fresh one of each arm. */
  | {
      readonly kind: 'deploy'
      readonly arms: readonly Arm[]
      /** Value of the parameter that is varied. @default none is */
      readonly at?: number
    }
  | { readonly kind: 'warm-up'; readonly arm: Arm; readonly plan: WarmUpPlan }
  | { readonly kind: 'capacity'; readonly arm: Arm; readonly plan: CapacityPlan }
  /** The trials of all arms at one load, in this order, back to back. */
  | {
      readonly kind: 'set'
      readonly arms: readonly Arm[]
      readonly order: TrialOrder
      /** Arms that play the same once more behind them, by another idle policy. @default none */
      readonly again?: {
        readonly arms: readonly Arm[]
        readonly idle: NonNullable<TrialOrder['idle']>
      }
      /** Of this set, from 1 on. */
      readonly attempt: number
    }
  /** Something that needs no server: all are parked. */
  | { readonly kind: 'aside'; readonly run: () => Promise<void> }

type StepKind = Step['kind']

/** Steps that take about as long as each other: a whole search of a capacity takes longer than one from an earlier bracket. */
export type PaceKind = StepKind | 'search'

/** What a step's length is told by. */
export function paceKindOf(step: Step): PaceKind {
  return step.kind === 'capacity' && step.plan.around === null ? 'search' : step.kind
}

/** Numbers of steps, by kind. */
export type StepsLeft = Readonly<Partial<Record<PaceKind, number>>>

/** What came of a step. */
export type Outcome =
  /** By arm label. */
  | { readonly kind: 'deploy'; readonly seconds: Readonly<Record<string, number>> }
  | { readonly kind: 'warm-up'; readonly warmUp: WarmUp }
  | { readonly kind: 'capacity'; readonly capacity: Capacity }
  | {
      readonly kind: 'set'
      /** By arm label. */
      readonly traced: Readonly<Record<string, TracedTrial>>
      /** Of those that played once more. */
      readonly again: Readonly<Record<string, Trial>>
      /** CPU time that each arm's process used while it was parked, by label; null where it cannot be read. */
      readonly parkedSeconds: Readonly<Record<string, number | null>>
    }
  | { readonly kind: 'aside' }

/**
 * A measurement as the loop runs it: which step is next, what becomes of its outcome, and how many are left. It owns its result;
 * it starts nothing, reads no clock and tells nobody.
 */
export interface Experiment {
  /** The next step; null when it is done. */
  next(): Step | null
  /** Called before a step and, of a set, before each of its trials. */
  begins(step: Step, arm: Arm | null): void
  /** Called when a trial of a set has been played, before its set is whole. */
  hasPlayed(step: Extract<Step, { kind: 'set' }>, trial: Trial): void
  /** Takes what came of a step. @throws when it cannot go on. */
  keep(step: Step, outcome: Outcome): void
  /** Steps that are left, the present one included, by kind; with an open end those up to the next look. */
  left(): StepsLeft
  /** There is no time for the next step, and none for what comes behind it. */
  cut(): void
  /** What each server process used, before it is stopped. */
  hasUsed(arm: string, usage: ServerUsage): void
}

/** How long a step takes where none of its kind has been made yet, seconds. */
export type Expectations = Readonly<Record<PaceKind, number>>

/** What the loop needs besides the experiment. */
export interface LoopParts {
  /** @param at value of the parameter that is varied; undefined when none is */
  readonly makeServer: (
    arm: Arm,
    at: number | undefined,
  ) => ServerUnderTest | Promise<ServerUnderTest>
  /** Seconds since the run's start. */
  readonly elapsedSeconds: () => number
  /** The loop begins no step that it expects to end later; infinite for no limit. */
  readonly budgetSeconds: number
  readonly expectations: Expectations
  /** Called after each step and each trial: everything that was measured is in the result. */
  readonly save: () => void
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
  #servers: readonly ServerUnderTest[] = []
  #hasMeasured = false

  constructor(experiment: Experiment, parts: LoopParts) {
    this.#experiment = experiment
    this.#parts = parts
    this.pace = new Pace(parts.expectations)
  }

  /** @throws CrossoverError of kind `run` when a server dies, a thread fails or the run is interrupted. */
  async run(): Promise<void> {
    const { elapsedSeconds, budgetSeconds, save } = this.#parts
    try {
      for (;;) {
        const step = this.#experiment.next()
        if (step === null) return
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
        save()
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
          capacity: await server.sustains(step.plan),
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
    const { makeServer, elapsedSeconds } = this.#parts
    this.#servers = await Promise.all(arms.map(async (arm) => makeServer(arm, at)))
    const beganSeconds = elapsedSeconds()
    const started = this.#servers.map(async (server) => {
      await server.start()
      server.park()
      return [server.arm, elapsedSeconds() - beganSeconds] as const
    })
    // The first failure ends the others, too: nobody waits for them any more.
    for (const one of started) one.catch(() => {})
    return { kind: 'deploy', seconds: Object.fromEntries(await Promise.all(started)) }
  }

  async #playSet(step: Extract<Step, { kind: 'set' }>): Promise<Outcome> {
    const traced: Record<string, TracedTrial> = {}
    const parked = new ParkedUsage(this.#servers)
    for (const arm of step.arms) {
      this.#experiment.begins(step, arm)
      parked.measures(arm.label)
      await this.#with(arm, async (server) => {
        traced[arm.label] = await server.play(step.order)
        this.#experiment.hasPlayed(step, traced[arm.label]!.trial)
      })
      this.#parts.save()
    }
    const parkedSeconds = parked.seconds()
    const again: Record<string, Trial> = {}
    for (const arm of step.again?.arms ?? []) {
      const order = { ...step.order, idle: step.again!.idle }
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
