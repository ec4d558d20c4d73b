import { ISOLATION_WORDS } from '../../base/units.ts'

/*
 * How the trial tells the ports what to play. Ports look at one word per turn.
 *
 *   Int32    word 0: phase · word 32: stop · word 64: ports that are ready for another trial · word 65: number of the trial
 *   Float64  the times below
 *
 * Protocol. The trial writes the times plainly, then stores the phase; a port loads the phase, then reads the times. Within
 * a trial phases only grow, so the times of a phase are never changed while a port may read them. Between two trials the
 * trial sets the phase back to waiting; each port forgets the former trial, then adds 1 to the count of those that are
 * ready, and touches nothing of a trial's memory until the next phase. When all have, the memory is the trial's alone: it
 * loads traces, clears recorders and tables, and announces. Nothing is read too early: the port's last access comes before
 * its addition, the trial's first one behind its reading of the full count; and so the other way round with the phase.
 */
const PHASE = 0
const STOP = ISOLATION_WORDS
const READY = 2 * ISOLATION_WORDS
const TRIAL = READY + 1
const CONTROL_WORDS = 3 * ISOLATION_WORDS

/**
 * Waiting → warm-up → rehearsal → steady state → closed, and back to waiting for the next trial. The rehearsal plays the
 * load of the steady state and begins exactly as that does; a server that is warm has no other warm-up. When closed,
 * nothing is received any more.
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
/** Most requests in flight per port. */
const WINDOW = 3
/** Requests in a row that are sampled. */
const SAMPLE_RUN = 4
/** The start of phase p is at `FIRST_START + p`. */
const FIRST_START = 4
const TIME_COUNT = FIRST_START + PHASE_CLOSED

/** What threads share of the control block. */
export interface ControlMemory {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly times: Float64Array<SharedArrayBuffer>
}

export function createControl(): ControlMemory {
  const times = new Float64Array(new SharedArrayBuffer(TIME_COUNT * Float64Array.BYTES_PER_ELEMENT))
  times[WINDOW] = Number.POSITIVE_INFINITY
  times[SAMPLE_RUN] = 1
  return {
    words: new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * Int32Array.BYTES_PER_ELEMENT)),
    times,
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

  /** Most requests that a port has in flight; infinite for as many as it has slots. */
  window(): number {
    return this.#times[WINDOW]!
  }

  /** Requests in a row that are sampled; 0 where each is. */
  sampleRun(): number {
    return this.#times[SAMPLE_RUN]!
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

  /** Trial only, before the first phase of a trial. @param sampleRun a power of two, or 0 for each request */
  setPorts(window: number, sampleRun: number): void {
    this.#times[WINDOW] = window
    this.#times[SAMPLE_RUN] = sampleRun
  }

  /** Number of the trial, from 1 on; 0 before the first. */
  trial(): number {
    return Atomics.load(this.#words, TRIAL)
  }

  /** Trial only, before the first phase of a trial. */
  nextTrial(): void {
    Atomics.add(this.#words, TRIAL, 1)
  }

  /** Trial only, when nothing is in flight: the ports forget the trial and wait for the next one. */
  beginAnew(): void {
    Atomics.store(this.#words, READY, 0)
    Atomics.store(this.#words, PHASE, PHASE_WAITING)
  }

  /** A port has forgotten the former trial. */
  addReady(): void {
    Atomics.add(this.#words, READY, 1)
  }

  /** Ports that have since `beginAnew`. */
  readyPorts(): number {
    return Atomics.load(this.#words, READY)
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
