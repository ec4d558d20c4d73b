import { ISOLATION_WORDS } from '../../base/units.ts'

/*
 * How the trial tells the ports what to play. Written by the trial's thread only; ports look at one word per turn.
 *
 *   Int32    word 0: phase · word 32: stop
 *   Float64  the times below
 *
 * Protocol. The trial writes the times plainly, then stores the phase; a port loads the phase, then reads the times.
 * Phases only grow, so the times of a phase are never changed while a port may read them.
 */
const PHASE = 0
const STOP = ISOLATION_WORDS
const CONTROL_WORDS = 2 * ISOLATION_WORDS

/**
 * Waiting → warm-up → rehearsal → steady state → closed. The rehearsal is the rest of the warm-up: it begins exactly as the
 * steady state does, so that nothing of what a change of phase executes is executed for the first time in the steady
 * state. When closed, nothing is received any more.
 */
export const PHASE_WAITING = 0
export const PHASE_WARM_UP = 1
export const PHASE_REHEARSAL = 2
export const PHASE_STEADY_STATE = 3
export const PHASE_CLOSED = 4

/** The phases in which requests are played, in order. */
export const PLAYED_PHASES = [PHASE_WARM_UP, PHASE_REHEARSAL, PHASE_STEADY_STATE] as const
export type PlayedPhase = (typeof PLAYED_PHASES)[number]

const NS_PER_GAP = 0
const STEADY_END = 1
const STEADY_REST = 2
/** The start of phase p is at `FIRST_START + p`. */
const FIRST_START = 2
const TIME_COUNT = FIRST_START + PHASE_CLOSED

/** What threads share of the control block. */
export interface ControlMemory {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly times: Float64Array<SharedArrayBuffer>
}

export function createControl(): ControlMemory {
  return {
    words: new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * Int32Array.BYTES_PER_ELEMENT)),
    times: new Float64Array(new SharedArrayBuffer(TIME_COUNT * Float64Array.BYTES_PER_ELEMENT)),
  }
}

/** One thread's view of the control block. */
export class Control {
  readonly #words: Int32Array
  readonly #times: Float64Array

  constructor(memory: ControlMemory) {
    this.#words = memory.words
    this.#times = memory.times
  }

  phase(): number {
    return Atomics.load(this.#words, PHASE)
  }

  stopped(): boolean {
    return Atomics.load(this.#words, STOP) !== 0
  }

  /** Mean gap of the whole trace; 0 for an offered load of `max`. */
  nsPerGap(): number {
    return this.#times[NS_PER_GAP]!
  }

  /** When a phase begins to which the word has changed. */
  startNs(phase: number): number {
    return this.#times[FIRST_START + phase]!
  }

  /** How long nothing is due before a phase begins: the server is empty then. 0 but before some steady states. */
  restNs(phase: number): number {
    return phase === PHASE_STEADY_STATE ? this.#times[STEADY_REST]! : 0
  }

  /** Requests due from here on are not received. */
  steadyEndNs(): number {
    return this.#times[STEADY_END]!
  }

  /** Trial only, before a phase is announced; the steady state's is set while the warm-up is played, which no longer reads it. */
  setLoad(nsPerGap: number, steadyEndNs = Number.POSITIVE_INFINITY, steadyRestNs = 0): void {
    this.#times[NS_PER_GAP] = nsPerGap
    this.#times[STEADY_END] = steadyEndNs
    this.#times[STEADY_REST] = steadyRestNs
  }

  /** Trial only: the ports change to the phase when its start has come. */
  startPhase(phase: PlayedPhase, startNs: number): void {
    this.#times[FIRST_START + phase] = startNs
    Atomics.store(this.#words, PHASE, phase)
  }

  /** Trial only: ports give up what waits in their backlog and answer only what is in flight. */
  closePorts(): void {
    Atomics.store(this.#words, PHASE, PHASE_CLOSED)
  }

  /** Trial only: every thread of the server leaves its loop. */
  stop(): void {
    Atomics.store(this.#words, STOP, 1)
  }
}
