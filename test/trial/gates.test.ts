import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  burstsAtEnds,
  answersGate,
  clockGate,
  completedGate,
  dueByHalf,
  halvesGate,
  noiseGate,
  runtimeGate,
} from '../../harness/trial/gates.ts'
import { playedByAll } from '../../harness/experiment/validate/played-requests.ts'
import { COARSE_BUCKETS, coarseBucket, fineBucket } from '../../harness/measure/buckets.ts'
import { createRecorder, type RecorderMemory } from '../../harness/measure/recorder-layout.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'
import { assembleTrace, createTrace } from '../../harness/workload/trace.ts'
import { tinyTrace } from '../experiment/tiny-trace.ts'

/** So long that the steps of idle times do not count. */
const LONG_NS = 1e15

const GAP_NS = 1_000

/** Reads of ten keys at exponential gaps. */
const keySpace = createKeySpace(10)
const workload = {
  recordCount: 10,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
} as const

test('what is due is counted by the half in which it becomes due, over all ports and cycles', () => {
  const trace = tinyTrace(4, [
    [
      [0, 0],
      [1, 0],
    ],
    [[3, 0]],
  ])
  // At 0, 1, 3, then 4, 5, 7, then 8 gaps; the middle lies right before 4.5.
  expect(dueByHalf(trace, GAP_NS, 9 * GAP_NS - 1)).toEqual([4, 3])
})

test('the halves together have what was played', () => {
  const lengths = fc.integer({ min: 2, max: 500 })
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), lengths, (seed, portCount, gaps) => {
      const count = 64
      const routing = 'random'
      const trace = createTrace({ workload, keySpace, portCount, routing, seed, count })
      // No instant falls on the middle or the end.
      const steadyNs = (gaps + Math.SQRT1_2) * GAP_NS
      const { arrivalsNs } = playedByAll(trace, GAP_NS, steadyNs)
      const first = arrivalsNs.filter((ns) => ns < steadyNs / 2).length
      const second = arrivalsNs.length - first
      expect(dueByHalf(trace, GAP_NS, steadyNs)).toEqual([first, second])
    }),
  )
})

test.each([
  ['everything is answered', [10_000, 10_000], [10_000, 10_000], true],
  ['more is answered than became due', [10_000, 10_000], [10_050, 12_000], true],
  ['1 % is missing in each half', [10_000, 10_000], [9_900, 9_900], true],
  ['more than 1 % is missing in the first half', [10_000, 10_000], [9_899, 10_101], false],
  ['more than 1 % is missing in the second half', [10_000, 10_000], [10_000, 9_899], false],
  ['a few of few are in flight', [100, 100], [80, 100], true],
  ['a quarter of few is missing', [100, 100], [75, 100], false],
  ['a quarter of few is missing', [100, 100], [100, 74], false],
  ['nothing was due and nothing answered', [0, 0], [0, 0], true],
  ['nothing is answered', [10_000, 10_000], [0, 0], false],
] as const)('completed, when %s', (_, due, replies, passed) => {
  expect(completedGate(due, replies)).toMatchObject({ name: 'completed', passed })
})

test('completed tells both shares', () => {
  expect(completedGate([1_000, 2_000], [990, 1_000]).figure).toBe(
    '99.00 % and 50.00 % of the requests due in the halves answered in them',
  )
})

test('answering more never makes a trial saturated', () => {
  const count = fc.nat(100_000)
  fc.assert(
    fc.property(fc.tuple(count, count), fc.tuple(count, count), count, (due, replies, more) => {
      fc.pre(completedGate(due, replies).passed)
      expect(completedGate(due, [replies[0] + more, replies[1]]).passed).toBe(true)
      expect(completedGate(due, [replies[0], replies[1] + more]).passed).toBe(true)
    }),
  )
})

/** A recorder whose windows hold 100 latencies each around the given one; null for an empty window. */
function recorderOf(latenciesNs: readonly (number | null)[]): RecorderMemory {
  const recorder = createRecorder(latenciesNs.length + 1)
  for (const [window, ns] of latenciesNs.entries()) {
    if (ns === null) continue
    recorder.windows[window * COARSE_BUCKETS + coarseBucket(fineBucket(ns))] = 100
  }
  return recorder
}

test.each([
  ['stays', [5e6, 5e6, 5e6, 5e6, 5e6, 5e6], true],
  ['goes up and down within each half', [5e6, 9e6, 5e6, 9e6, 5e6, 9e6, 5e6, 9e6], true],
  ['doubles half-way', [5e6, 5e6, 5e6, 10e6, 10e6, 10e6], false],
  ['halves half-way', [10e6, 10e6, 10e6, 5e6, 5e6, 5e6], false],
])('halves, when the latency %s', (_, latenciesNs, passed) => {
  const gate = halvesGate([recorderOf(latenciesNs)], latenciesNs.length)
  expect(gate).toMatchObject({ name: 'halves', passed })
})

test('halves are of all ports together', () => {
  const [rising, falling] = [
    recorderOf([5e6, 5e6, 5e6, 9e6, 9e6, 9e6]),
    recorderOf([9e6, 9e6, 9e6, 5e6, 5e6, 5e6]),
  ]
  expect(halvesGate([rising, falling], 6)?.passed).toBe(true)
  expect(halvesGate([rising, rising], 6)?.passed).toBe(false)
})

test('the middle one of an odd number of windows is in neither half', () => {
  // So many latencies that they would decide the median of either.
  const crowd = recorderOf([null, null, null, 9e6, null, null, null])
  const calm = recorderOf([5e6, 5e6, 5e6, 9e6, 5e6, 5e6, 5e6])
  const recorders = [calm, crowd, crowd, crowd, crowd]
  expect(halvesGate(recorders, 7)?.figure).toBe(
    halvesGate([recorderOf([5e6, 5e6, 5e6, 5e6, 5e6, 5e6])], 6)?.figure,
  )
})

test('halves give the same figure every time', () => {
  const recorders = [recorderOf([5e6, 7e6, 6e6, 5e6, 8e6, 6e6])]
  expect(halvesGate(recorders, 6)).toEqual(halvesGate(recorders, 6))
})

test.each([
  ['one window', [5e6]],
  ['two windows in each half', [5e6, 5e6, 9e6, 9e6]],
  ['three windows in each half, one of them empty', [5e6, 5e6, 5e6, 9e6, null, 9e6]],
  ['an empty first half', [null, null, null, 5e6, 5e6, 5e6]],
  ['an empty second half', [5e6, 5e6, 5e6, null, null, null]],
  ['nothing', [null, null]],
])('of %s nothing is said about halves', (_, latenciesNs) => {
  expect(halvesGate([recorderOf(latenciesNs)], latenciesNs.length)).toBeNull()
})

test('what is recorded behind the last window is not looked at', () => {
  const recorder = recorderOf([5e6, 5e6, 5e6, 5e6, 5e6, 5e6, 90e6, 90e6])
  expect(halvesGate([recorder], 6)?.passed).toBe(true)
})

test.each([
  [0, 0, true],
  [300, 50_000, true],
  [300, -50_000, true],
  [300, 50_001, false],
  [300, -50_001, false],
  [-1, 0, false],
])('clock, with %i ns as smallest latency and a drift of %i ns', (smallestNs, errorNs, passed) => {
  expect(clockGate(smallestNs, errorNs, 0)).toMatchObject({ name: 'clock', passed })
})

test('a suspension is the machine’s, whatever the clocks say', () => {
  expect(clockGate(300, 0, 1)).toMatchObject({ name: 'clock', passed: false })
})

test.each([
  [0, 0, true],
  [0.03, 0.0199, true],
  [0.03, 0.021, false],
  [0, 0.06, false],
  [0.06, 0, false],
])('noise, with shares of %d stolen and %d taken', (stealShare, othersShare, passed) => {
  expect(noiseGate({ stealShare, othersShare }, LONG_NS)).toMatchObject({ name: 'noise', passed })
})

test('noise tells both shares, and is silent where they are not known', () => {
  expect(noiseGate({ stealShare: 0.012, othersShare: 0.3 }, LONG_NS)?.figure).toBe(
    '1.2 % stolen by the hypervisor, 30.0 % taken by other processes, limit 5.0 %',
  )
  expect(noiseGate(null, LONG_NS)).toBeNull()
  // Half a second of processor time: two steps of 10 ms widen the limit by 4 %.
  expect(noiseGate({ stealShare: 0, othersShare: 0.08 }, 5e8)?.passed).toBe(true)
})

test.each([
  // Of two processors over two seconds: 0.5 % are 20 ms.
  [{ helperSeconds: 0.02, mainSeconds: 0, familySeconds: 0 }, true],
  [{ helperSeconds: 0.021, mainSeconds: 0, familySeconds: 0 }, false],
  [{ helperSeconds: 0.01, mainSeconds: 0.005, familySeconds: 0.005 }, true],
  [{ helperSeconds: 0.01, mainSeconds: 0.011, familySeconds: 0 }, false],
  [{ helperSeconds: 0.01, mainSeconds: 0, familySeconds: 0.011 }, false],
])('with %o of the runtime in the steady state it passes: %s', (runtime, passed) => {
  expect(runtimeGate(runtime, 4e9, false)!.passed).toBe(passed)
})

test('runtime tells both shares, and is silent where they are not known', () => {
  const figure = runtimeGate(
    { helperSeconds: 0.04, mainSeconds: 0.01, familySeconds: 0.02 },
    4e9,
    false,
  )!.figure
  expect(figure).toBe(
    '1.00 % used by compilers and other helper threads, 0.75 % by main threads, limit 0.50 %',
  )
  expect(runtimeGate(null, 4e9, false)).toBeNull()
})

test('where stages declare garbage helpers may collect it, and main threads are judged as ever', () => {
  const gateOf = (mainSeconds: number) =>
    runtimeGate({ helperSeconds: 0.4, mainSeconds, familySeconds: 0.01 }, 4e9, true)!
  expect(gateOf(0.01)).toMatchObject({
    passed: true,
    figure:
      '10.00 % used by helper threads (not judged: they collect what the stages declare), 0.50 % by main threads, limit 0.50 %',
  })
  expect(gateOf(0.011).passed).toBe(false)
})

test('a runtime that took too much is named by the threads that took most of it', () => {
  const message = (helperSeconds: number, mainSeconds: number, makesGarbage = false) =>
    runtimeGate({ helperSeconds, mainSeconds, familySeconds: 0 }, 4e9, makesGarbage)!.message
  expect(message(0.04, 0.01)).toContain('compilers and other helper threads')
  expect(message(0.01, 0.04)).toContain('main threads')
  expect(message(0.4, 0.04, true)).toContain('main threads')
})

test('answers passes when all were right, and else says what was wrong', () => {
  expect(answersGate(null, 12)).toMatchObject({
    name: 'answers',
    passed: true,
    figure: '12 replies checked',
  })
  expect(answersGate('lost update: key=3', 12)).toMatchObject({
    passed: false,
    figure: 'lost update: key=3',
  })
})

/** Bursts of 100 requests at these shares of the cycle. */
function burstTrace(shares: readonly number[]) {
  const count = 100 * shares.length
  return assembleTrace(
    {
      instants: Float64Array.from({ length: count }, (_, at) => shares[Math.floor(at / 100)]!),
      cycleLength: 1,
      keys: new Int32Array(count),
      operations: new Uint8Array(count),
      ports: new Int32Array(count),
      services: new Int32Array(0),
      legs: new Uint8Array(0),
    },
    { workload, portCount: 1, routing: 'random', seed: 1, count },
    keySpace,
  )
}

test.each([
  [[0, 0.25, 0.4999, 0.75], [100, 0], [200, 100], true],
  [[0, 0.25, 0.5, 0.999], [0, 100], [200, 100], true],
  [[0, 0.25, 0.5, 0.75], [0, 0], [100, 200], false],
  [[0, 0.4, 0.6, 0.9], [0, 0], [200, 100], false],
])(
  'bursts at %j: those before an end need not be answered in it',
  (shares, bursts, replies, passed) => {
    const trace = burstTrace(shares)
    const steadyNs = trace.count * GAP_NS
    const late = burstsAtEnds(trace, GAP_NS, steadyNs)
    expect(late.map((count) => count > 0)).toEqual(bursts.map((count) => count > 0))
    const due = dueByHalf(trace, GAP_NS, steadyNs)
    const answered = [replies[0]!, replies[1]!] as const
    expect(completedGate(due, answered, late).passed).toBe(passed)
  },
)

test('a load of exponential gaps has no bursts at the ends', () => {
  for (let seed = 0; seed < 20; seed++) {
    const order = { workload, portCount: 2, routing: 'random', seed, count: 20_000 } as const
    expect(burstsAtEnds(createTrace({ ...order, keySpace }), GAP_NS, 20_000 * GAP_NS)).toEqual([
      0, 0,
    ])
  }
})
