import { BYTES_PER_WORD, ISOLATION_WORDS, powerOfTwoAtLeast } from '../../base/units.ts'
import { type BoundedQueueMemory, createBoundedQueue } from '../../shared-memory/bounded-queue.ts'
import { CONDITION_WORDS } from '../../shared-memory/condition.ts'
import { DOORBELL_WORDS } from '../../shared-memory/doorbell.ts'
import { LONGEST_PARK_MS } from '../../shared-memory/idle-strategy.ts'
import {
  createKeyedLock,
  type KeyedLockKind,
  type KeyedLockMemory,
} from '../../shared-memory/keyed-lock.ts'
import { createSharedWaits, type SlotWaits } from '../../shared-memory/slot-timers.ts'
import { createLateCells } from '../../shared-memory/late-slots.ts'
import { roomWordsFor } from './room-bells.ts'

/** What the timer thread shares with the pools. */
interface TimerMemory {
  /** Requests whose wait has begun: room for every slot. */
  readonly waiting: BoundedQueueMemory
  /** By stage: requests whose wait is over; room for every slot. Null where none waits. */
  readonly returned: readonly (BoundedQueueMemory | null)[]
  readonly waits: SlotWaits
}

/** What the threads of a staged server share besides slab, table and counters. */
export interface StagedMemory {
  /** One per stage. */
  readonly queues: readonly BoundedQueueMemory[]
  /** One per port: finished requests on their way back to the port's owner. */
  readonly replyQueues: readonly BoundedQueueMemory[]
  readonly locks: KeyedLockMemory
  /** Null where no request waits for a timer. */
  readonly timers: TimerMemory | null
  /** See `LateSlots`; null where no request has a deadline. */
  readonly lateFromNs: Float64Array | null
  /** Doorbells of the ports' owners, then the pool's condition, then settings, see below, then who waits for room. */
  readonly buffer: SharedArrayBuffer
  readonly portCount: number
  readonly stageCount: number
}

/**
 * Of each stage, 128 bytes: threads that may work, threads that do (inline ones included), batch size; of the first stage alone:
 * how often threads that may not work were called; of each one again: requests that were late there, which wraps.
 */
const SETTING_ACTIVE_THREADS = 0
const SETTING_WORKING = 1
const SETTING_BATCH = 2
const SETTING_CALLS = 3
const SETTING_LATE = 4

interface StagedSizes {
  readonly portCount: number
  readonly stageCount: number
  /** Slots of the slab: no more requests can be in flight. */
  readonly slotCount: number
  /** Bound of a stage's queue, 0 for `slotCount`. */
  readonly queueCapacity: number
  readonly locks: KeyedLockKind
  readonly stripes: number
  /** By stage: whether requests wait for timers. */
  readonly setsTimers: readonly boolean[]
  /** Whether requests have a deadline. */
  readonly hasDeadline: boolean
}

export function createStagedMemory(sizes: StagedSizes): StagedMemory {
  const whole = powerOfTwoAtLeast(sizes.slotCount)
  const capacity = sizes.queueCapacity === 0 ? whole : sizes.queueCapacity
  const words =
    sizes.portCount * DOORBELL_WORDS +
    CONDITION_WORDS +
    sizes.stageCount * ISOLATION_WORDS +
    roomWordsFor(sizes.portCount)
  return {
    queues: Array.from({ length: sizes.stageCount }, () => createBoundedQueue(capacity)),
    // Never full, so that a pool thread never waits for a port's owner: no cycle of waits can arise.
    replyQueues: Array.from({ length: sizes.portCount }, () => createBoundedQueue(whole)),
    locks: createKeyedLock(sizes.locks, sizes.stripes),
    timers: sizes.setsTimers.includes(true)
      ? {
          waiting: createBoundedQueue(whole),
          // Never full, so that the timer thread never waits, and only threads of the pools fill bounded queues.
          returned: sizes.setsTimers.map((sets) => (sets ? createBoundedQueue(whole) : null)),
          waits: createSharedWaits(sizes.slotCount),
        }
      : null,
    lateFromNs: sizes.hasDeadline ? createLateCells(sizes.slotCount) : null,
    buffer: new SharedArrayBuffer(words * BYTES_PER_WORD),
    portCount: sizes.portCount,
    stageCount: sizes.stageCount,
  }
}

/** First word of a port owner's doorbell. */
export function doorbellAt(port: number): number {
  return port * DOORBELL_WORDS
}

/** First word of the condition that the threads of the fused layout wait for. */
export function poolConditionAt(memory: StagedMemory): number {
  return memory.portCount * DOORBELL_WORDS
}

/** First word of a stage's settings. */
function settingsAt(memory: StagedMemory, stage: number): number {
  return poolConditionAt(memory) + CONDITION_WORDS + stage * ISOLATION_WORDS
}

/** First word of what tells who waits for room in the first queue. */
export function roomAt(memory: StagedMemory): number {
  return settingsAt(memory, memory.stageCount)
}

/*
 * Settings of each stage, shared by the pool's threads and, in the warm-up, the controllers. Protocol: active threads
 * and batch are written by the controller's thread only and loaded by the others, each on its own, so an old value is
 * harmless. `working` is a count of permits in use: added on entering a stage, subtracted on leaving; whoever adds above
 * the limit while trying to enter inline subtracts at once. A thread that the controller does not use loads the word of calls,
 * then looks whether it is active, and sleeps only while the word is the same; whoever makes threads active stores their number,
 * then changes the word and wakes all that sleep on it: either the thread sees the number, or its sleep ends. Late requests are
 * added by the pool's threads before they send them back, so that whoever reads the count behind the reply queues' counts has
 * none of them among the completed ones.
 */
export class StageSettings {
  readonly #words: Int32Array
  readonly #at: readonly number[]

  constructor(memory: StagedMemory) {
    this.#words = new Int32Array(memory.buffer)
    this.#at = Array.from({ length: memory.stageCount }, (_, stage) => settingsAt(memory, stage))
  }

  activeThreads(stage: number): number {
    return Atomics.load(this.#words, this.#at[stage]! + SETTING_ACTIVE_THREADS)
  }

  setActiveThreads(stage: number, count: number): void {
    const at = this.#at[stage]! + SETTING_ACTIVE_THREADS
    if (Atomics.exchange(this.#words, at, count) < count) this.callInactive()
  }

  /** Most requests taken from the stage's queue at once. */
  batch(stage: number): number {
    return Atomics.load(this.#words, this.#at[stage]! + SETTING_BATCH)
  }

  setBatch(stage: number, count: number): void {
    Atomics.store(this.#words, this.#at[stage]! + SETTING_BATCH, count)
  }

  /** A thread of the stage's own pool begins a batch. */
  enter(stage: number): void {
    Atomics.add(this.#words, this.#at[stage]! + SETTING_WORKING, 1)
  }

  /** Whether fewer threads are at work in the stage than it has: a hint. */
  hasPermit(stage: number): boolean {
    return this.working(stage) < this.activeThreads(stage)
  }

  /** Takes a permit of the stage, unless as many threads as it has are at work in it. */
  tryEnter(stage: number): boolean {
    const at = this.#at[stage]!
    if (Atomics.add(this.#words, at + SETTING_WORKING, 1) < this.activeThreads(stage)) return true
    Atomics.sub(this.#words, at + SETTING_WORKING, 1)
    return false
  }

  leave(stage: number): void {
    Atomics.sub(this.#words, this.#at[stage]! + SETTING_WORKING, 1)
  }

  addLate(stage: number, count: number): void {
    Atomics.add(this.#words, this.#at[stage]! + SETTING_LATE, count)
  }

  /** Requests that were taken from the stage's queue only to be refused; wraps. */
  late(stage: number): number {
    return Atomics.load(this.#words, this.#at[stage]! + SETTING_LATE)
  }

  /** What a thread that may not work has to read before it looks whether it may. */
  calls(): number {
    return Atomics.load(this.#words, this.#at[0]! + SETTING_CALLS)
  }

  /** How it waits: apart from the others, so that no signal is lost on it. @param calls read before it looked */
  sleepInactive(calls: number): void {
    Atomics.wait(this.#words, this.#at[0]! + SETTING_CALLS, calls, LONGEST_PARK_MS)
  }

  /** Wakes all that wait so: some may work now, or shall hear that a trial is over. */
  callInactive(): void {
    Atomics.add(this.#words, this.#at[0]! + SETTING_CALLS, 1)
    Atomics.notify(this.#words, this.#at[0]! + SETTING_CALLS)
  }

  /** Threads at work in the stage, inline ones included, as far as one can know. */
  working(stage: number): number {
    return Atomics.load(this.#words, this.#at[stage]! + SETTING_WORKING)
  }
}
