import type { Clock } from '../../base/clock.ts'
import { BYTES_PER_WORD, NS_PER_MS } from '../../base/units.ts'
import { loadSystemCall } from '../../measure/affinity.ts'
import { measurePageFaults } from '../../measure/os-counters.ts'
import { createRecorder } from '../../measure/recorder-layout.ts'
import { Recorder } from '../../measure/recorder.ts'
import type { SingleRow } from '../../results/calibrate.ts'
import { AWAKE_THREADS_WORDS, AwakeThreads } from '../../shared-memory/awake-threads.ts'
import { BoundedQueue, createBoundedQueue } from '../../shared-memory/bounded-queue.ts'
import { Mutex, MUTEX_WORDS } from '../../shared-memory/mutex.ts'
import { ringWords, SpscConsumer, SpscProducer } from '../../shared-memory/spsc-ring.ts'
import { createThreadCounters, ThreadCounters } from '../../shared-memory/thread-counters.ts'

/** What a task of tinybench answers when it has measured itself: milliseconds of the batch, and of the whole call. */
interface OwnDuration {
  readonly overriddenDuration: number
  readonly overriddenIterationCost: number
}

/** A building block that runs on one thread, many times in a batch: the clock is much dearer than most of them. */
export interface SingleTask {
  readonly name: SingleRow
  /** Operations in a batch; its loop is part of what is measured, below 1 ns each. */
  readonly operations: number
  /** Runs a batch. */
  readonly run: () => void | OwnDuration | Promise<void>
}

const OPERATIONS = 1_000
const RING_CAPACITY = 64
const BATCH_OF_REPLIES = 64

/** Where results go, so that no compiler finds the work superfluous. */
const kept = new Float64Array(1)

/** Every building block of one thread that this machine can run. About 20 ms. */
export function createSingleTasks(clock: Clock): SingleTask[] {
  const counters = new ThreadCounters(createThreadCounters(1), 0)
  return [
    clockTask(clock),
    recordTask(),
    mutexTask(clock, counters),
    ringTask(),
    queueTask(clock, counters),
    callbackTask(),
    generatorTask(),
    microtaskTask(),
    systemCallTask(clock),
    pageFaultTask(clock),
  ].filter((task) => task !== null)
}

function sharedWords(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * BYTES_PER_WORD))
}

function clockTask(clock: Clock): SingleTask {
  return {
    name: 'clock-reading',
    operations: OPERATIONS,
    run: () => {
      let sum = 0
      for (let i = 0; i < OPERATIONS; i++) {
        clock.read()
        sum += clock.cell[0]!
      }
      kept[0] = sum
    },
  }
}

function recordTask(): SingleTask {
  const recorder = new Recorder(createRecorder(1))
  recorder.begin(0)
  // Latencies of 1 µs to 64 ms, so that the buckets differ as they do in a trial.
  const dueNs = Float64Array.from({ length: BATCH_OF_REPLIES }, (_, i) => i * NS_PER_MS)
  const indices = Int32Array.from({ length: BATCH_OF_REPLIES }, (_, i) => (i * 29) % 64)
  const replied = Float64Array.of((BATCH_OF_REPLIES - 1) * NS_PER_MS + 1_000)
  const batches = Math.ceil(OPERATIONS / BATCH_OF_REPLIES)
  return {
    name: 'histogram-record',
    operations: batches * BATCH_OF_REPLIES,
    run: () => {
      for (let i = 0; i < batches; i++)
        recorder.record(dueNs, indices, 0, BATCH_OF_REPLIES, replied)
    },
  }
}

function mutexTask(clock: Clock, counters: ThreadCounters): SingleTask {
  const mutex = new Mutex(sharedWords(MUTEX_WORDS), 0, clock, counters.locks)
  return {
    name: 'mutex-uncontended',
    operations: OPERATIONS,
    run: () => {
      for (let i = 0; i < OPERATIONS; i++) {
        mutex.lock()
        kept[0]!++
        mutex.unlock()
      }
    },
  }
}

function ringTask(): SingleTask {
  const words = sharedWords(ringWords(RING_CAPACITY))
  const producer = new SpscProducer(words, 0, RING_CAPACITY)
  const consumer = new SpscConsumer(words, 0, RING_CAPACITY)
  return {
    name: 'ring-push-pop',
    operations: OPERATIONS,
    run: () => {
      let sum = 0
      for (let i = 0; i < OPERATIONS; i++) {
        producer.tryPush(i)
        producer.publish()
        if (consumer.available() !== 0) sum += consumer.pop()
        consumer.release()
      }
      kept[0] = sum
    },
  }
}

function queueTask(clock: Clock, counters: ThreadCounters): SingleTask {
  const awake = new AwakeThreads(sharedWords(AWAKE_THREADS_WORDS), 1)
  const queue = new BoundedQueue(createBoundedQueue(RING_CAPACITY), clock, awake, counters)
  const pushed = new Int32Array(1)
  const popped = new Int32Array(1)
  return {
    name: 'queue-push-pop',
    operations: OPERATIONS,
    run: () => {
      let sum = 0
      for (let i = 0; i < OPERATIONS; i++) {
        pushed[0] = i
        queue.tryPushBatch(pushed, 0, 1)
        queue.tryPopBatch(popped, 1)
        sum += popped[0]!
      }
      kept[0] = sum
    },
  }
}

/** Different functions behind one call: none can be inlined, as none could that waits in a scheduler's list. */
const CALLBACKS: readonly ((value: number) => number)[] = [
  (value) => (value + 1) | 0,
  (value) => value ^ 5,
  (value) => (value << 1) | 1,
  (value) => value - 7,
]

function callbackTask(): SingleTask {
  return {
    name: 'callback',
    operations: OPERATIONS,
    run: () => {
      let state = kept[0]! | 0
      for (let i = 0; i < OPERATIONS; i++) state = CALLBACKS[i & 3]!(state)
      kept[0] = state
    },
  }
}

function* adder(): Generator<number, never, number> {
  let sum = 0
  for (;;) sum = (sum + (yield sum)) | 0
}

function generatorTask(): SingleTask {
  // Two, in turn, as a scheduler would resume them.
  const coroutines = [adder(), adder()] as const
  for (const coroutine of coroutines) coroutine.next()
  return {
    name: 'generator-switch',
    operations: OPERATIONS,
    run: () => {
      let sum = 0
      for (let i = 0; i < OPERATIONS; i++) sum += coroutines[i & 1]!.next(i).value
      kept[0] = sum
    },
  }
}

function microtaskTask(): SingleTask {
  const done = Promise.resolve()
  return {
    name: 'microtask-switch',
    operations: OPERATIONS,
    run: async () => {
      for (let i = 0; i < OPERATIONS; i++) {
        await done
        kept[0]!++
      }
    },
  }
}

function systemCallTask(clock: Clock): SingleTask | null {
  const call = loadSystemCall()
  if (call === null) return null
  const { enters, stays } = call
  return {
    name: 'system-call',
    operations: OPERATIONS,
    run: () => {
      let sum = 0
      const startNs = clock.nowNs()
      for (let i = 0; i < OPERATIONS; i++) sum += stays()
      const betweenNs = clock.nowNs()
      for (let i = 0; i < OPERATIONS; i++) sum += enters()
      const endNs = clock.nowNs()
      kept[0] = sum
      // What both have in common is the way through koffi.
      const extraNs = Math.max(0, endNs - betweenNs - (betweenNs - startNs))
      return ownDuration(extraNs, endNs - startNs)
    },
  }
}

function pageFaultTask(clock: Clock): SingleTask | null {
  if (measurePageFaults(clock) === null) return null
  return {
    name: 'minor-page-fault',
    operations: 1,
    run: () => {
      const { perFaultNs = 0, elapsedNs = 0 } = measurePageFaults(clock) ?? {}
      return ownDuration(perFaultNs, elapsedNs)
    },
  }
}

function ownDuration(ns: number, costNs: number): OwnDuration {
  return { overriddenDuration: ns / NS_PER_MS, overriddenIterationCost: costNs / NS_PER_MS }
}
