import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ISOLATION_WORDS } from '../../harness/base/units.ts'
import {
  RING_HEAD_WORD,
  RING_TAIL_WORD,
  ringWords,
  SpscConsumer,
  SpscProducer,
} from '../../harness/shared-memory/spsc-ring.ts'

/** The first word of the ring under test: words in front of it and behind it must stay untouched. */
const RING_AT = ISOLATION_WORDS
const CANARY = 0x5ca1ab1e

interface Ring {
  readonly words: Int32Array
  readonly producer: SpscProducer
  readonly consumer: SpscConsumer
}

/** An empty ring whose positions begin at `start`. */
function ringAt(capacity: number, start: number): Ring {
  const length = RING_AT + ringWords(capacity) + ISOLATION_WORDS
  const words = new Int32Array(new SharedArrayBuffer(length * 4))
  words.fill(CANARY, 0, RING_AT)
  words.fill(CANARY, RING_AT + ringWords(capacity))
  words[RING_AT + RING_TAIL_WORD] = start
  words[RING_AT + RING_HEAD_WORD] = start
  const producer = new SpscProducer(words, RING_AT, capacity)
  return { words, producer, consumer: new SpscConsumer(words, RING_AT, capacity) }
}

const capacities = fc.constantFrom(1, 2, 4, 8, 64)
/** Positions from which a few steps lead over 0, 2³¹ or 2³². */
const starts = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.integer({ min: 2 ** 31 - 9, max: 2 ** 31 - 1 }),
  fc.integer({ min: -(2 ** 31), max: -(2 ** 31) + 9 }),
)
const operations = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('push'), value: fc.integer() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('publish'), value: fc.constant(0) }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('pop'), value: fc.constant(0) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('release'), value: fc.constant(0) }) },
  ),
  { maxLength: 200 },
)

/** A ring in plain words: everything ever pushed, and how far each side has come. */
class Model {
  readonly pushed: number[] = []
  published = 0
  popped = 0
  released = 0
}

type Step = (ring: Ring, model: Model, capacity: number, value: number) => void

const perform: Record<string, Step> = {
  push: ({ producer }, model, capacity, value) => {
    const room = model.pushed.length - model.released < capacity
    expect(producer.tryPush(value)).toBe(room)
    if (room) model.pushed.push(value)
  },
  publish: ({ producer }, model) => {
    expect(producer.publish()).toBe(model.pushed.length > model.published)
    model.published = model.pushed.length
  },
  pop: ({ consumer }, model) => {
    const visible = model.published - model.popped
    const available = consumer.available()
    // It may know of fewer than there are, but never of none while there are some.
    expect(available > 0).toBe(visible > 0)
    expect(available).toBeLessThanOrEqual(visible)
    const popped = available > 0 ? [consumer.pop()] : []
    expect(popped).toEqual(model.pushed.slice(model.popped, model.popped + popped.length))
    model.popped += popped.length
  },
  release: ({ consumer }, model) => {
    consumer.release()
    model.released = model.popped
  },
}

test('behaves like an array queue, whatever its positions', () => {
  fc.assert(
    fc.property(capacities, starts, operations, (capacity, start, steps) => {
      const ring = ringAt(capacity, start)
      const model = new Model()
      for (const { kind, value } of steps) {
        perform[kind]?.(ring, model, capacity, value)
        expect(ring.words[RING_AT + RING_TAIL_WORD]).toBe((start + model.published) | 0)
        expect(ring.words[RING_AT + RING_HEAD_WORD]).toBe((start + model.released) | 0)
      }
      expect(ring.words.subarray(0, RING_AT).every((word) => word === CANARY)).toBe(true)
      const end = RING_AT + ringWords(capacity)
      expect(ring.words.subarray(end).every((word) => word === CANARY)).toBe(true)
    }),
  )
})

test('a full ring takes a value again only after a release', () => {
  const { producer, consumer } = ringAt(2, 0)
  expect([producer.tryPush(1), producer.tryPush(2), producer.tryPush(3)]).toEqual([
    true,
    true,
    false,
  ])
  producer.publish()
  expect(consumer.available()).toBe(2)
  expect(consumer.pop()).toBe(1)
  expect(producer.tryPush(3)).toBe(false)
  consumer.release()
  expect(producer.tryPush(3)).toBe(true)
})

test('pushed values stay invisible until they are published', () => {
  const { producer, consumer } = ringAt(8, 0)
  producer.tryPush(7)
  expect(consumer.available()).toBe(0)
  producer.publish()
  expect(consumer.available()).toBe(1)
})

test('a side that attaches late continues where the words say', () => {
  const { words, producer } = ringAt(4, -2)
  producer.tryPush(5)
  producer.tryPush(6)
  producer.publish()
  const late = new SpscConsumer(words, RING_AT, 4)
  expect([late.available(), late.pop(), late.pop()]).toEqual([2, 5, 6])
  late.release()
  const successor = new SpscProducer(words, RING_AT, 4)
  expect([1, 2, 3, 4, 5].map((value) => successor.tryPush(value))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ])
})

test('refuses a capacity that is not a power of two', () => {
  const words = new Int32Array(new SharedArrayBuffer(ringWords(16) * 4))
  const message = 'ring capacity must be a power of two: capacity=12'
  expect(() => new SpscProducer(words, 0, 12)).toThrow(message)
  expect(() => new SpscConsumer(words, 0, 12)).toThrow(message)
})
