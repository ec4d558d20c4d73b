import type { Arm } from '../../contract/architecture.ts'
import type { CellMetric } from '../../contract/claim.ts'
import type { CellSet, CellTrial, ClaimResult } from '../../results/claims.ts'
import type { Trial } from '../../results/schema.ts'
import { readsOfCriterion } from '../../scenario/criteria.ts'
import { CLAIM_METRICS, metricKey } from '../../words/claim-metrics.ts'
import { failedGatesOf } from '../../words/metrics.ts'
import type { Measurement, SetStep, Step } from '../rounds/experiment.ts'
import { briefWarmUpPlan, patientWarmUpPlan } from '../rounds/round-times.ts'
import {
  type Deployment,
  type KeptSet,
  type Later,
  type SetMoment,
  type SetParts,
  type SetPlan,
  SetRounds,
} from '../rounds/set-rounds.ts'
import { type CellPlace, chooseLoads } from './places.ts'
import type { CellClaim, ClaimEvent, ClaimsRequest } from './plan.ts'
import { mostScreened, screenedCells } from './screen.ts'
import { summarizeClaim } from './summary.ts'

/** A set and where it belongs. */
interface ClaimSet {
  readonly round: number
  readonly place: CellPlace
}

/** A claim as it is measured. */
export interface ClaimMeasurement extends Measurement {
  readonly claim: ClaimResult
}

/** Number of the orders of sites; those of cells within a place follow. */
const SITES = 0

/**
 * All cells of a claim in every round: site after site in an order whose reverse follows, each with fresh servers; cells of one site
 * that are offered the same are a set on one trace. What loads in percent refer to is searched before, once. What is there already,
 * from an earlier measurement, is not played again. Where the criterion has a screen, its rounds of all cells come first; the cells
 * that go on are then fixed in the result, and rounds of these follow.
 */
export class ClaimRounds extends SetRounds<ClaimSet, CellTrial, ClaimEvent, ClaimMeasurement> {
  readonly #request: ClaimsRequest
  readonly #claim: CellClaim
  readonly #told: Pick<ClaimEvent, 'number' | 'of'>
  /** Deployments that are left: those that are searched, then site by site. */
  readonly #searches: number[]
  #sites: { readonly at: number; readonly sets: readonly ClaimSet[] }[]
  #round = 0

  /** @param told which of how many claims it is */
  constructor(
    request: ClaimsRequest,
    claim: CellClaim,
    result: ClaimMeasurement,
    parts: SetParts<ClaimEvent, ClaimMeasurement>,
    told: Pick<ClaimEvent, 'number' | 'of'>,
  ) {
    const { cells: played, durationSeconds } = claim
    super({ ...request, durationSeconds, arms: played.map(({ arm }) => arm) }, result, parts)
    this.#request = request
    this.#claim = claim
    this.#told = told
    // A set that was cut off is played as a whole.
    const { sets, cells } = result.claim
    result.claim.sets = sets.filter(({ trials, order }) => trials.length === order.length)
    const { sites } = claim.plan
    const isKnown = (at: number) =>
      sites[at]!.searched.every(({ label }) =>
        this.#cellsOf(at, label).every(
          (name) => cells.find((cell) => cell.name === name)!.sustainedPerSecond !== null,
        ),
      )
    this.#searches = [...sites.keys()].filter((at) => !isKnown(at))
    this.#sites = this.#deploymentsLeft()
    chooseLoads(claim.cells, cells)
  }

  protected nextDeployment(): Deployment<ClaimSet> | null {
    const searched = this.#searches.shift()
    if (searched !== undefined) {
      const { searched: arms } = this.#claim.plan.sites[searched]!
      const warmUp = briefWarmUpPlan([], true, 0)
      return { arms, at: searched, warmUp, searchedBy: searched, places: [] }
    }
    if (this.#sites.length === 0 && this.#isScreening) this.#choose()
    const next = this.#sites.shift()
    if (next === undefined) return null
    const { at, sets } = next
    const round = sets[0]!.round
    this.#round = round
    const playing = new Set(sets.flatMap(({ place }) => place.cells.map(({ arm }) => arm.label)))
    const arms = this.#claim.plan.sites[at]!.arms.filter(({ label }) => playing.has(label))
    const loads = sets.flatMap(({ place }) => this.#offeredTo(place) ?? [])
    return {
      arms: this.orders.arms(arms, round, orderOf(at)),
      at,
      warmUp: patientWarmUpPlan(loads, sets.length),
      searchedBy: null,
      places: sets,
    }
  }

  protected stepsBefore(): readonly Step[] {
    return []
  }

  protected setPlan({ round, place }: ClaimSet): SetPlan {
    const arms = place.cells.map(({ arm }) => arm)
    const offeredPerSecond = this.#offeredTo(place)
    if (offeredPerSecond === null && place.load !== 'max')
      throw new Error('a set comes before its load is known')
    return {
      arms: this.orders.arms(arms, round, orderOf(place.number)),
      offeredPerSecond,
      // Cells that are offered alike get alike arrivals, wherever they are.
      traceSeed: this.orders.traceSeed(round, place.load),
    }
  }

  protected setAt({ round, place }: ClaimSet, { arms, order }: SetStep): KeptSet<CellTrial> {
    const { sets } = this.result.claim
    const last = sets.at(-1)
    if (last?.round === round && last.place === place.number) return last
    const set: CellSet = {
      round,
      place: place.number,
      seed: order.traceSeed,
      offeredPerSecond: order.offeredPerSecond,
      order: arms.map(({ label }) => cellOf(place, label)),
      trials: [],
      discarded: [],
    }
    sets.push(set)
    return set
  }

  protected keptOf(trial: Trial, { place }: ClaimSet): CellTrial {
    const cell = cellOf(place, trial.arm)
    const reads = readsOfCriterion(this.#claim.criterion).filter((of) => of.cell === cell)
    const figures = [...reads, ...ALWAYS].map((of) => {
      const { read } = CLAIM_METRICS[of.metric]
      return [metricKey(of), read(trial, of.class)] as const
    })
    return {
      cell,
      startedAtSeconds: trial.startedAtSeconds,
      figures: Object.fromEntries(figures),
      ...(reads.some(({ metric }) => metric === 'goodput') && {
        latencies: { histogram: trial.histogram, steadySeconds: trial.steadySeconds },
      }),
      failedGates: failedGatesOf(trial),
      void: trial.void,
    }
  }

  protected sustained({ label }: Arm, perSecond: number, at: number): void {
    const { cells } = this.result.claim
    const names = this.#cellsOf(at, label)
    for (const cell of cells) if (names.includes(cell.name)) cell.sustainedPerSecond = perSecond
    chooseLoads(this.#claim.cells, cells)
  }

  protected whereText(set: ClaimSet | null): string {
    const { id } = this.#claim.criterion
    return set === null
      ? ` claim=${id}`
      : ` claim=${id} load=${set.place.load} round=${set.round + 1}`
  }

  protected eventOf({ place, arm, trial, doing }: SetMoment<ClaimSet, CellTrial>): ClaimEvent {
    return {
      ...this.#told,
      id: this.#claim.criterion.id,
      round: this.#round + 1,
      rounds: this.#claim.rounds,
      what: place === null || arm === null ? arm : cellOf(place.place, arm),
      trial,
      doing,
    }
  }

  protected later(places: readonly ClaimSet[]): Later {
    const { sites } = this.#claim.plan
    const searches = this.#searches.reduce((sum, at) => sum + sites[at]!.searched.length, 0)
    // How many behind a screen is not known yet; about so many cells, each on a server of its own.
    const further = this.#isScreening
      ? (this.#claim.rounds - this.#screening) * mostScreened(this.#claim.criterion)
      : 0
    return {
      deployments: this.#searches.length + this.#sites.length + further,
      warmUps:
        searches + further + this.#sites.reduce((sum, { at }) => sum + sites[at]!.arms.length, 0),
      searches,
      sets: this.#sites.reduce((sum, { sets }) => sum + sets.length, places.length + further),
    }
  }

  protected summarize(): void {
    const { claim } = this.result
    const { complete, ending, run } = this.result
    claim.elapsedSeconds = run.elapsedSeconds
    // One that its budget ended is done, and can be gone on with.
    claim.complete = complete && !this.#isScreening && this.#deploymentsLeft().length === 0
    claim.ending = ending
    summarizeClaim(claim, this.#claim.criterion, this.#request.level)
  }

  protected tellCut(): void {
    const { rounds } = this.#claim
    const byRound = Map.groupBy(this.result.claim.sets, ({ round }) => round)
    const whole = [...byRound].filter(
      ([round, sets]) => sets.length === this.#placesIn(round).length,
    ).length
    this.warnOfBudget(whole, rounds, 'give a larger --budget, or --resume <folder> later')
  }

  #offeredTo({ cells }: CellPlace): number | null {
    const [{ name }] = cells as [CellPlace['cells'][number]]
    return this.result.claim.cells.find((cell) => cell.name === name)!.offeredPerSecond
  }

  /** Cells that a server plays. */
  #cellsOf(at: number, label: string): readonly string[] {
    const here = this.#claim.plan.places.filter((place) => place.at === at)
    return here.flatMap(({ cells }) =>
      cells.flatMap(({ name, arm }) => (arm.label === label ? [name] : [])),
    )
  }

  get #screening(): number {
    return this.#claim.criterion.screen?.rounds ?? 0
  }

  get #isScreening(): boolean {
    return this.#screening > 0 && this.result.claim.screened === null
  }

  /** The same trials choose the same cells, so that an interruption in between changes nothing. */
  #choose(): void {
    const { claim } = this.result
    claim.screened = screenedCells(claim, this.#claim.criterion)
    this.#sites = this.#deploymentsLeft()
    this.save()
  }

  /** With the cells that are played in this round. */
  #placesIn(round: number): readonly CellPlace[] {
    const { places } = this.#claim.plan
    const { screened } = this.result.claim
    if (screened === null || round < this.#screening) return places
    return places.flatMap((place) => {
      const cells = place.cells.filter(({ name }) => screened.includes(name))
      return cells.length === 0 ? [] : [{ ...place, cells }]
    })
  }

  #deploymentsLeft() {
    const { plan } = this.#claim
    const rounds = this.#isScreening ? this.#screening : this.#claim.rounds
    const { sets } = this.result.claim
    const isThere = (round: number, { number }: CellPlace) =>
      sets.some((set) => set.round === round && set.place === number)
    return Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
      this.orders.arms([...plan.sites.keys()], round, SITES).flatMap((at) => {
        const here = this.#placesIn(round).filter(
          (place) => place.at === at && !isThere(round, place),
        )
        const order = this.orders.loads(here.length, round)
        const places = order.map((number) => ({ round, place: here[number]! }))
        return places.length === 0 ? [] : [{ at, sets: places }]
      }),
    )
  }
}

/** Of every trial, whatever the criterion reads. */
const ALWAYS: readonly Omit<CellMetric, 'cell'>[] = [
  { metric: 'p50' },
  { metric: 'p99' },
  { metric: 'throughput' },
]

function orderOf(number: number): number {
  return SITES + 1 + number
}

function cellOf({ cells }: CellPlace, label: string): string {
  return cells.find(({ arm }) => arm.label === label)!.name
}
