import type { LoadRequest, RunRequest } from './run-request.ts'

/** What a run is about to do, for people. */
export interface Plan {
  readonly lines: readonly string[]
  /** Estimated length of the run. */
  readonly seconds: number
}

/** Spawning threads, warm-up and drain of one trial, as measured on two cores. */
const OVERHEAD_SECONDS = 1.15
const CAPACITY_OVERHEAD_SECONDS = 1.7
/** Steady state of a capacity trial, and how many of them each arm gets. */
export const CAPACITY_SECONDS = 0.3
export const CAPACITY_TRIALS = 3
/** Rounds of the inline ceiling. */
export const INLINE_ROUNDS = 3
const INLINE_SECONDS = 1.2
/** Trials of the reference arm at the middle load, and for its capacity. */
export const REFERENCE_TRIALS = 2

/** Whether the loads are stated relative to the capacity, or saturate: otherwise it need not be measured. */
export function needsCapacity(loads: readonly LoadRequest[]): boolean {
  return loads.some((load) => load.kind !== 'absolute')
}

/** The load at which the reference arm is compared: the middle one. */
export function middleLoad(loads: readonly LoadRequest[]): number {
  return Math.floor((loads.length - 1) / 2)
}

/** Seconds of the parts of a run. */
function partsOf(request: RunRequest): { capacity: number; load: number; reference: number } {
  const capacityTrial = CAPACITY_SECONDS + CAPACITY_OVERHEAD_SECONDS
  const trial = request.durationSeconds + OVERHEAD_SECONDS
  const measured = needsCapacity(request.loads)
  return {
    capacity: measured ? 2 * CAPACITY_TRIALS * capacityTrial + INLINE_SECONDS : 0,
    load: 2 * request.pairs * trial,
    reference: request.reference ? REFERENCE_TRIALS * ((measured ? capacityTrial : 0) + trial) : 0,
  }
}

/** Seconds of a run's budget that are kept for the reference arm. */
export function reservedSeconds(request: RunRequest): number {
  return partsOf(request).reference
}

/** What the run will do and about how long it will take. */
export function planRun(request: RunRequest): Plan {
  const { loaded, arms, loads, pairs, durationSeconds, cpus } = request
  const parts = partsOf(request)
  const whole = parts.capacity + loads.length * parts.load + parts.reference
  const seconds = Math.round(Math.min(whole, request.budgetSeconds ?? Number.POSITIVE_INFINITY))
  const lines = [
    `${loaded.scenario.name}: ${arms[0].label} against ${arms[1].label}, on processors ${cpus.join(', ')}, seed ${request.seed}`,
  ]
  if (parts.capacity > 0) {
    lines.push(
      `capacity of each: ${CAPACITY_TRIALS} trials with a closed window, about ${Math.round(parts.capacity)} s`,
    )
  }
  lines.push(
    `loads ${loads.map((load) => load.label).join(', ')}: ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of ${durationSeconds} s each, about ${Math.round(parts.load)} s per load`,
  )
  if (request.reference)
    lines.push(`beside them ${request.reference.label}, about ${Math.round(parts.reference)} s`)
  lines.push(`about ${seconds} s in all`)
  return { lines, seconds }
}
