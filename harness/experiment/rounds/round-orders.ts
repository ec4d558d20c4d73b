import { createHash } from 'node:crypto'
import { combineSeeds, seededRandom } from '../../base/random.ts'
import type { LoadedScenario } from '../../asked/requests.ts'

/** Which of the things that are shuffled or drawn a number is for: no two of them share one. */
const ARMS = 1
const LOADS = 2
const TRACE = 3
const WARM_UP = 4
const CAPACITY = 5

/**
 * In which order arms run and loads come, and which traces they play: all of it from the run's seed, so that a run can be
 * repeated. Rounds come in pairs, one with an order of the arms and one with its reverse, so that over an even number of
 * rounds each arm stands before each other one as often as behind it; whose turn it is to be first rotates from one pair of
 * rounds to the next. A load's place in its round is drawn anew for each.
 */
export class RoundOrders {
  readonly #seed: number
  readonly #scenario: number

  /** @param scenario name and parameters: two scenarios of one seed have different arrivals. */
  constructor(seed: number, scenario: string) {
    this.#seed = seed
    this.#scenario = createHash('sha256').update(scenario).digest().readInt32LE(0)
  }

  /** The arms of a round, counted from 0, in the order in which they run at a load. @param load its number in the plan */
  arms<Item>(items: readonly Item[], round: number, load: number): readonly Item[] {
    const pairOfRounds = round >> 1
    const shift = (pairOfRounds + load) % items.length
    const rotated = [...items.slice(shift), ...items.slice(0, shift)]
    // Which of the two comes first is drawn, for each pair of rounds and load.
    const random = seededRandom(combineSeeds(this.#seed, this.#scenario, ARMS, pairOfRounds, load))
    const isReversed = random.int32() < 0
    return (round % 2 === 1) === isReversed ? rotated : rotated.toReversed()
  }

  /** Numbers of the loads in the order of a round. */
  loads(count: number, round: number): readonly number[] {
    const random = seededRandom(combineSeeds(this.#seed, this.#scenario, LOADS, round))
    return shuffled(
      Array.from({ length: count }, (_, load) => load),
      () => random.unit(),
    )
  }

  /** Seed of the trace that all arms play at a load of a round. @param label of the load, so that two of them differ. */
  traceSeed(round: number, label: string): number {
    const load = createHash('sha256').update(label).digest().readInt32LE(0)
    return combineSeeds(this.#seed, this.#scenario, TRACE, round, load)
  }

  /** Seed of the traces of a round's warm-up and probes. */
  warmUpSeed(round: number): number {
    return combineSeeds(this.#seed, this.#scenario, WARM_UP, round)
  }

  /** Seed of the traces of those probes that have one of their own. */
  capacitySeed(round: number): number {
    return combineSeeds(this.#seed, this.#scenario, CAPACITY, round)
  }
}

/** Of a measurement: two with other scenarios or parameters have other arrivals. */
export function ordersOf({
  seed,
  loaded,
}: {
  readonly seed: number
  readonly loaded: LoadedScenario
}): RoundOrders {
  return new RoundOrders(seed, `${loaded.scenario.name} ${JSON.stringify(loaded.params)}`)
}

/** A copy in random order (Fisher and Yates). @param unit uniform in [0, 1) */
export function shuffled<Item>(items: readonly Item[], unit: () => number): Item[] {
  const copy = [...items]
  for (let last = copy.length - 1; last > 0; last--) {
    const chosen = Math.floor(unit() * (last + 1))
    const item = copy[last]!
    copy[last] = copy[chosen]!
    copy[chosen] = item
  }
  return copy
}
