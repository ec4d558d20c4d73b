import { BYTES_PER_WORD, ISOLATION_WORDS, powerOfTwoAtLeast } from '../../base/units.ts'
import { type BoundedQueueMemory, createBoundedQueue } from '../../shared-memory/bounded-queue.ts'
import { CONDITION_WORDS } from '../../shared-memory/condition.ts'
import { DOORBELL_WORDS } from '../../shared-memory/doorbell.ts'
import {
  createKeyedLock,
  type KeyedLockKind,
  type KeyedLockMemory,
} from '../../shared-memory/keyed-lock.ts'

/** What the threads of a staged server share besides slab, table and counters. */
export interface StagedMemory {
  /** One per stage. */
  readonly queues: readonly BoundedQueueMemory[]
  /** One per port: finished requests on their way back to the port's owner. */
  readonly replyQueues: readonly BoundedQueueMemory[]
  readonly locks: KeyedLockMemory
  /** Doorbells of the ports' owners, then the pool's condition, then settings; see below. */
  readonly buffer: SharedArrayBuffer
  readonly portCount: number
  readonly stageCount: number
}

/** Of each stage, 128 bytes: threads that may work, threads that do (inline ones included), batch size; a word that stays 0. */
const SETTING_ACTIVE_THREADS = 0
const SETTING_WORKING = 1
const SETTING_BATCH = 2
const SETTING_INACTIVE = 3

interface StagedSizes {
  readonly portCount: number
  readonly stageCount: number
  /** Slots of the slab: no more requests can be in flight. */
  readonly slotCount: number
  /** Bound of a stage's queue, 0 for `slotCount`. */
  readonly queueCapacity: number
  readonly locks: KeyedLockKind
  readonly stripes: number
}

export function createStagedMemory(sizes: StagedSizes): StagedMemory {
  const whole = powerOfTwoAtLeast(sizes.slotCount)
  const capacity = sizes.queueCapacity === 0 ? whole : sizes.queueCapacity
  const words =
    sizes.portCount * DOORBELL_WORDS + CONDITION_WORDS + sizes.stageCount * ISOLATION_WORDS
  return {
    queues: Array.from({ length: sizes.stageCount }, () => createBoundedQueue(capacity)),
    // Never full, so that a pool thread never waits for a port's owner: no cycle of waits can arise.
    replyQueues: Array.from({ length: sizes.portCount }, () => createBoundedQueue(whole)),
    locks: createKeyedLock(sizes.locks, sizes.stripes),
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

/*
 * Settings of each stage, shared by the pool's threads and, in the warm-up, the controllers. Protocol: active threads
 * and batch are written by the controller's thread only and loaded by the others, each on its own, so an old value is
 * harmless. `working` is a count of permits in use: added on entering a stage, subtracted on leaving; whoever adds above
 * the limit while trying to enter inline subtracts at once.
 */
const INACTIVE_SLEEP_MS = 20

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
    Atomics.store(this.#words, this.#at[stage]! + SETTING_ACTIVE_THREADS, count)
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
    return Atomics.load(this.#words, this.#at[stage]! + SETTING_WORKING) < this.activeThreads(stage)
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

  /** How a thread waits that the controller does not use: apart from the others, so that no signal is lost on it. */
  sleepInactive(): void {
    Atomics.wait(this.#words, this.#at[0]! + SETTING_INACTIVE, 0, INACTIVE_SLEEP_MS)
  }
}
