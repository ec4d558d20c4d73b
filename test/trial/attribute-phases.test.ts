import { expect, test } from 'vitest'
import { attributePhases, partNames } from '../../harness/trial/attribution.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { createPhaseLog, type PhaseLogMemory } from '../../harness/measure/phase-log.ts'

const [staged, sharded] = parseArms('staged,sharded')
const PARTS = ['ingress wait', 'service']

/** A log of requests: latency and parts of each. */
function logOf(samples: readonly (readonly number[])[], dropped = 0): PhaseLogMemory {
  const memory = createPhaseLog(PARTS.length, samples.length)
  memory.records.set(samples.flat())
  memory.counts.set([samples.length, dropped])
  return memory
}

/** Requests of 1 … count ns, half of it in each part. */
function ramp(count: number): number[][] {
  return Array.from({ length: count }, (_, i) => [i + 1, (i + 1) / 2, (i + 1) / 2])
}

test('every part has a name: a queue per stage there, mailboxes and detours here', () => {
  expect(partNames(staged, ['decode', 'apply'])).toEqual([
    'ingress wait',
    'service',
    'batch wait',
    'lock wait',
    'egress',
    'declared wait',
    'queue wait: decode',
    'queue wait: apply',
  ])
  expect(partNames(sharded, ['decode', 'apply']).slice(6)).toEqual([
    'mailbox wait: requests',
    'mailbox wait: replies',
    'legs',
    'off-load',
    'slice wait',
  ])
})

test('bands are the requests around a percentile, over all ports', () => {
  const samples = ramp(10_000)
  // The slowest first: a port logs requests as they are answered.
  const logs = [logOf(samples.slice(4_000).toReversed(), 3), logOf(samples.slice(0, 4_000), 4)]
  const attribution = attributePhases(logs, PARTS)!
  expect(attribution).toMatchObject({ samples: 10_000, dropped: 7, sumsWithinShare: 1 })
  const { p50, p99, p99_9 } = attribution.bands
  expect([p50!.latencyNs, p99!.latencyNs, p99_9!.latencyNs]).toEqual([5_000.5, 9_900.5, 9_990.5])
  expect(p99!.partsNs).toEqual([4_950.25, 4_950.25])
  expect([p50!.samples, p99!.samples, p99_9!.samples]).toEqual([2_000, 100, 10])
})

test('a band of a few requests is none', () => {
  const { p50, p99, p99_9 } = attributePhases([logOf(ramp(400))], PARTS)!.bands
  expect([p50 === null, p99 === null, p99_9 === null]).toEqual([false, true, true])
})

test.each([
  [20, null],
  [21, 5],
  [26, 6],
])(
  'of %i requests %s stand for the median: whoever is a part of the band belongs to it',
  (count, samples) => {
    expect(attributePhases([logOf(ramp(count))], PARTS)!.bands.p50?.samples ?? null).toBe(samples)
  },
)

test('the slowest 1 % are counted by their longest part', () => {
  const slow = [
    [10_000, 9_000, 1_000],
    [10_001, 9_001, 1_000],
    [10_002, 2, 10_000],
    [10_003, 10_000, 3],
  ]
  const attribution = attributePhases([logOf([...ramp(396), ...slow])], PARTS)!
  expect(attribution.slowestByCause).toEqual({ 'ingress wait': 0.75, service: 0.25 })
})

test('parts that do not add up to the latency are counted', () => {
  const samples = [
    [100_000, 50_000, 50_000],
    // Off by 2 %, and by 2 µs.
    [100_000, 50_000, 48_000],
    [10_000, 5_000, 3_001],
    [1_000_000, 500_000, 480_000],
    // Off by more.
    [100_000, 50_000, 47_000],
    [10_000, 5_000, 2_900],
  ]
  expect(attributePhases([logOf(samples)], PARTS)!.sumsWithinShare).toBeCloseTo(4 / 6)
})

test('without a sample there is no attribution', () => {
  expect(attributePhases([logOf([])], PARTS)).toBeNull()
})

test('waits in several queues are one cause', () => {
  const memory = createPhaseLog(3, 1)
  memory.records.set([100, 40, 30, 30])
  memory.counts.set([1, 0])
  const parts = ['ingress wait', 'queue wait: decode', 'queue wait: apply']
  expect(attributePhases([memory], parts)!.slowestByCause).toEqual({ 'queue wait': 1 })
})
