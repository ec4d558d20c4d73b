import { ThreadClock } from '../../harness/base/clock.ts'
import {
  BoundedQueue,
  type BoundedQueueMemory,
  QUEUE_HEAD_WORD,
  QUEUE_TAIL_WORD,
  QUEUE_VALUES_WORD,
} from '../../harness/shared-memory/bounded-queue.ts'
import { IdleStrategy, sharedPolicy } from '../../harness/shared-memory/idle-strategy.ts'
import { answer, dataOfThread, LONG_SLEEP_MS, waitForOthers } from './start-line.ts'
import { attachThreadParts, type ThreadPartsMemory } from './thread-parts.ts'

/** A producer of the values `first … first + count − 1`, or a consumer. */
export interface QueueThread {
  readonly role: 'producer' | 'consumer'
  /** How threads wait; `unlocked` is the broken queue: no mutex, no waiting. */
  readonly waits: 'park' | 'spin-park' | 'unlocked'
  readonly queue: BoundedQueueMemory
  readonly parts: ThreadPartsMemory
  readonly thread: number
  readonly originNs: bigint
  readonly first: number
  readonly count: number
  /** Values per producer, whose values are consecutive. */
  readonly perProducer: number
  /** How often each value was taken. */
  readonly taken: Int32Array
  /** Word 0: values taken in all. Word 1: producers that have not ended. */
  readonly progress: Int32Array
}

const TAKEN = 0
const PRODUCERS = 1
const LARGEST_BATCH = 7
const SPIN_NS = 20_000

const own = dataOfThread<QueueThread>()
const { taken, progress, perProducer } = own
const { awake, counters } = attachThreadParts(own.parts, own.thread)
const clock = new ThreadClock(own.originNs)
const queue = new BoundedQueue(own.queue, clock, awake, counters)
const settings = {
  policy: sharedPolicy('spin-park'),
  spinNs: SPIN_NS,
  moderationNs: 0,
  earlyNs: 0,
} as const
const idle = new IdleStrategy(settings, awake, clock)
const batch = new Int32Array(LARGEST_BATCH)
const words = new Int32Array(own.queue.buffer)

const room = { hasWork: () => !queue.isFull() }
const allTaken = () => Atomics.load(progress, TAKEN) >= taken.length
const work = { hasWork: () => queue.hasWork() || allTaken() }

/** Puts `batch[0 … count − 1]` into the queue, asleep while it is full. */
function push(count: number): void {
  let from = queue.tryPushBatch(batch, 0, count)
  while (from < count) {
    queue.notFull.park(room, LONG_SLEEP_MS)
    from += queue.tryPushBatch(batch, from, count)
  }
}

function consume(): boolean {
  const lastOfProducer = new Map<number, number>()
  let inOrder = true
  while (!allTaken()) {
    const count = queue.tryPopBatch(batch, LARGEST_BATCH)
    if (count === 0) {
      if (own.waits === 'park') queue.notEmpty.park(work, LONG_SLEEP_MS)
      else idle.wait(queue.notEmpty, work)
      continue
    }
    for (let i = 0; i < count; i++) {
      const value = batch[i]!
      const producer = Math.floor(value / perProducer)
      if (value <= (lastOfProducer.get(producer) ?? -1)) inOrder = false
      lastOfProducer.set(producer, value)
      Atomics.add(taken, value, 1)
    }
    if (Atomics.add(progress, TAKEN, count) + count === taken.length) queue.notEmpty.wakeAll()
  }
  return inOrder
}

/** Broken: `tryPushBatch` of a single value, without the mutex. */
function tryPushUnlocked(value: number): boolean {
  const tail = Atomics.load(words, QUEUE_TAIL_WORD)
  if (tail - Atomics.load(words, QUEUE_HEAD_WORD) >= own.queue.capacity) return false
  words[QUEUE_VALUES_WORD + (tail & (own.queue.capacity - 1))] = value
  Atomics.store(words, QUEUE_TAIL_WORD, tail + 1)
  return true
}

/** Broken: `tryPopBatch` of a single value, without the mutex. */
function consumeUnlocked(): void {
  while (Atomics.load(progress, PRODUCERS) > 0 || queue.length() > 0) {
    const head = Atomics.load(words, QUEUE_HEAD_WORD)
    if (queue.length() <= 0) continue
    const value = words[QUEUE_VALUES_WORD + (head & (own.queue.capacity - 1))]!
    Atomics.store(words, QUEUE_HEAD_WORD, head + 1)
    Atomics.add(taken, value, 1)
  }
}

function produceUnlocked(): void {
  for (let value = own.first; value < own.first + own.count; value++) {
    while (!tryPushUnlocked(value)) Atomics.pause()
  }
  Atomics.sub(progress, PRODUCERS, 1)
}

function produce(): void {
  for (let sent = 0; sent < own.count;) {
    const count = Math.min(1 + (sent % LARGEST_BATCH), own.count - sent)
    for (let i = 0; i < count; i++) batch[i] = own.first + sent + i
    push(count)
    sent += count
  }
}

waitForOthers()
if (own.waits === 'unlocked') {
  if (own.role === 'producer') produceUnlocked()
  else consumeUnlocked()
  answer(true)
} else if (own.role === 'producer') {
  produce()
  answer(true)
} else answer(consume())
