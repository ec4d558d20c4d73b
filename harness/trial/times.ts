import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'

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
