import type { MessagePort } from 'node:worker_threads'
import type { Clock } from '../../base/clock.ts'
import { BYTES_PER_WORD, ISOLATION_WORDS, NS_PER_MS } from '../../base/units.ts'
import { AWAKE_THREADS_WORDS, type AwakeThreads } from '../../shared-memory/awake-threads.ts'
import {
  BoundedQueue,
  type BoundedQueueMemory,
  createBoundedQueue,
} from '../../shared-memory/bounded-queue.ts'
import { type IdlePolicy, IdleStrategy, sharedPolicy } from '../../shared-memory/idle-strategy.ts'
import { Mutex, MUTEX_WORDS } from '../../shared-memory/mutex.ts'
import { ringWords, SpscConsumer, SpscProducer } from '../../shared-memory/spsc-ring.ts'
import { createThreadCounters, type ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { Samples } from './figures.ts'

/**
 * The words of the exercises without a structure of their own, 128 bytes a row:
 *
 *   row 0   there    written by the leader, 0 between turns
 *   row 1   back     written by the follower, 0 between turns
 *   row 2   sleep    never written: what a thread waits on for its time-out
 *   row 3   total    acquisitions of both threads, written under the mutex
 */
const THERE_WORD = 0
const BACK_WORD = ISOLATION_WORDS
const SLEEP_WORD = 2 * ISOLATION_WORDS
const TOTAL_WORD = 3 * ISOLATION_WORDS
const WORDS = 4 * ISOLATION_WORDS

/** Places of the rings and queues: one value is under way at a time. */
const PAIR_CAPACITY = 16

/** Ends a turn of the follower; no trip has this number. */
const STOP = -1

/** What the two threads of the exercises share. */
export interface PairMemory {
  readonly words: Int32Array
  readonly mutex: Int32Array
  readonly ringThere: Int32Array
  readonly ringBack: Int32Array
  readonly queueThere: BoundedQueueMemory
  readonly queueBack: BoundedQueueMemory
  readonly awake: Int32Array
  readonly counters: SharedArrayBuffer
}

/** Memory for both threads, which count as awake. About 10 KB. */
export function createPairMemory(): PairMemory {
  const awake = sharedWords(AWAKE_THREADS_WORDS)
  awake[0] = 2
  return {
    words: sharedWords(WORDS),
    mutex: sharedWords(MUTEX_WORDS),
    ringThere: sharedWords(ringWords(PAIR_CAPACITY)),
    ringBack: sharedWords(ringWords(PAIR_CAPACITY)),
    queueThere: createBoundedQueue(PAIR_CAPACITY),
    queueBack: createBoundedQueue(PAIR_CAPACITY),
    awake,
    counters: createThreadCounters(2),
  }
}

function sharedWords(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * BYTES_PER_WORD))
}

/**
 * Something that two threads do together for a while. The follower begins first. Every wait for the other thread is
 * without end: whoever started both ends them by force when one is late.
 */
export interface Exercise {
  /** Takes samples, at least one, until the time is over or they are full; then stops the follower. */
  lead(untilNs: number, samples: Samples): void | Promise<void>
  /** Until the leader stops it. */
  follow(): void | Promise<void>
}

/** What one of the two threads makes its exercises of. */
interface ExerciseParts {
  readonly memory: PairMemory
  readonly clock: Clock
  readonly awake: AwakeThreads
  readonly counters: ThreadCounters
  /** To the other thread. */
  readonly port: MessagePort
}

/** A number through a MessagePort and back, both threads on their event loops. A sample is a round trip. */
export function createMessageExercise({ port, clock }: ExerciseParts): Exercise {
  return {
    lead: (untilNs, samples) =>
      new Promise((resolve) => {
        let startNs = clock.nowNs()
        const onMessage = (value: number): void => {
          if (value === STOP) {
            port.off('message', onMessage)
            return resolve()
          }
          const nowNs = clock.nowNs()
          samples.add(nowNs - startNs)
          startNs = nowNs
          port.postMessage(nowNs >= untilNs || samples.isFull ? STOP : value)
        }
        port.on('message', onMessage)
        port.postMessage(0)
      }),
    follow: () =>
      new Promise((resolve) => {
        const onMessage = (value: number): void => {
          port.postMessage(value)
          if (value !== STOP) return
          port.off('message', onMessage)
          resolve()
        }
        port.on('message', onMessage)
      }),
  }
}

const ACQUISITIONS = 256
const RUNNING = 1

/**
 * Two threads that do nothing but take the same mutex, count, and release it. A sample is the time of 256 acquisitions
 * of the leader by all that both made meanwhile.
 */
export function createMutexExercise({ memory, clock, counters }: ExerciseParts): Exercise {
  const { words } = memory
  const mutex = new Mutex(memory.mutex, 0, clock, counters.locks)
  /** Answers how often the mutex was taken by either thread. */
  const acquire = (): number => {
    mutex.lock()
    const total = (words[TOTAL_WORD]! + 1) | 0
    words[TOTAL_WORD] = total
    mutex.unlock()
    return total
  }
  return {
    lead(untilNs, samples) {
      Atomics.store(words, THERE_WORD, RUNNING)
      while (Atomics.load(words, BACK_WORD) !== RUNNING) Atomics.pause()
      let total = acquire()
      for (let nowNs = clock.nowNs(); ;) {
        const startNs = nowNs
        const before = total
        for (let i = 0; i < ACQUISITIONS; i++) total = acquire()
        nowNs = clock.nowNs()
        samples.add((nowNs - startNs) / ((total - before) | 0))
        if (nowNs >= untilNs || samples.isFull) break
      }
      Atomics.store(words, THERE_WORD, STOP)
      while (Atomics.load(words, BACK_WORD) !== STOP) Atomics.pause()
      Atomics.store(words, THERE_WORD, 0)
      Atomics.store(words, BACK_WORD, 0)
    },
    follow() {
      while (Atomics.load(words, THERE_WORD) !== RUNNING) Atomics.pause()
      Atomics.store(words, BACK_WORD, RUNNING)
      while (Atomics.load(words, THERE_WORD) !== STOP) acquire()
      Atomics.store(words, BACK_WORD, STOP)
    },
  }
}

/** A number through one word and back through another, each thread asleep meanwhile. A sample is a round trip. */
export function createParkingExercise({ memory: { words }, clock }: ExerciseParts): Exercise {
  const travel = (value: number): void => {
    const before = Atomics.load(words, BACK_WORD)
    Atomics.store(words, THERE_WORD, value)
    Atomics.notify(words, THERE_WORD, 1)
    waitForChange(words, BACK_WORD, before)
  }
  return {
    lead(untilNs, samples) {
      for (let trip = 1; ; trip++) {
        const startNs = clock.nowNs()
        travel(trip)
        const nowNs = clock.nowNs()
        samples.add(nowNs - startNs)
        if (nowNs >= untilNs || samples.isFull) break
      }
      travel(STOP)
      clearWords(words)
    },
    follow: () => answerParked(words),
  }
}

/**
 * Of two wake-ups one through the event loop, as an HTTP server's thread is woken: the leader listens by `waitAsync`,
 * the follower parks. A sample is a round trip.
 */
export function createWaitAsyncExercise({ memory: { words }, clock }: ExerciseParts): Exercise {
  const travel = async (value: number): Promise<number> => {
    // Listening before the follower is woken: else it might answer before, and nobody would have been woken.
    const { async: isPending, value: woken } = Atomics.waitAsync(
      words,
      BACK_WORD,
      Atomics.load(words, BACK_WORD),
    )
    const startNs = clock.nowNs()
    Atomics.store(words, THERE_WORD, value)
    Atomics.notify(words, THERE_WORD, 1)
    if (isPending) await woken
    return startNs
  }
  return {
    async lead(untilNs, samples) {
      for (let trip = 1; ; trip++) {
        const startNs = await travel(trip)
        const nowNs = clock.nowNs()
        samples.add(nowNs - startNs)
        if (nowNs >= untilNs || samples.isFull) break
      }
      await travel(STOP)
      clearWords(words)
    },
    follow: () => answerParked(words),
  }
}

function answerParked(words: Int32Array): void {
  for (let seen = 0; seen !== STOP;) {
    seen = waitForChange(words, THERE_WORD, seen)
    Atomics.store(words, BACK_WORD, seen)
    Atomics.notify(words, BACK_WORD, 1)
  }
}

/** Sleeps until the word holds something else, and answers what. */
function waitForChange(words: Int32Array, at: number, before: number): number {
  for (;;) {
    const value = Atomics.load(words, at)
    if (value !== before) return value
    Atomics.wait(words, at, before)
  }
}

/** Between turns, when the follower has answered the stop and looks no more. */
function clearWords(words: Int32Array): void {
  Atomics.store(words, THERE_WORD, 0)
  Atomics.store(words, BACK_WORD, 0)
}

/** What the staged server's threads spin before they look at the clock again; no matter here. */
const SPIN_NS = 50_000

/**
 * A value through one queue of the staged server and back through another: mutex, condition, idle strategy and all. A
 * sample is a round trip.
 */
export function createQueueExercise(
  { memory, clock, awake, counters }: ExerciseParts,
  role: 'leader' | 'follower',
  policy: IdlePolicy,
): Exercise {
  const there = new BoundedQueue(memory.queueThere, clock, awake, counters)
  const back = new BoundedQueue(memory.queueBack, clock, awake, counters)
  const [out, into] = role === 'leader' ? [there, back] : [back, there]
  const idle = new IdleStrategy(
    { policy: sharedPolicy(policy), spinNs: SPIN_NS, moderationNs: 0, earlyNs: 0 },
    awake,
    clock,
  )
  const pushed = new Int32Array(1)
  const popped = new Int32Array(1)
  const send = (value: number): void => {
    pushed[0] = value
    out.tryPushBatch(pushed, 0, 1)
  }
  const receive = (): number => {
    while (into.tryPopBatch(popped, 1) === 0) idle.wait(into.notEmpty, into)
    return popped[0]!
  }
  return {
    lead(untilNs, samples) {
      for (let nowNs = clock.nowNs(); ;) {
        const startNs = nowNs
        send(0)
        receive()
        nowNs = clock.nowNs()
        samples.add(nowNs - startNs)
        if (nowNs >= untilNs || samples.isFull) break
      }
      send(STOP)
      receive()
    },
    follow() {
      for (let value = 0; value !== STOP;) {
        value = receive()
        send(value)
      }
    },
  }
}

/** Round trips of a sample: one takes little longer than reading the clock. */
const TRIPS = 64

/** A value through one ring and back through another, both threads spinning. A sample is the mean round trip of 64. */
export function createRingExercise(
  { memory, clock }: ExerciseParts,
  role: 'leader' | 'follower',
): Exercise {
  const isLeader = role === 'leader'
  const [out, into] = isLeader
    ? [memory.ringThere, memory.ringBack]
    : [memory.ringBack, memory.ringThere]
  const producer = new SpscProducer(out, 0, PAIR_CAPACITY)
  const consumer = new SpscConsumer(into, 0, PAIR_CAPACITY)
  const send = (value: number): void => {
    producer.tryPush(value)
    producer.publish()
  }
  const receive = (): number => {
    while (consumer.available() === 0) Atomics.pause()
    const value = consumer.pop()
    consumer.release()
    return value
  }
  return {
    lead(untilNs, samples) {
      for (let nowNs = clock.nowNs(); ;) {
        const startNs = nowNs
        for (let trip = 0; trip < TRIPS; trip++) {
          send(trip)
          receive()
        }
        nowNs = clock.nowNs()
        samples.add((nowNs - startNs) / TRIPS)
        if (nowNs >= untilNs || samples.isFull) break
      }
      send(STOP)
      receive()
    },
    follow() {
      for (let value = 0; value !== STOP;) {
        value = receive()
        send(value)
      }
    },
  }
}

const WAIT_MS = 0.2

/** A wait that nobody ends before its time. A sample is how late it ends; the follower has nothing to do. */
export function createTimerExercise({ memory: { words }, clock }: ExerciseParts): Exercise {
  return {
    lead(untilNs, samples) {
      for (;;) {
        const startNs = clock.nowNs()
        Atomics.wait(words, SLEEP_WORD, 0, WAIT_MS)
        const nowNs = clock.nowNs()
        samples.add(nowNs - startNs - WAIT_MS * NS_PER_MS)
        if (nowNs >= untilNs || samples.isFull) return
      }
    },
    follow() {},
  }
}
