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
export const SETTING_ACTIVE_THREADS = 0
export const SETTING_WORKING = 1
export const SETTING_BATCH = 2
export const SETTING_INACTIVE = 3

export interface StagedSizes {
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
export function settingsAt(memory: StagedMemory, stage: number): number {
  return poolConditionAt(memory) + CONDITION_WORDS + stage * ISOLATION_WORDS
}
