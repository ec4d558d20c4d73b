import { coarseBucket, COARSE_BUCKETS, fineBucket } from './buckets.ts'
import { type RecorderMemory, TOTAL_NAMES, type TotalName, WINDOW_NS } from './recorder-layout.ts'

const COMPLETED = TOTAL_NAMES.indexOf('completed')
const SMALLEST = TOTAL_NAMES.indexOf('smallestNs')
const LARGEST = TOTAL_NAMES.indexOf('largestNs')

/** Counts one port's latencies; about 5 ns a record, allocates nothing. */
export class Recorder {
  readonly #fine: Int32Array
  readonly #windows: Int32Array
  readonly #maxima: Float64Array
  readonly #totals: Float64Array
  readonly #windowCount: number
  #originNs = 0
  #firstWindow = 0
  #window = 0
  #windowStartNs = 0
  #windowEndNs = 0

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

  /** A request of the warm-up: its window only. */
  recordWarmUp(dueNs: number, latencyNs: number): void {
    if (dueNs >= this.#windowEndNs || dueNs < this.#windowStartNs) this.#openWindow(dueNs)
    this.#windows[this.#window * COARSE_BUCKETS + coarseBucket(latencyNs)]!++
  }

  /** A request of the steady state. */
  record(dueNs: number, latencyNs: number): void {
    this.#fine[fineBucket(latencyNs)]!++
    if (dueNs >= this.#windowEndNs || dueNs < this.#windowStartNs) this.#openWindow(dueNs)
    const window = this.#window
    this.#windows[window * COARSE_BUCKETS + coarseBucket(latencyNs)]!++
    if (latencyNs > this.#maxima[window]!) this.#maxima[window] = latencyNs
    const totals = this.#totals
    totals[COMPLETED]!++
    if (latencyNs > totals[LARGEST]!) totals[LARGEST] = latencyNs
    if (latencyNs < totals[SMALLEST]! || totals[COMPLETED] === 1) totals[SMALLEST] = latencyNs
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
    this.#window = Math.min(this.#firstWindow + offset, this.#windowCount - 1)
    this.#windowStartNs = this.#originNs + offset * WINDOW_NS
    this.#windowEndNs = this.#windowStartNs + WINDOW_NS
  }
}
