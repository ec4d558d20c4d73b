import { GCProfiler, getHeapStatistics } from 'node:v8'
import { type Control, PHASE_REHEARSAL, PHASE_STEADY_STATE } from '../ports/replay/control.ts'
import type { ThreadCounters } from '../shared-memory/thread-counters.ts'

/** There where the process was started with `--expose-gc`. */
const { gc: collect } = globalThis

/**
 * Collections and allocations of one thread's own heap in each steady state, told by its counters: the measured path allocates
 * nothing, so both are to be 0, and where they are not the collector may be in the tail. Looked at between batches; a look is
 * one load unless the phase has changed.
 *
 * The load that is played before a steady state begins with an empty young generation: the few kilobytes that each trial leaves
 * behind, its phases and this watch, would else fill it after some dozen trials and be collected in the middle of one.
 *
 * Protocol. A thread that sees the steady state announced begins to count, which costs it some microseconds of the lead; one
 * that sees it over writes what it counted and then the trial's number. The trial wakes sleepers and reads the counters when
 * the number has come, or leaves out what a thread did not tell in time.
 */
export class HeapWatch {
  readonly #control: Control
  readonly #counters: ThreadCounters
  readonly #profiler = new GCProfiler()
  #phase = 0
  #isCounting = false
  #allocatedBytes = 0

  constructor(control: Control, counters: ThreadCounters) {
    this.#control = control
    this.#counters = counters
  }

  /** To be called by the thread itself. */
  look(): void {
    const phase = this.#control.phase()
    if (phase !== this.#phase) this.#change(phase)
  }

  #change(phase: number): void {
    this.#phase = phase
    if (phase === PHASE_REHEARSAL) collect?.({ type: 'minor' })
    else if (phase === PHASE_STEADY_STATE) {
      this.#allocatedBytes = allocatedBytes()
      this.#profiler.start()
      this.#isCounting = true
    } else if (this.#isCounting) {
      this.#isCounting = false
      const bytes = allocatedBytes() - this.#allocatedBytes
      const collections = this.#profiler.stop()?.statistics.length ?? 0
      this.#counters.tellHeap(this.#control.trial(), collections, bytes)
    }
  }
}

/** Of this thread's heap since its start; 0 where V8 does not tell. */
function allocatedBytes(): number {
  return getHeapStatistics().total_allocated_bytes ?? 0
}
