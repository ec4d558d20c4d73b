import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import type { RecorderMemory } from '../measure/recorder-layout.ts'
import type { ClientFigures } from '../results/trial-schema.ts'
import type { PlayedAnswers } from '../server/records.ts'
import type { ServerThreads } from '../server/server-threads.ts'

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

/** What a trial's requests came to, whoever played them. */
export interface PlayedTrial {
  /** Of the steady state, by port. */
  readonly recorders: readonly RecorderMemory[]
  /** Of every port and phase, for the check of the answers. */
  readonly answers: readonly PlayedAnswers[]
  /** The first wrong answer as a sentence; null when all were right. */
  readonly wrong: string | null
  /** Requests in flight that nobody answered although the servers had time to. */
  readonly lost: number
  readonly drainNs: number
  /** CPU time that a client's process took of the servers' processors in the steady state: it is ours, not others'. */
  readonly clientCpuSeconds: number
  /** How far the client's clock was from the system's at the end; 0 without a client. */
  readonly clientClockErrorNs: number
  /** Null without a client. */
  readonly client: ClientFigures | null
}

/** What any player needs of its trial. */
export interface PlayerParts {
  readonly threads: ServerThreads
  readonly signal: AbortSignal
  readonly times: TrialTimes
  readonly warmUpSpeed: number
  /** The warm-up takes as long as it may. */
  readonly longWarmUp: boolean
}

/** Who plays a trial's requests: the ports themselves, or a client. Methods are called once, in this order. */
export interface Player {
  /** Time between the announcement of the steady state and its start. */
  readonly leadNs: number
  /** Aborted when the trial cannot go on. */
  readonly signal: AbortSignal
  /** Plays the warm-up until latencies stop falling; tells how long it took. @param everyWindow called every 100 ms. */
  warmUp(everyWindow: () => void): Promise<number>
  /** From this instant of the run's clock on the steady state is played; before it, the warm-up goes on. */
  beginSteadyState(startNs: number): void
  /** After the end of the steady state: waits until everything due was answered, or given up. */
  drain(): Promise<PlayedTrial>
  /** Ends it, whatever it does. */
  close(): Promise<void>
}
