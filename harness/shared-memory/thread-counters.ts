import type { Clock } from '../base/clock.ts'
import { ISOLATION_WORDS } from '../base/units.ts'

/**
 * What one thread counts while it runs: doubles in shared memory, written by that thread only and read by the trial at
 * the borders of the steady state, so that no thread has to be asked. Totals since the thread's start; times in ns.
 * A reader may see one counter a request older than its neighbour.
 */
export const COUNTER_NAMES = [
  'lockAcquisitions',
  'contendedLockAcquisitions',
  'lockWaitNs',
  /** Slices of a parked wait that ran out while the lock was free: 0, or a lock has a fault. */
  'lostLockWakeUps',
  'queueLockAcquisitions',
  'contendedQueueLockAcquisitions',
  'queueLockWaitNs',
  'lostQueueLockWakeUps',
  /** Tries of reads without a lock that came to nothing, since a thread wrote meanwhile. */
  'readRetries',
  'parks',
  'wakeUps',
  /** Park slices that ran out while there was what the thread slept for: nobody had woken it, only its time-out did. */
  'lostWakeUps',
  'handoffs',
  'handoffBatches',
  'messages',
  'messageBatches',
  'longestGapNs',
  'turns',
  'idleTurns',
  'declaredWaits',
  'declaredWaitAskedNs',
  'declaredWaitNs',
  'backgroundSlices',
  /** Of the latest steady state: collections of the thread's heap, and bytes that it allocated there. */
  'collections',
  'allocatedBytes',
] as const
export type CounterName = (typeof COUNTER_NAMES)[number]

const CELLS_PER_THREAD = ISOLATION_WORDS

/** Two words: which trial the thread has told of last (see `HeapWatch`), and padding. */
const TOLD_CELL = CELLS_PER_THREAD - 2

/**
 * The last cell of a thread is two words, for whoever watches it from outside: the stage that it executes, plus 1, or 0
 * between stages; and how many it has begun, wrapping. Plain stores, once per batch and stage: a watcher that looks again
 * after seconds sees them. A thread is stuck when both stay the same and the first is not 0.
 */
const BEACON_CELL = CELLS_PER_THREAD - 1
export const BEACON_STAGE = 0
export const BEACON_BEGUN = 1
const BEACON_WORDS = 2

/** What threads share of the counters of all threads of a server. */
export function createThreadCounters(threadCount: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threadCount * CELLS_PER_THREAD * Float64Array.BYTES_PER_ELEMENT)
}

/** Sleeps of any kind that ran out though there was what the thread slept for: 0, or a protocol is wrong. */
export function lostWakeUpsOf(
  counts: Readonly<Record<'lostWakeUps' | 'lostLockWakeUps' | 'lostQueueLockWakeUps', number>>,
): number {
  return counts.lostWakeUps + counts.lostLockWakeUps + counts.lostQueueLockWakeUps
}

const READ_RETRIES = COUNTER_NAMES.indexOf('readRetries')

/** Locks of one kind as one thread counts them. */
export class LockCounters {
  readonly #cells: Float64Array
  readonly #at: number

  constructor(cells: Float64Array, first: 'lockAcquisitions' | 'queueLockAcquisitions') {
    this.#cells = cells
    this.#at = COUNTER_NAMES.indexOf(first)
  }

  acquired(): void {
    this.#cells[this.#at]!++
  }

  /** Cell 0: when the present wait began. Time in cells: numbers with a fraction that are passed on may be garbage. */
  readonly #began = new Float64Array(1)
  /** Slices of the present wait that ran out. */
  #slices = 0

  /** A lock was not free: from now on the thread waits for it. */
  beginWait(clock: Clock): void {
    this.#slices = 0
    clock.read()
    this.#began[0] = clock.cell[0]!
  }

  /** It has the lock. */
  endWait(clock: Clock): void {
    clock.read()
    this.#cells[this.#at + 1]!++
    this.#cells[this.#at + 2]! += clock.cell[0]! - this.#began[0]!
  }

  /** A slice of the present wait ran out, while the lock was free or not. Answers how many have by now. */
  sliceRanOut(isFree: boolean): number {
    if (isFree) this.#cells[this.#at + 3]!++
    return ++this.#slices
  }

  /** A read without a lock, waiting since `beginWait`, has what it wanted or gives up: so many tries came to nothing. */
  endRetries(tries: number, clock: Clock): void {
    clock.read()
    this.#cells[READ_RETRIES]! += tries
    this.#cells[this.#at + 2]! += clock.cell[0]! - this.#began[0]!
  }

  /** Writes the time waited so far into `target[at]`. */
  waitedNs(target: Float64Array, at: number): void {
    target[at] = this.#cells[this.#at + 2]!
  }
}

/** Declared waits as one thread counts them: those that stop it, and those that it only keeps a timer for. */
export class WaitCounters {
  /** Cell 0: time for which declared waits have stopped this thread so far. */
  readonly cell = new Float64Array(1)
  /** Of all declared waits that are over: how many, what was asked for, what they took. */
  readonly sums: Float64Array

  constructor(cells: Float64Array) {
    this.sums = cells.subarray(DECLARED_WAITS, DECLARED_WAITS + 3)
  }

  /** A declared wait stopped this thread until the clock's latest reading. */
  blocked(askedNs: number, beganNs: number, clock: Clock): void {
    const tookNs = clock.cell[0]! - beganNs
    this.cell[0]! += tookNs
    this.sums[0]!++
    this.sums[1]! += askedNs
    this.sums[2]! += tookNs
  }
}

const DECLARED_WAITS = COUNTER_NAMES.indexOf('declaredWaits')
const BACKGROUND_SLICES = COUNTER_NAMES.indexOf('backgroundSlices')
const PARKS = COUNTER_NAMES.indexOf('parks')
const WAKE_UPS = COUNTER_NAMES.indexOf('wakeUps')
const LOST_WAKE_UPS = COUNTER_NAMES.indexOf('lostWakeUps')
const HANDOFFS = COUNTER_NAMES.indexOf('handoffs')
const HANDOFF_BATCHES = COUNTER_NAMES.indexOf('handoffBatches')
const COLLECTIONS = COUNTER_NAMES.indexOf('collections')
const ALLOCATED = COUNTER_NAMES.indexOf('allocatedBytes')
const MESSAGES = COUNTER_NAMES.indexOf('messages')
const MESSAGE_BATCHES = COUNTER_NAMES.indexOf('messageBatches')
const LONGEST_GAP = COUNTER_NAMES.indexOf('longestGapNs')
const TURNS = COUNTER_NAMES.indexOf('turns')
const IDLE_TURNS = COUNTER_NAMES.indexOf('idleTurns')

/** The counters of one thread, as that thread writes them. */
export class ThreadCounters {
  readonly #cells: Float64Array
  readonly #told: Int32Array
  /** Locks of the data. */
  readonly locks: LockCounters
  /** Mutexes of the queues. */
  readonly queueLocks: LockCounters
  readonly waits: WaitCounters
  /** Two words, `BEACON_STAGE` and `BEACON_BEGUN`, that this thread's steps write. */
  readonly beacon: Int32Array

  /** @param buffer from `createThreadCounters`. @param thread its index. */
  constructor(buffer: SharedArrayBuffer, thread: number) {
    const bytes = CELLS_PER_THREAD * Float64Array.BYTES_PER_ELEMENT
    this.#cells = new Float64Array(buffer, thread * bytes, CELLS_PER_THREAD)
    this.locks = new LockCounters(this.#cells, 'lockAcquisitions')
    this.queueLocks = new LockCounters(this.#cells, 'queueLockAcquisitions')
    this.waits = new WaitCounters(this.#cells)
    this.beacon = beaconOf(buffer, thread)
    const at = thread * bytes + TOLD_CELL * Float64Array.BYTES_PER_ELEMENT
    this.#told = new Int32Array(buffer, at, 1)
  }

  /** This thread went to sleep. */
  parked(): void {
    this.#cells[PARKS]!++
  }

  /** This thread woke another. */
  wokeUp(): void {
    this.#cells[WAKE_UPS]!++
  }

  /** A slice of this thread's sleep ran out though there was work. */
  lostWakeUp(): void {
    this.#cells[LOST_WAKE_UPS]!++
  }

  /** Requests that this thread handed to another one through a queue, at once. */
  handedOff(requests: number): void {
    if (requests === 0) return
    this.#cells[HANDOFFS]! += requests
    this.#cells[HANDOFF_BATCHES]!++
  }

  /** What this thread put into the mailboxes of one peer became visible, at once. */
  published(): void {
    this.#cells[MESSAGE_BATCHES]!++
  }

  /** Messages, replies included, that this thread put into mailboxes. */
  sent(messages: number): void {
    this.#cells[MESSAGES]! += messages
  }

  /** One turn of a port's thread; `gap[0]` is the time since the turn before, sleep excluded. */
  turned(worked: boolean, gap: Float64Array): void {
    this.#cells[TURNS]!++
    if (!worked) this.#cells[IDLE_TURNS]!++
    if (gap[0]! > this.#cells[LONGEST_GAP]!) this.#cells[LONGEST_GAP] = gap[0]!
  }

  /** This thread did a slice of background work. */
  didBackground(): void {
    this.#cells[BACKGROUND_SLICES]!++
  }

  /** What the thread's heap did in the steady state of a trial; whoever waits for that sees it whole. */
  tellHeap(trial: number, collections: number, allocatedBytes: number): void {
    this.#cells[COLLECTIONS] = collections
    this.#cells[ALLOCATED] = allocatedBytes
    Atomics.store(this.#told, 0, trial)
  }

  /** The trial that `tellHeap` was called for last. */
  toldTrial(): number {
    return Atomics.load(this.#told, 0)
  }

  /** Starts the longest gap anew. */
  resetLongestGap(): void {
    this.#cells[LONGEST_GAP] = 0
  }

  /** A copy of the present totals. */
  read(): Readonly<Record<CounterName, number>> {
    const entries = COUNTER_NAMES.map((name, index) => [name, this.#cells[index] ?? 0])
    return Object.fromEntries(entries) as Record<CounterName, number>
  }
}

function beaconOf(buffer: SharedArrayBuffer, thread: number): Int32Array {
  const cell = thread * CELLS_PER_THREAD + BEACON_CELL
  return new Int32Array(buffer, cell * Float64Array.BYTES_PER_ELEMENT, BEACON_WORDS)
}

/** What a thread seems to do: the stage that it executes, null between stages, and how many it has begun, wrapping. */
export function stageOf(
  buffer: SharedArrayBuffer,
  thread: number,
): { readonly stage: number | null; readonly begun: number } {
  const beacon = beaconOf(buffer, thread)
  const stage = Atomics.load(beacon, BEACON_STAGE)
  return { stage: stage === 0 ? null : stage - 1, begun: Atomics.load(beacon, BEACON_BEGUN) }
}
