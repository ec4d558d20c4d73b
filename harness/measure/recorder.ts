import { coarseBucket, COARSE_BUCKETS, fineBucket } from './buckets.ts'
import { type RecorderMemory, TOTAL_NAMES, type TotalName, WINDOW_NS } from './recorder-layout.ts'

const SMALLEST = TOTAL_NAMES.indexOf('smallestNs')

/** Counts one port's latencies; about 5 ns a record, allocates nothing. */
export class Recorder {
  readonly #fine: Int32Array
  readonly #windows: Int32Array
  readonly #maxima: Float64Array
  readonly #totals: Float64Array
  readonly #windowCount: number
  #firstWindow = 0
  #window = 0
  // Initialised with fractions, so that the fields hold doubles from the start.
  #originNs = 0.5
  #windowStartNs = 0.5
  #windowEndNs = 0.5

  constructor(memory: RecorderMemory) {
    this.#fine = memory.fine
    this.#windows = memory.windows
    this.#maxima = memory.maxima
    this.#totals = memory.totals
    this.#windowCount = memory.windowCount
  }

  /** From now on windows count from `originNs`, the first of them being number `firstWindow`. */
  begin(originNs: number, firstWindow: number): void {
    this.#originNs = originNs
    this.#firstWindow = firstWindow
    this.#openWindow(originNs)
  }

  /**
   * Records the requests `indices[0 … count − 1]`, due at `dueNs[index]`, as replied at `repliedNs`. Those due before
   * `steadyFromNs` are of the warm-up and count in their windows only.
   */
  record(dueNs: Float64Array, indices: Int32Array, count: number, repliedNs: number, steadyFromNs: number): void {
    const fine = this.#fine
    const windows = this.#windows
    const maxima = this.#maxima
    let smallestNs = this.#totals[SMALLEST]!
    for (let i = 0; i < count; i++) {
      const due = dueNs[indices[i]!]!
      const latencyNs = repliedNs - due
      if (due >= this.#windowEndNs || due < this.#windowStartNs) this.#openWindow(due)
      const window = this.#window
      const bucket = fineBucket(latencyNs)
      windows[window * COARSE_BUCKETS + coarseBucket(bucket)]!++
      if (due < steadyFromNs) continue
      fine[bucket]!++
      if (latencyNs > maxima[window]!) maxima[window] = latencyNs
      if (latencyNs < smallestNs) smallestNs = latencyNs
    }
    this.#totals[SMALLEST] = smallestNs
  }

  get(name: TotalName): number {
    return this.#totals[TOTAL_NAMES.indexOf(name)]!
  }

  /** For rare events; the hot ones above have their own code. */
  set(name: TotalName, value: number): void {
    this.#totals[TOTAL_NAMES.indexOf(name)] = value
  }

  #openWindow(dueNs: number): void {
    // Negative for a request of the warm-up that is answered in the steady state.
    const offset = Math.floor((dueNs - this.#originNs) / WINDOW_NS)
    this.#window = Math.max(0, Math.min(this.#firstWindow + offset, this.#windowCount - 1))
    this.#windowStartNs = this.#originNs + offset * WINDOW_NS
    this.#windowEndNs = this.#windowStartNs + WINDOW_NS
  }
}
