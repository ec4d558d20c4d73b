import {
  RING_HEAD_WORD,
  RING_TAIL_WORD,
  RING_VALUES_WORD,
  SpscConsumer,
  SpscProducer,
} from '../../harness/shared-memory/spsc-ring.ts'
import { answer, dataOfThread, dawdle, pauseOrYield, waitForOthers } from './start-line.ts'

/** One side of a ring through which the values 1, 2, 3, … go. */
export interface RingThread {
  readonly role: 'producer' | 'consumer' | 'early-producer' | 'early-consumer'
  readonly words: Int32Array
  readonly capacity: number
  readonly valueCount: number
}

const { role, words, capacity, valueCount } = dataOfThread<RingThread>()
const LARGEST_BATCH = 13

function produce(): void {
  const producer = new SpscProducer(words, 0, capacity)
  for (let value = 1; value <= valueCount; value++) {
    for (let tries = 0; !producer.tryPush(value); tries++) {
      producer.publish()
      pauseOrYield(tries)
    }
    if (value % LARGEST_BATCH < 2) producer.publish()
  }
  producer.publish()
}

/** Answers how many values were not the next ones. */
function consume(): number {
  const consumer = new SpscConsumer(words, 0, capacity)
  let wrong = 0
  for (let expected = 1, tries = 0; expected <= valueCount; tries++) {
    const available = consumer.available()
    if (available === 0) pauseOrYield(tries)
    else tries = 0
    for (let taken = 0; taken < available; taken++) if (consumer.pop() !== expected++) wrong++
    consumer.release()
  }
  return wrong
}

/** Broken: makes a place visible before the value is in it. */
function produceEarly(): void {
  for (let value = 1; value <= valueCount; value++) {
    const tail = value - 1
    for (let tries = 0; tail - Atomics.load(words, RING_HEAD_WORD) >= capacity; tries++) {
      pauseOrYield(tries)
    }
    Atomics.store(words, RING_TAIL_WORD, value)
    dawdle(value)
    words[RING_VALUES_WORD + (tail & (capacity - 1))] = value
  }
}

/** Broken: reads places without asking whether they were published. */
function consumeEarly(): number {
  const consumer = new SpscConsumer(words, 0, capacity)
  let wrong = 0
  for (let expected = 1; expected <= valueCount; expected++) {
    if (consumer.pop() !== expected) wrong++
    consumer.release()
  }
  return wrong
}

waitForOthers()
if (role === 'producer') answer(produce())
else if (role === 'consumer') answer(consume())
else if (role === 'early-producer') answer(produceEarly())
else answer(consumeEarly())
