import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import { WINDOW_NS } from '../measure/recorder-layout.ts'

/** How long the phases of a trial last. */
export interface TrialTimes {
  /** When the rest of the warm-up begins, as the steady state will: see `PHASE_REHEARSAL`. */
  readonly rehearsalAfterNs: number
  readonly leastWarmUpNs: number
  readonly longestWarmUpNs: number
  readonly steadyNs: number
  /** Until requests of the steady state that wait in the backlog are given up. */
  readonly longestDrainNs: number
  /** How long nothing is due before the steady state begins: the server is empty then, as theory wants it. 0 in a run. */
  readonly restNs: number
}

/** Between the announcement of a phase and its first due instant: every thread has seen it by then. */
export const LEAD_NS = 5 * NS_PER_MS

/** How long a load is played before a steady state where controllers act: a step per tenth of a second, from the start each time. */
export const CONTROLLED_SETTLE_SECONDS = 3

/** The phases for a steady state of the given length: warm-up at least 0.5 s, at most 3 s. */
export function trialTimes(steadySeconds: number): TrialTimes {
  return {
    rehearsalAfterNs: 0.2 * NS_PER_SECOND,
    leastWarmUpNs: 0.5 * NS_PER_SECOND,
    longestWarmUpNs: 3 * NS_PER_SECOND,
    steadyNs: steadySeconds * NS_PER_SECOND,
    longestDrainNs: 0.5 * NS_PER_SECOND,
    restNs: 0,
  }
}

/**
 * The phases of a capacity trial: a longer warm-up, since at saturation the compilers get little of the processors and
 * half-compiled code would be taken for the architecture's limit (the staged server's ten threads compile their own each).
 */
export function capacityTimes(steadySeconds: number): TrialTimes {
  return { ...trialTimes(steadySeconds), leastWarmUpNs: 1.2 * NS_PER_SECOND }
}

/**
 * The phases of a trial that is about right answers alone: a warm-up of 0.2 s, and a drain long enough that even a slow
 * server answers, so that every answer is checked.
 */
export function answersOnlyTimes(steadySeconds: number): TrialTimes {
  return {
    ...trialTimes(steadySeconds),
    rehearsalAfterNs: 0.1 * NS_PER_SECOND,
    leastWarmUpNs: 0.2 * NS_PER_SECOND,
    longestWarmUpNs: 0.2 * NS_PER_SECOND,
    longestDrainNs: 3 * NS_PER_SECOND,
  }
}

/** The phases of a trial at a load or at capacity, of a measurement that may be about right answers alone. */
export function chooseTimes(
  at: 'load' | 'capacity',
  steadySeconds: number,
  answersOnly: boolean | undefined,
): TrialTimes {
  if (answersOnly) {
    const times = answersOnlyTimes(steadySeconds)
    const warmUpNs = 0.5 * NS_PER_SECOND
    // At saturation half-compiled code on a busy machine may answer nothing within a shorter one.
    return at === 'load' ? times : { ...times, leastWarmUpNs: warmUpNs, longestWarmUpNs: warmUpNs }
  }
  return at === 'load' ? trialTimes(steadySeconds) : capacityTimes(steadySeconds)
}

/** Windows of 100 ms that a phase of this length needs. */
export function windowsFor(ns: number): number {
  return Math.ceil(ns / WINDOW_NS) + 1
}
