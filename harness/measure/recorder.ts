import { coarseBucket, COARSE_BUCKETS, fineBucket } from './buckets.ts'
import { type RecorderMemory, TOTAL_NAMES, type TotalName, WINDOW_NS } from './recorder-layout.ts'

const SMALLEST = TOTAL_NAMES.indexOf('smallestNs')

/** Counts one port's latencies in one phase; about 5 ns a record, allocates nothing. */
export class Recorder {
  readonly #fine: Int32Array
  readonly #windows: Int32Array
  readonly #maxima: Float64Array
  readonly #totals: Float64Array
  readonly #windowCount: number
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

  /** Begins a phase: windows count from `originNs`. */
  begin(originNs: number): void {
    this.#originNs = originNs
    this.#openWindow(originNs)
  }

  /** Records the requests `indices[from … to − 1]`, due at `dueNs[index]`, as replied at `repliedNs`. */
  record(
    dueNs: Float64Array,
    indices: Int32Array,
    from: number,
    to: number,
    repliedNs: number,
  ): void {
    const fine = this.#fine
    const windows = this.#windows
    const maxima = this.#maxima
    let smallestNs = this.#totals[SMALLEST]!
    for (let i = from; i < to; i++) {
      const due = dueNs[indices[i]!]!
      const latencyNs = repliedNs - due
      if (due >= this.#windowEndNs || due < this.#windowStartNs) this.#openWindow(due)
      const window = this.#window
      const bucket = fineBucket(latencyNs)
      fine[bucket]!++
      windows[window * COARSE_BUCKETS + coarseBucket(bucket)]!++
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
    const offset = Math.max(0, Math.floor((dueNs - this.#originNs) / WINDOW_NS))
    this.#window = Math.min(offset, this.#windowCount - 1)
    this.#windowStartNs = this.#originNs + offset * WINDOW_NS
    this.#windowEndNs = this.#windowStartNs + WINDOW_NS
  }
}
