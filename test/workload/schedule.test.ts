import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Schedule } from '../../harness/workload/schedule.ts'
import { INSTANTS_PER_CYCLE } from '../../harness/workload/trace-layout.ts'

const NS_PER_GAP = 1_000
const START_NS = 5_000

/** A schedule whose requests are due at these fractions of a cycle. @param services none, or one per request. */
function scheduleOf(
  fractions: readonly number[],
  cycleGaps: number,
  services: readonly number[] = [],
): Schedule {
  const bytes = () => new SharedArrayBuffer(fractions.length * 4)
  const trace = {
    count: fractions.length,
    instants: new Uint32Array(bytes()),
    requests: new Int32Array(bytes()),
    hashes: new Int32Array(bytes()),
    services: new Int32Array(new SharedArrayBuffer(services.length * 4)),
    legs: new Uint8Array(new SharedArrayBuffer(0)),
    classes: new Uint8Array(new SharedArrayBuffer(0)),
    spread: null,
  }
  trace.services.set(services)
  trace.instants.set(fractions.map((fraction) => Math.floor(fraction * INSTANTS_PER_CYCLE)))
  return new Schedule(trace, cycleGaps)
}

const QUARTERS = [0, 0.25, 0.5, 0.75]

test('requests are due at their share of the cycle, cycle after cycle', () => {
  const schedule = scheduleOf(QUARTERS, 4)
  schedule.start(START_NS, NS_PER_GAP)
  const seen: [number, number][] = []
  for (let i = 0; i < 9; i++, schedule.advance())
    seen.push([schedule.position, schedule.nextDueNs - START_NS])
  expect(seen).toEqual(
    Array.from({ length: 9 }, (_, i) => [i % 4, i * NS_PER_GAP] as [number, number]),
  )
  expect(schedule.played()).toBe(9)
})

test('each request has its own service time, cycle after cycle', () => {
  const schedule = scheduleOf(QUARTERS, 4, [10, 20, 30, 40])
  schedule.start(START_NS, NS_PER_GAP)
  const seen: number[] = []
  for (let i = 0; i < 6; i++, schedule.advance()) seen.push(schedule.serviceNs())
  expect(seen).toEqual([10, 20, 30, 40, 10, 20])
})

test('a trace without service times asks for none', () => {
  const schedule = scheduleOf(QUARTERS, 4)
  schedule.start(START_NS, NS_PER_GAP)
  expect(schedule.serviceNs()).toBe(0)
})

test('a cycle that ends in silence keeps its length', () => {
  const schedule = scheduleOf([0.25], 4)
  schedule.start(START_NS, NS_PER_GAP)
  expect(schedule.nextDueNs).toBe(START_NS + 1_000)
  schedule.advance()
  expect(schedule.nextDueNs).toBe(START_NS + 5_000)
})

test('nothing is due before the start', () => {
  const schedule = scheduleOf(QUARTERS, 4)
  expect(schedule.nextDueNs).toBe(Number.POSITIVE_INFINITY)
})

test('without a gap everything is due at once, and no backlog is counted', () => {
  const schedule = scheduleOf(QUARTERS, 4)
  schedule.start(START_NS, 0)
  for (let i = 0; i < 10; i++) schedule.advance()
  expect(schedule.nextDueNs).toBe(START_NS)
  expect(schedule.played()).toBe(10)
  expect(schedule.dueCount(START_NS + 10_000)).toBe(0)
})

test('starting again forgets what was played', () => {
  const schedule = scheduleOf(QUARTERS, 4)
  schedule.start(START_NS, NS_PER_GAP)
  for (let i = 0; i < 6; i++) schedule.advance()
  schedule.start(2 * START_NS, NS_PER_GAP)
  expect([schedule.position, schedule.played(), schedule.nextDueNs]).toEqual([0, 0, 2 * START_NS])
})

test('the backlog is what is due and not taken, over all cycles', () => {
  // Whole 1/16ths, so that instants and nanoseconds are exact.
  const sixteenths = fc
    .uniqueArray(fc.nat(15), { minLength: 1 })
    .map((ns) => ns.toSorted((a, b) => a - b))
  fc.assert(
    fc.property(sixteenths, fc.nat(100), fc.nat(200), (parts, taken, afterSixteenths) => {
      const schedule = scheduleOf(
        parts.map((part) => part / 16),
        16,
      )
      schedule.start(START_NS, NS_PER_GAP)
      for (let i = 0; i < taken; i++) schedule.advance()
      let due = 0
      for (let cycle = 0; cycle * 16 <= afterSixteenths; cycle++)
        due += parts.filter((part) => cycle * 16 + part <= afterSixteenths).length
      const nowNs = START_NS + afterSixteenths * NS_PER_GAP
      expect(schedule.dueCount(nowNs)).toBe(Math.max(0, due - taken))
    }),
  )
})
