import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Workload } from '../../../harness/contract/workload.ts'
import { FINE_BUCKETS, fineBucket } from '../../../harness/measure/buckets.ts'
import type { RecorderMemory } from '../../../harness/measure/recorder-layout.ts'
import { PHASE_STEADY_STATE } from '../../../harness/ports/replay/control.ts'
import { decodeHistogram } from '../../../harness/results/histogram.ts'
import { kieferWolfowitzResponses } from '../../../harness/stats/queueing.ts'
import { classesOfTrial } from '../../../harness/trial/latency-counts.ts'
import { Schedule } from '../../../harness/workload/schedule.ts'
import { type Bench, createBench, GAP_NS, START_NS } from './bench.ts'

const CLASSES: Pick<Workload, 'serviceTimes' | 'classes'> = {
  serviceTimes: {
    kind: 'mixture',
    parts: [
      { weight: 9, micros: 0.4 },
      { weight: 1, micros: 3 },
    ],
  },
  classes: { by: 'service-time', upToMicros: [1], names: ['short', 'long'] },
}
const NAMES = CLASSES.classes!.names

const recorderOf = (bench: Bench): RecorderMemory =>
  bench.memories[0]!.playbacks[PHASE_STEADY_STATE].recorder

const fineOf = (bench: Bench, index: number) => {
  const from = index * FINE_BUCKETS
  return recorderOf(bench).classes!.fine.subarray(from, from + FINE_BUCKETS)
}

test('of a server in virtual time each class has the latencies that the recursion has for its requests', () => {
  const COUNT = 4_096
  // A power of two, as the count: then every instant is exact, and so is the clock that is moved to it.
  const gapNs = 1_024
  const workload = { ...CLASSES, arrivals: { kind: 'poisson' } } as const
  const bench = createBench({ cycle: COUNT, permits: 64, workload })
  const trace = bench.trace.ports[0]!
  const schedule = new Schedule(trace, bench.trace.cycleGaps)
  schedule.start(START_NS, gapNs)
  const dueNs = Float64Array.from({ length: COUNT }, () => {
    const at = schedule.nextDueNs
    schedule.advance()
    return at
  })
  const expected = kieferWolfowitzResponses(dueNs, trace.services.subarray(0, COUNT), 1)

  bench.startSteady((COUNT * gapNs) / GAP_NS, gapNs)
  const advanceTo = (ns: number) => bench.clock.advance(Math.max(0, ns - bench.clock.nowNs()))
  // One server, in order of arrival: it takes a request, works for as long as its service takes, and answers.
  for (let served = 0; served < COUNT; served++) {
    advanceTo(dueNs[served]!)
    // A turn right after a reply takes the instant of that one for its own.
    const slot = bench.receive(1)[0] ?? bench.receive(1)[0]
    bench.clock.advance(trace.services[served]!)
    bench.serve([slot!])
    bench.reply([slot!])
  }
  bench.receive(1)

  const counts = NAMES.map(() => new Int32Array(FINE_BUCKETS))
  for (const [at, ns] of expected.entries()) counts[trace.classes[at]!]![fineBucket(ns)]!++
  for (const index of NAMES.keys()) expect([...fineOf(bench, index)]).toEqual([...counts[index]!])

  const classes = classesOfTrial(NAMES, [recorderOf(bench)], bench.trace)!
  for (const [index, { name, maxNs, minNs, histogram, percentiles }] of classes.entries()) {
    const own = expected.filter((_, at) => trace.classes[at] === index).sort()
    expect([name, minNs, maxNs]).toEqual([NAMES[index], own[0], own.at(-1)])
    expect(decodeHistogram(histogram).totalCount).toBe(own.length)
    const p99 = own[Math.ceil(own.length * 0.99) - 1]!
    expect(Math.abs(percentiles.p99.ns / p99 - 1)).toBeLessThan(1 / 1_024)
  }
  // Not a test of nothing: short requests wait behind long ones, and differ from them.
  expect(classes[0]!.percentiles.p50.ns).toBeLessThan(classes[1]!.percentiles.p50.ns)
  expect(classes[0]!.percentiles.p99.ns).toBeGreaterThan(3_000)
})

/** Turns of a server that is late, answers in any order, or never. */
const turns = fc.array(
  fc.record({
    waitNs: fc.nat(6 * GAP_NS),
    limit: fc.integer({ min: 1, max: 8 }),
    answered: fc.nat(8),
    turnedBack: fc.nat(1),
  }),
  { minLength: 5, maxLength: 60 },
)

test('classes add up to the whole, bucket by bucket and count by count, whatever was refused or never answered', () => {
  fc.assert(
    fc.property(
      turns,
      fc.constantFrom(0, 3 * GAP_NS),
      fc.nat(1_000),
      (course, deadlineNs, seed) => {
        const bench = createBench({ cycle: 64, deadlineNs, seed, workload: CLASSES })
        const [port] = bench.ports
        bench.startSteady(80)
        let held: number[] = []
        for (const { waitNs, limit, answered, turnedBack } of course) {
          bench.clock.advance(waitNs)
          held.push(...bench.receive(limit))
          const back = deadlineNs === 0 ? [] : held.splice(0, Math.min(turnedBack, held.length))
          port!.refuse(Int32Array.from(back), 0, back.length)
          const replies = held.slice(-answered || held.length).toReversed()
          held = held.filter((slot) => !replies.includes(slot))
          bench.serve(replies)
          bench.reply(replies)
        }
        port!.publish()
        const recorder = recorderOf(bench)
        const sum = new Int32Array(FINE_BUCKETS)
        for (const index of NAMES.keys())
          for (const [bucket, count] of fineOf(bench, index).entries()) sum[bucket]! += count
        expect([...sum]).toEqual([...recorder.fine])

        const classes = classesOfTrial(NAMES, [recorder], bench.trace)!
        const all = (pick: (counts: (typeof classes)[number]['counts']) => number) =>
          classes.reduce((total, { counts }) => total + pick(counts), 0)
        const refused = bench.total('refused')
        const due = bench.total('received') + refused + bench.total('neverReceived')
        expect(all((counts) => counts.due)).toBe(due)
        expect(all((counts) => counts.refused)).toBe(refused)
        expect(all((counts) => counts.completed)).toBe(bench.completed())
        for (const { counts } of classes) expect(counts.unanswered).toBeGreaterThanOrEqual(0)
        expect(Math.max(...classes.map(({ maxNs }) => maxNs))).toBe(Math.max(...recorder.maxima))
      },
    ),
    { numRuns: 200 },
  )
})

test('without classes there is nothing of them', () => {
  const bench = createBench()
  expect(recorderOf(bench).classes).toBeNull()
  expect(classesOfTrial([], [recorderOf(bench)], bench.trace)).toBeNull()
})
