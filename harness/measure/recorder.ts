import { coarseBucket, COARSE_BUCKETS, FINE_BUCKETS, fineBucket } from './buckets.ts'
import { type ClassMemory, type RecorderMemory, TOTAL, WINDOW_NS } from './recorder-layout.ts'

const WINDOW_START = 0
const WINDOW_END = 1
const ORIGIN = 2
const WINDOW_LENGTH = 3

/** Counts one port's latencies in one phase; about 5 ns a record, allocates nothing. */
export class Recorder {
  readonly #fine: Int32Array
  readonly #windows: Int32Array
  readonly #maxima: Float64Array
  /** By `TOTAL`; the smallest latency is this recorder's to write. */
  readonly totals: Float64Array
  readonly #windowCount: number
  #window = 0
  /**
   * Start and end of the present window, the phase's start, and the length of a window: kept here it is no small integer, whose
   * product V8 would take for one, too, and throw the code away when it is not.
   */
  readonly #times = Float64Array.of(0, 0, 0, WINDOW_NS)

  constructor(memory: RecorderMemory) {
    this.#fine = memory.fine
    this.#windows = memory.windows
    this.#maxima = memory.maxima
    this.totals = memory.totals
    this.#windowCount = memory.windowCount
  }

  /** Begins a phase: windows count from `originNs`. */
  begin(originNs: number): void {
    this.#times[ORIGIN] = originNs
    // No instant is inside: the first record opens its window. Doing it here would be a second place that does.
    this.#times[WINDOW_START] = Number.POSITIVE_INFINITY
  }

  /** Records the requests `indices[from … to − 1]`, due at `dueNs[index]`, as replied at `replied[0]`. */
  record(
    dueNs: Float64Array,
    indices: Int32Array,
    from: number,
    to: number,
    replied: Float64Array,
  ): void {
    const repliedNs = replied[0]!
    const fine = this.#fine
    const windows = this.#windows
    const maxima = this.#maxima
    const times = this.#times
    let smallestNs = this.totals[TOTAL.smallestNs]!
    for (let i = from; i < to; i++) {
      const due = dueNs[indices[i]!]!
      const latencyNs = repliedNs - due
      if (due >= times[WINDOW_END]! || due < times[WINDOW_START]!) {
        // In place: a function of its own, called ten times a second, gets hot in the midst of a steady state.
        const offset = Math.max(0, Math.floor((due - times[ORIGIN]!) / times[WINDOW_LENGTH]!))
        this.#window = Math.min(offset, this.#windowCount - 1)
        times[WINDOW_START] = times[ORIGIN]! + offset * times[WINDOW_LENGTH]!
        times[WINDOW_END] = times[WINDOW_START]! + times[WINDOW_LENGTH]!
      }
      const window = this.#window
      const bucket = fineBucket(latencyNs)
      fine[bucket]!++
      windows[window * COARSE_BUCKETS + coarseBucket(bucket)]!++
      if (latencyNs > maxima[window]!) maxima[window] = latencyNs
      if (latencyNs < smallestNs) smallestNs = latencyNs
    }
    this.totals[TOTAL.smallestNs] = smallestNs
  }
}

/**
 * How many replies of one port came in each half of the steady state, to requests of any phase: its throughput. Those that came
 * before it, and in its drain, are in neither.
 */
export class RepliesByHalf {
  /** Of the announced steady state, on the port's clock; infinite before. */
  startNs = Number.POSITIVE_INFINITY
  endNs = Number.POSITIVE_INFINITY
  #middleNs = Number.POSITIVE_INFINITY
  /** Before the steady state, in its halves, and after it. */
  readonly #counts = new Float64Array(4)

  /** The steady state is announced; what was counted stays. */
  begin(startNs: number, endNs: number): void {
    this.startNs = startNs
    this.#middleNs = (startNs + endNs) / 2
    this.endNs = endNs
  }

  /** As before the first trial. */
  forget(): void {
    this.begin(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
    this.#counts.fill(0)
  }

  /** @param totals of the steady state's recorder. */
  writeTo(totals: Float64Array): void {
    totals[TOTAL.repliesFirstHalf] = this.#counts[1]!
    totals[TOTAL.repliesSecondHalf] = this.#counts[2]!
  }

  // Measured path.
  /** Counts replies that were taken as sent at the instant in `cell[0]`. */
  add(count: number, cell: Float64Array): void {
    const atNs = cell[0]!
    // No branch whose other side would be executed in the steady state for the first time.
    const part =
      (atNs >= this.startNs ? 1 : 0) +
      (atNs >= this.#middleNs ? 1 : 0) +
      (atNs > this.endNs ? 1 : 0)
    this.#counts[part]! += count
  }
}

/**
 * Counts one port's latencies in one phase by class, besides its recorder: a pass of its own over a batch, so that where no class is
 * named nothing is done per request. About 12 ns a request, allocates nothing.
 */
export class ClassRecorder {
  readonly #memory: ClassMemory
  /** By position in the trace. */
  readonly #classes: Uint8Array
  /** Of each request in flight, by the index that `record` knows it by. */
  readonly #classOf: Uint8Array

  /** @param classes by position in the trace, which may change from trial to trial. @param inFlight requests at most. */
  constructor(memory: ClassMemory, classes: Uint8Array, inFlight: number) {
    this.#memory = memory
    this.#classes = classes
    this.#classOf = new Uint8Array(inFlight)
  }

  /** From now on `index` is the request at this position, which need not be known any more when it is recorded. */
  take(index: number, position: number): void {
    this.#classOf[index] = this.#classes[position]!
  }

  /** Like `Recorder.record`, of requests that were taken. */
  record(
    dueNs: Float64Array,
    indices: Int32Array,
    from: number,
    to: number,
    replied: Float64Array,
  ): void {
    const repliedNs = replied[0]!
    const classOf = this.#classOf
    const { fine, smallestNs, largestNs } = this.#memory
    for (let i = from; i < to; i++) {
      const index = indices[i]!
      const requestClass = classOf[index]!
      const latencyNs = repliedNs - dueNs[index]!
      fine[requestClass * FINE_BUCKETS + fineBucket(latencyNs)]!++
      if (latencyNs > largestNs[requestClass]!) largestNs[requestClass] = latencyNs
      if (latencyNs < smallestNs[requestClass]!) smallestNs[requestClass] = latencyNs
    }
  }

  /** The request at this position was refused, and will not be recorded. */
  refuse(position: number): void {
    this.#memory.refused[this.#classes[position]!]!++
  }
}
