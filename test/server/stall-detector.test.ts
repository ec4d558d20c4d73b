import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import { NS_PER_MS } from '../../harness/base/units.ts'
import { ManualClock } from '../base/manual-clock.ts'
import {
  createStallMemory,
  ProcessorDelay,
  STALL_CELLS,
  STALL_LONGEST,
  StallDetector,
  takeStalls,
} from '../../harness/server/stall-detector.ts'

const THRESHOLD_NS = 0.5 * NS_PER_MS

/** A thread of two on time that only the test advances. */
function watched() {
  const memory = createStallMemory(2, 3, THRESHOLD_NS)
  const clock = new ManualClock()
  const time = { delayNs: 0, whileReading: () => {} }
  const readNs = () => {
    const { delayNs } = time
    time.whileReading()
    return delayNs
  }
  const delay = { readNs, close: () => {} } as unknown as ProcessorDelay
  const detector = new StallDetector(memory, 1, clock, delay)
  const request = (stage: number, tookNs: number, askedNs = 0, delayedNs = 0) => {
    detector.begin()
    detector.asks(askedNs)
    clock.advance(tookNs)
    time.delayNs += delayedNs
    detector.ended(stage)
  }
  const seen = (stage: number) =>
    [...takeStalls(memory, 1)].slice(stage * STALL_CELLS, (stage + 1) * STALL_CELLS)
  return { memory, request, seen, time, clock }
}

test('a request that holds its thread for the threshold is named with its stage, a shorter one is not', () => {
  const { request, seen, memory } = watched()
  request(2, THRESHOLD_NS - 1)
  expect(seen(2)).toEqual([0, 0, 0, 0])
  request(2, THRESHOLD_NS)
  request(2, 3 * NS_PER_MS)
  expect(seen(2)).toEqual([0, 2, 0, 3 * NS_PER_MS])
  expect(seen(0)).toEqual([0, 0, 0, 0])
  // The longest starts anew, and the other thread has a row of its own.
  expect(seen(2)[STALL_LONGEST]).toBe(0)
  expect(takeStalls(memory, 0).every((count) => count === 0)).toBe(true)
})

test('time without a processor is no stall, and is taken off one', () => {
  const { request, seen, time, clock } = watched()
  request(1, 4 * NS_PER_MS, 0, 3.6 * NS_PER_MS)
  expect(seen(1)[1]).toBe(0)
  request(1, 4 * NS_PER_MS, 0, 1 * NS_PER_MS)
  expect(seen(1)).toEqual([0, 1, 0, 3 * NS_PER_MS])
  // What was without a processor long before the request is none of its own.
  clock.advance(100 * NS_PER_MS)
  time.delayNs += 50 * NS_PER_MS
  request(1, 2 * NS_PER_MS)
  expect(seen(1)[1]).toBe(2)
})

test('what a thread waited for a processor shortly before a request hides no stall of the request', () => {
  const { request, seen, time, clock } = watched()
  request(0, 2_000)
  // Preempted for so long between two requests, and for as long within the second one.
  for (const waitedNs of [0.1, 0.3, 0.6, 1, 4].map((ms) => ms * NS_PER_MS)) {
    clock.advance(waitedNs)
    time.delayNs += waitedNs
    request(0, 2_000)
    clock.advance(waitedNs)
    time.delayNs += waitedNs
    request(0, NS_PER_MS + waitedNs, NS_PER_MS, waitedNs)
  }
  expect(seen(0).slice(0, 3)).toEqual([5, 5, 5])
})

test('a preemption while the detector reads neither hides a stall nor makes one', () => {
  const { request, seen, time, clock } = watched()
  const preempted = () => {
    clock.advance(3 * NS_PER_MS)
    time.delayNs += 3 * NS_PER_MS
    time.whileReading = () => {}
  }
  time.whileReading = preempted
  request(0, NS_PER_MS, NS_PER_MS)
  expect(seen(0)).toEqual([1, 1, 1, NS_PER_MS])
  // At the end of a request, whose time was without a processor.
  clock.advance(NS_PER_MS)
  request(0, 2_000)
  time.whileReading = preempted
  request(0, 2 * NS_PER_MS, 0, 1.9 * NS_PER_MS)
  expect(seen(0)).toEqual([1, 1, 1, 0])
  time.whileReading = preempted
  request(0, 2 * NS_PER_MS, 2 * NS_PER_MS)
  expect(seen(0)).toEqual([2, 2, 2, 2 * NS_PER_MS])
})

test('of planted stalls of 1 to 20 ms, one in ten thousand, all are named and none is invented, however often the thread is preempted', () => {
  const { request, seen } = watched()
  const random = seededRandom(7)
  let planted = 0
  for (let i = 0; i < 300_000; i++) {
    const isPlanted = random.unit() < 1e-4
    const isPreempted = random.unit() < 1e-3
    const askedNs = isPlanted ? (1 + 19 * random.unit()) * NS_PER_MS : 0
    const delayedNs = isPreempted ? 10 * NS_PER_MS * random.unit() : 0
    if (isPlanted) planted++
    request(0, askedNs + delayedNs + 2_000, askedNs, delayedNs)
  }
  expect(planted).toBeGreaterThan(20)
  expect(seen(0).slice(0, 3)).toEqual([planted, planted, planted])
})

test('what a request asks for is of no account to the next one', () => {
  const { request, seen } = watched()
  request(0, 0, 2 * NS_PER_MS)
  request(0, 2 * NS_PER_MS)
  expect(seen(0).slice(0, 3)).toEqual([1, 1, 0])
})

test('the kernel tells how long a thread was without a processor, where it does', () => {
  const delay = new ProcessorDelay()
  const first = delay.readNs()
  expect(first).toBeGreaterThanOrEqual(0)
  expect(delay.readNs()).toBeGreaterThanOrEqual(first)
  delay.close()
  expect(delay.readNs()).toBeGreaterThanOrEqual(first)
  delay.close()
})
