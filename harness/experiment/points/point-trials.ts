import type { Clock } from '../../base/clock.ts'
import { combineSeeds, seededRandom } from '../../base/random.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { PointPair, PointTrial } from '../../results/point-pair.ts'
import type { Trial } from '../../results/schema.ts'
import type { BlockFileWarning } from '../../work/block-file.ts'
import { capacityWindow } from '../capacity-window.ts'
import { chooseTimes } from '../trial-plan.ts'
import { CAPACITY_SEED } from '../trial-series.ts'
import { type PointContext, PointContexts } from './point-contexts.ts'
import type { PointRequest } from './point-request.ts'

/** Steady state of a capacity trial. */
export const POINT_CAPACITY_SECONDS = 0.25
/** Seeds are integers: values that differ by less share the order of their pairs, which does no harm. */
const THOUSANDTHS = 1_000

/**
 * Told of each trial: before it, with null, and when it has ended and is in the pair. What it throws ends the pair.
 */
export type TellTrial = (pair: PointPair, arm: Arm, trial: PointTrial | null) => void

/** Trials of two arms at the values of a parameter. */
export class PointTrials {
  readonly #request: PointRequest
  readonly #contexts: PointContexts
  readonly #clock: Clock
  /** Whether threads are bound to processors. */
  readonly pinned: boolean
  /** A doubt about the workload's file; null without one. */
  readonly fileWarning: BlockFileWarning | null
  /** Pairs begun, by value and kind. */
  readonly #begun = new Map<string, number>()

  private constructor(request: PointRequest, contexts: PointContexts, first: PointContext) {
    this.#request = request
    this.#contexts = contexts
    this.#clock = first.context.clock
    this.pinned = first.context.setAffinity !== null
    this.fileWarning = first.context.blockFile?.warning ?? null
  }

  /**
   * Calibrates, about 20 ms.
   * @param signal aborted by Ctrl-C: then the trial that runs ends within a second, and throws.
   * @throws CrossoverError of kind `usage` when the scenario cannot be run, or the processors cannot be kept.
   */
  static async create(request: PointRequest, signal: AbortSignal): Promise<PointTrials> {
    const contexts = new PointContexts(request, signal)
    return new PointTrials(request, contexts, await contexts.at(request.range.from))
  }

  /** Gives the files of all workloads back, after the last trial. */
  close(): void {
    this.#contexts.close()
  }

  /** Of all contexts; starts at zero when it is created. */
  get clock(): Clock {
    return this.#clock
  }

  /**
   * Both arms at a value and an offered load, on the trace of this number, in an order drawn from the seed and balanced over
   * each two pairs of a value. Wrong answers do not throw: the trial says that it is void.
   * @param number from 0, less than 1,000,000: pairs of the same number have the same arrivals at every value
   * @param offeredPerSecond of all cores together
   * @throws when a thread fails or the signal is aborted
   */
  async pair(
    value: number,
    number: number,
    offeredPerSecond: number,
    tell: TellTrial,
  ): Promise<PointPair> {
    const point = await this.#contexts.at(value)
    const pair = this.#begin(value, number, offeredPerSecond)
    const { durationSeconds, answersOnly } = this.#request
    const times = chooseTimes('load', durationSeconds, answersOnly)
    for (const arm of this.#inOrder(pair)) {
      tell(pair, arm, null)
      const { trial } = await point.series.trial(arm, offeredPerSecond, number, times)
      pair.trials.push(pointTrial(trial))
      tell(pair, arm, pair.trials.at(-1)!)
    }
    return pair
  }

  /**
   * The same with a closed window: how much each arm can do at a value.
   * @param number from 0, less than 1,000,000; its traces are none of those of `pair`
   */
  async capacityPair(value: number, number: number, tell: TellTrial): Promise<PointPair> {
    const point = await this.#contexts.at(value)
    const trace = CAPACITY_SEED - 1 - number
    const pair = this.#begin(value, trace, null)
    const times = chooseTimes('capacity', POINT_CAPACITY_SECONDS, this.#request.answersOnly)
    for (const arm of this.#inOrder(pair)) {
      tell(pair, arm, null)
      const permits = capacityWindow(point.context, arm)
      const saturated = { ...arm, options: { ...arm.options, permits } }
      const { trial } = await point.series.trial(saturated, null, trace, times)
      pair.trials.push(pointTrial(trial))
      tell(pair, arm, pair.trials.at(-1)!)
    }
    return pair
  }

  #begin(value: number, traceNumber: number, offeredPerSecond: number | null): PointPair {
    const { arms, range, seed } = this.#request
    const kind = offeredPerSecond === null ? 'capacity' : 'load'
    const isWithoutValue = kind === 'capacity' && range.subject === 'load'
    const key = `${kind} ${isWithoutValue ? '' : value}`
    const begun = this.#begun.get(key) ?? 0
    this.#begun.set(key, begun + 1)
    const parts = [seed, kind === 'load' ? 0 : 1, Math.round(value * THOUSANDTHS), begun >> 1]
    const isSecondFirst = seededRandom(combineSeeds(...parts)).unit() < 0.5
    const order = arms.map((arm) => arm.label)
    return {
      value: isWithoutValue ? null : value,
      seed: combineSeeds(seed, traceNumber),
      offeredPerSecond,
      order: isSecondFirst === (begun % 2 === 0) ? order.toReversed() : order,
      trials: [],
    }
  }

  #inOrder({ order }: PointPair): Arm[] {
    return order.map((label) => this.#request.arms.find((arm) => arm.label === label)!)
  }
}

/** What is kept of a trial. */
function pointTrial(trial: Trial): PointTrial {
  const { cpuSecondsPerRequest, declaredWaits } = trial.counters
  return {
    arm: trial.arm,
    startedAtSeconds: trial.startedAtSeconds,
    percentiles: trial.percentiles,
    longestAnsweredNs: trial.maxNs,
    achievedPerSecond: trial.achievedPerSecond,
    cpuPerRequestNs: cpuSecondsPerRequest === null ? null : cpuSecondsPerRequest * NS_PER_SECOND,
    declaredWaits,
    failedGates: trial.gates.filter((gate) => !gate.passed).map((gate) => gate.name),
    void: trial.void,
  }
}
