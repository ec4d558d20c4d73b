import { runError } from '../../base/errors.ts'
import type { Arm } from '../../contract/architecture.ts'
import { trialOfClass } from '../../results/request-class.ts'
import type { Trial } from '../../results/schema.ts'
import type { WarmUpPlan } from '../../trial/server-under-test.ts'
import { midOf } from '../capacity.ts'
import { type Measurement, type Outcome, type SetStep, type Step, StepQueue } from './experiment.ts'
import type { Hooks, Pacing, StepsLeft } from './pacing.ts'
import { Repetition } from './repetition.ts'
import type { RoundOrders } from './round-orders.ts'
import { CLOSED_SECONDS, trialSeconds } from './round-times.ts'

/** A set as a result keeps it. */
export interface KeptSet<Kept> {
  trials: Kept[]
  /** Why it was played again, each time. */
  readonly discarded: { cause: string; arm: string }[]
}

/** Fresh servers, and what they are for. */
export interface Deployment<Place> {
  /** Each once, in the order in which they are made warm. */
  readonly arms: readonly Arm[]
  /** Value of the parameter that is varied. @default none is */
  readonly at?: number
  readonly warmUp: WarmUpPlan
  /** Number of the trace by which it is searched what they sustain, before the sets; null where it is not. */
  readonly searchedBy: number | null
  /** One for each set. */
  readonly places: readonly Place[]
}

/** What is done, for people. */
export type Doing =
  | 'starting servers'
  | 'warming up'
  | 'searching capacity'
  | 'measuring'
  | `repeating: ${string}`

/** What a step is about, for people. */
export interface SetMoment<Place, Kept> {
  /** Null of what is done before sets. */
  readonly place: Place | null
  /** Label; null when it concerns all. */
  readonly arm: string | null
  /** Trials of the set that were played before. */
  readonly played: number
  /** When it has ended; null when it begins. */
  readonly trial: Kept | null
  /** What begins; of a set that is played again also why: `repeating: noise`. */
  readonly doing: Doing
}

/** How a set is played. */
export interface SetPlan {
  /** In their order; one may stand in it twice. */
  readonly arms: readonly Arm[]
  /** Requests per second of all cores; null for a closed window. */
  readonly offeredPerSecond: number | null
  readonly traceSeed: number
}

/** What all rounds of sets are made with. */
export interface SetParts<Event, Result> {
  readonly orders: RoundOrders
  readonly pacing: Pacing
  readonly hooks: Hooks<Event, Result>
}

/** Numbers of what is still to come, sets of the present deployment included. */
export interface Later {
  readonly deployments: number
  readonly warmUps: number
  readonly searches: number
  readonly sets: number
}

interface SetRequest {
  readonly arms: readonly Arm[]
  readonly durationSeconds: number
  readonly answersOnly?: boolean
  readonly requestClass?: string | null
}

const DOING = {
  deploy: 'starting servers',
  'warm-up': 'warming up',
  capacity: 'searching capacity',
  set: 'measuring',
} as const

/**
 * Deployments one after the other, each made warm, perhaps searched for what it sustains, and then played in sets of which the
 * result keeps a part: what sweeps, searches and ablations do alike. A set that is played again replaces the earlier trials when
 * it is whole, so that a measurement that ends in between has lost nothing.
 */
export abstract class SetRounds<Place, Kept, Event, Result extends Measurement> extends StepQueue<
  Event,
  Result
> {
  protected readonly orders: RoundOrders
  readonly #request: SetRequest
  readonly #repetition = new Repetition()
  #places: Place[] = []
  #at: number | undefined
  /** Trials of the present set that have been played, and those of one that is played again. */
  #played = 0
  #again: Kept[] = []
  /** Why the present set is played again. */
  #cause = ''

  constructor(request: SetRequest, result: Result, parts: SetParts<Event, Result>) {
    super(result, parts.pacing, parts.hooks)
    this.orders = parts.orders
    this.#request = request
  }

  /** The next servers; null when it is done. Asked when all sets of those before were played. */
  protected abstract nextDeployment(): Deployment<Place> | null
  /** Steps that a set must wait for; none when it can be played. */
  protected abstract stepsBefore(place: Place): readonly Step[]
  protected abstract setPlan(place: Place): SetPlan
  /** Where a set is kept, made if it is not there yet. */
  protected abstract setAt(place: Place, step: SetStep): KeptSet<Kept>
  /** What is kept of a trial, seen for the class of requests that is asked about. @param played trials of its set before it */
  protected abstract keptOf(trial: Trial, place: Place, played: number): Kept
  /** Takes what an arm sustains, requests per second. @param at value of the parameter; undefined when none is varied */
  protected abstract sustained(arm: Arm, perSecond: number, at: number | undefined): void
  /** For an error: ` theta=0.5 pair=3` behind the arm. @param place null of a search */
  protected abstract whereText(place: Place | null, at: number | undefined): string
  protected abstract eventOf(moment: SetMoment<Place, Kept>, at: number | undefined): Event
  /** What comes behind the present deployment. @param places left of this one */
  protected abstract later(places: readonly Place[]): Later
  /** Computes everything in the result that follows from its trials, anew. */
  protected abstract summarize(): void

  begins(step: Step, arm: Arm | null): void {
    const { kind } = step
    if (kind === 'aside' || (kind === 'set' && arm === null)) return
    const about = kind === 'set' ? arm : 'arm' in step ? step.arm : null
    const place = kind === 'set' ? this.#places[0]! : null
    const isAgain = kind === 'set' && step.attempt > 1
    const doing = isAgain ? (`repeating: ${this.#cause}` as const) : DOING[kind]
    this.#tellOf({ place, arm: about?.label ?? null, trial: null, doing })
  }

  hasPlayed(step: SetStep, trial: Trial): void {
    const place = this.#places[0]!
    const { requestClass = null } = this.#request
    const kept = this.keptOf(trialOfClass(trial, requestClass), place, this.#played)
    if (step.attempt === 1) this.setAt(place, step).trials.push(kept)
    else this.#again.push(kept)
    this.summarize()
    this.#refuse(trial, place, step.order.offeredPerSecond === null)
    this.#tellOf({ place, arm: trial.arm, trial: kept, doing: 'measuring' })
    this.#played++
  }

  keep(step: Step, outcome: Outcome): void {
    this.steps.shift()
    if (step.kind === 'capacity' && outcome.kind === 'capacity') {
      const { bracket } = outcome.capacity
      if (bracket === null)
        throw runError(
          'no-capacity',
          `no load was sustained: arm=${step.arm.label}${this.whereText(null, this.#at)}`,
          'name a load per second: --load 1000/s',
        )
      this.sustained(step.arm, midOf(bracket), this.#at)
    } else if (step.kind === 'set' && outcome.kind === 'set') this.#keepSet(step, outcome)
  }

  left(): StepsLeft {
    const { deployments, warmUps, searches, sets } = this.later(this.#places)
    return {
      deploy: this.count('deploy') + deployments,
      'warm-up': this.count('warm-up') + (this.#isWarmed ? warmUps : 0),
      search: this.count('search') + searches,
      set: sets,
    }
  }

  /** Saves it with everything that follows from its trials. */
  override save(): void {
    this.summarize()
    super.save()
  }

  protected refill(): boolean {
    const [place] = this.#places
    if (place === undefined) return this.#deployNext()
    const before = this.stepsBefore(place)
    this.steps.push(...(before.length > 0 ? before : [this.#setStep(place, 1)]))
    return true
  }

  /** Searches of what these arms sustain, each a whole one. @param number of their trace */
  protected searchSteps(arms: readonly Arm[], number: number): readonly Step[] {
    const plan = {
      around: null,
      saturates: true,
      confirmSeconds: this.#request.durationSeconds,
      traceSeed: this.orders.capacitySeed(number),
    }
    return arms.map((arm) => ({ kind: 'capacity', arm, plan }))
  }

  protected warnOfBudget(done: number, of: number, cure: string): void {
    this.result.warnings.push({
      code: 'budget-used',
      message: `the time budget was used up: there are ${done} whole rounds of ${of}`,
      cure,
    })
  }

  get #isWarmed(): boolean {
    return this.#request.answersOnly !== true
  }

  #deployNext(): boolean {
    const deployment = this.nextDeployment()
    if (deployment === null) return false
    const { arms, at, warmUp, searchedBy, places } = deployment
    this.#places = [...places]
    this.#at = at
    this.steps.push({ kind: 'deploy', arms, ...(at !== undefined && { at }) })
    if (this.#isWarmed)
      this.steps.push(...arms.map((arm): Step => ({ kind: 'warm-up', arm, plan: warmUp })))
    if (searchedBy !== null) this.steps.push(...this.searchSteps(arms, searchedBy))
    return true
  }

  #setStep(place: Place, attempt: number): Step {
    const { arms, offeredPerSecond, traceSeed } = this.setPlan(place)
    const { durationSeconds, answersOnly = false } = this.#request
    this.#played = 0
    return {
      kind: 'set',
      arms,
      attempt,
      order: {
        ...trialSeconds({
          arms: this.#request.arms,
          transport: { kind: 'replay' },
          durationSeconds: offeredPerSecond === null ? CLOSED_SECONDS : durationSeconds,
          answersOnly,
        }),
        offeredPerSecond,
        traceSeed,
      },
    }
  }

  #keepSet(step: SetStep, { traced }: Extract<Outcome, { kind: 'set' }>): void {
    const place = this.#places[0]!
    const set = this.setAt(place, step)
    if (step.attempt > 1) set.trials = this.#again
    this.#again = []
    const trials = step.arms.map(({ label }) => traced[label]!.trial)
    const cause = this.#isWarmed ? this.#repetition.causeToRepeat(trials, step.attempt) : null
    if (cause !== null && this.pacing.hasTimeToRepeat()) {
      set.discarded.push({ cause: cause.gate, arm: cause.arm })
      this.#cause = cause.gate
      this.steps.push(this.#setStep(place, step.attempt + 1))
    } else this.#places.shift()
  }

  /** @throws when its answers are wrong, or a closed window got none. */
  #refuse({ arm, achievedPerSecond, void: wrong }: Trial, place: Place, isClosed: boolean): void {
    const where = `arm=${arm}${this.whereText(place, this.#at)}`
    if (wrong !== null) throw runError('void', `void: ${where}: ${wrong}`)
    if (isClosed && achievedPerSecond === 0)
      throw runError('no-capacity', `no request was answered: ${where}`)
  }

  #tellOf(moment: Omit<SetMoment<Place, Kept>, 'played'>): void {
    this.tell(this.eventOf({ ...moment, played: this.#played }, this.#at))
  }
}
