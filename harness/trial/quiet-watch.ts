import type { Trial } from '../results/schema.ts'
import type { WarmUpPlan } from './server-under-test.ts'

/** How long a server is made warm at most, quiet or not; seconds. */
export function longestWarmUp(
  { longestSeconds, secondsByThreads }: WarmUpPlan,
  threads: number,
): number {
  if (secondsByThreads === undefined) return longestSeconds
  const { least, each } = secondsByThreads
  return Math.min(longestSeconds, least + each * threads)
}

/** Share of the processors' time that helper threads may take in a quiet lap. */
const HELPER_SHARE = 0.005
/** A median stands still when it is within this factor of the lap before. */
const STILL_RATIO = 1.5

/**
 * Whether a server's runtime has come to rest: over a whole lap of the plan's loads its compilers and other helper threads used
 * next to nothing, none of its threads collected, and the medians are those of the lap before. A load that the server does
 * not keep up with has no median to stand still.
 */
export class QuietWatch {
  readonly #cpuCount: number
  readonly #fewestLaps: number
  #helperSeconds = 0
  #steadySeconds = 0
  #hasCollected = false
  #moved = false
  #laps = 0
  readonly #medians = new Map<number | null, number>()

  /** @param fewestLaps before that it is not quiet. */
  constructor(cpuCount: number, fewestLaps: number) {
    this.#cpuCount = cpuCount
    this.#fewestLaps = fewestLaps
  }

  beginLap(): void {
    this.#helperSeconds = 0
    this.#steadySeconds = 0
    this.#hasCollected = false
    this.#moved = false
    this.#laps++
  }

  /** Takes note of one stretch of the present lap. */
  add(load: number | null, trial: Trial): void {
    // Where /proc does not tell, collections and medians have to do.
    this.#helperSeconds += trial.runtime?.helperSeconds ?? 0
    this.#steadySeconds += trial.steadySeconds
    if ((trial.counters.garbageCollections ?? 0) > 0) this.#hasCollected = true
    const isSaturated =
      load === null || trial.gates.some(({ name, passed }) => name === 'completed' && !passed)
    if (isSaturated) return
    const before = this.#medians.get(load)
    const { ns } = trial.percentiles.p50
    this.#medians.set(load, ns)
    if (before !== undefined && (ns > before * STILL_RATIO || ns * STILL_RATIO < before))
      this.#moved = true
  }

  /** Of the lap that ended. */
  get isQuiet(): boolean {
    if (this.#laps < this.#fewestLaps || this.#moved || this.#hasCollected) return false
    return this.#helperSeconds <= HELPER_SHARE * this.#steadySeconds * this.#cpuCount
  }
}
