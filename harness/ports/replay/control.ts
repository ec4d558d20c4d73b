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

/** Waiting → the warm-up's trace → the steady state's trace from `steadyStartNs` on → nothing is received any more. */
export const PHASE_WAITING = 0
export const PHASE_WARM_UP = 1
export const PHASE_STEADY_STATE = 2
export const PHASE_CLOSED = 3

const TIME_NAMES = ['warmUpStartNs', 'nsPerGap', 'steadyStartNs', 'steadyEndNs'] as const
type TimeName = (typeof TIME_NAMES)[number]

/** What threads share of the control block. */
export interface ControlMemory {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly times: Float64Array<SharedArrayBuffer>
}

export function createControl(): ControlMemory {
  return {
    words: new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * Int32Array.BYTES_PER_ELEMENT)),
    times: new Float64Array(new SharedArrayBuffer(TIME_NAMES.length * Float64Array.BYTES_PER_ELEMENT)),
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

  time(name: TimeName): number {
    return this.#times[TIME_NAMES.indexOf(name)]!
  }

  /** Trial only. @param nsPerGap mean gap of the whole trace; 0 for an offered load of `max`. */
  startWarmUp(startNs: number, nsPerGap: number): void {
    this.#set('warmUpStartNs', startNs)
    this.#set('nsPerGap', nsPerGap)
    Atomics.store(this.#words, PHASE, PHASE_WARM_UP)
  }

  /** Trial only. */
  startSteadyState(startNs: number, endNs: number): void {
    this.#set('steadyStartNs', startNs)
    this.#set('steadyEndNs', endNs)
    Atomics.store(this.#words, PHASE, PHASE_STEADY_STATE)
  }

  /** Trial only: ports give up what waits in their backlog and answer only what is in flight. */
  closePorts(): void {
    Atomics.store(this.#words, PHASE, PHASE_CLOSED)
  }

  /** Trial only: every thread of the server leaves its loop. */
  stop(): void {
    Atomics.store(this.#words, STOP, 1)
  }

  #set(name: TimeName, value: number): void {
    this.#times[TIME_NAMES.indexOf(name)] = value
  }
}
