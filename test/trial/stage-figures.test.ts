import { expect, test } from 'vitest'
import { deployStaged } from '../../harness/architectures/staged/launch.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { createPhaseLog } from '../../harness/measure/phase-log.ts'
import { decodeHistogram } from '../../harness/results/histogram.ts'
import { stageFigures, type StageRecords } from '../../harness/trial/stage-figures.ts'
import { StageReader, subtractStages, watchedQueues } from '../../harness/trial/stage-readings.ts'
import { createHashTable } from '../../harness/shared-memory/hash-table-layout.ts'
import { ManualClock } from '../base/manual-clock.ts'

/** Latency, ingress wait, two queue waits, and two services. */
const RECORDS = [
  [100, 10, 40, 0, 20, 30],
  [200, 10, 80, 0, 40, 70],
  [300, 10, 120, 60, 40, 0],
  [400, 10, 160, 0, 20, 10],
]

function recordsOf(changes: Partial<StageRecords> = {}): StageRecords {
  const log = createPhaseLog(RECORDS[0]!.length - 1, RECORDS.length)
  log.records.set(RECORDS.flat())
  log.counts.set([RECORDS.length, 0])
  return {
    names: ['decode', 'apply'],
    logs: [log],
    partCount: 3,
    firstQueueWait: 1,
    readings: [
      { taken: 600, batches: 200, threads: 2, batchBound: 16 },
      { taken: 0, batches: 0, threads: 3, batchBound: 8 },
    ],
    countedNs: 2_000_000_000,
    achievedPerSecond: 1_000_000,
    ...changes,
  }
}

test('each stage has its waits and its services; who did not wait or was not served there is not counted', () => {
  const [decode, apply] = stageFigures(recordsOf())!
  expect(decode!.name).toBe('decode')
  expect(decode!.wait).toMatchObject({
    count: 4,
    meanNs: 100,
    p50Ns: 80,
    p90Ns: 160,
    p99Ns: 160,
    maxNs: 160,
  })
  expect(decode!.service).toMatchObject({ count: 4, meanNs: 30, p50Ns: 20, p99Ns: 40 })
  expect(apply!.wait).toMatchObject({ count: 1, p50Ns: 60, maxNs: 60 })
  expect(apply!.service).toMatchObject({ count: 3, p50Ns: 30, maxNs: 70 })
})

test('the histogram holds as many, to 1 %', () => {
  const times = [3, 700, 50_000, 3_000_000]
  const log = createPhaseLog(1, times.length)
  log.records.set(times.flatMap((ns) => [ns, ns]))
  log.counts.set([times.length, 0])
  const records = { names: ['only'], logs: [log], partCount: 0, firstQueueWait: null }
  const [only] = stageFigures({ ...recordsOf(), ...records, readings: null })!
  const histogram = decodeHistogram(only!.service!.histogram)
  expect(histogram.totalCount).toBe(times.length)
  for (const [index, ns] of times.entries()) {
    const told = histogram.getValueAtPercentile((100 * (index + 1)) / times.length)
    expect(Math.abs(told - ns)).toBeLessThanOrEqual(Math.max(8, 0.01 * ns))
  }
})

test('queues tell what was taken from them; their length follows from the waits', () => {
  const [decode, apply] = stageFigures(recordsOf())!
  expect(decode).toMatchObject({ threads: 2, batchBound: 16, requestsPerBatch: 3 })
  expect(decode!.takenPerSecond).toBe(300)
  // A million a second that wait 100 ns each; of the other 15 ns on average, though one of four waited.
  expect(decode!.meanQueueLength).toBeCloseTo(0.1)
  expect(apply!.meanQueueLength).toBeCloseTo(0.015)
  expect(apply).toMatchObject({ threads: 3, requestsPerBatch: null, takenPerSecond: 0 })
})

test('sharded has the same services, and none of what queues tell', () => {
  const [decode] = stageFigures(recordsOf({ firstQueueWait: null, readings: null }))!
  expect(decode).toMatchObject({
    wait: null,
    service: { count: 4, p50Ns: 20 },
    threads: null,
    batchBound: null,
    requestsPerBatch: null,
    takenPerSecond: null,
    meanQueueLength: null,
  })
})

test('without samples there are only the queues, and without queues nothing', () => {
  const [decode] = stageFigures(recordsOf({ logs: [] }))!
  expect(decode).toMatchObject({ wait: null, service: null, threads: 2, meanQueueLength: null })
  expect(stageFigures(recordsOf({ logs: [], readings: null }))).toBeNull()
})

test('what is read of queues is what was taken meanwhile, whatever they had counted before', () => {
  const clock = new ManualClock()
  const stages = ['a', 'b'].map((name) => ({ name, sleeps: false, setsTimers: false, batch: 4 }))
  const plan = { cpuCount: 2, stages, slotCount: 64, background: null }
  const [arm] = parseArms('staged:threads=3,sharded')
  const server = deployStaged(arm, plan, createHashTable(1, 4, 8), 'striped')
  const reader = StageReader.of({ server }, clock)!
  const [queue] = watchedQueues(server.memory.queues, clock)
  const values = Int32Array.from({ length: 16 }, (_, value) => value)
  const target = new Int32Array(16)
  queue!.tryPushBatch(values, 0, 9)
  queue!.tryPopBatch(target, 4)
  const before = reader.read()
  queue!.tryPopBatch(target, 4)
  queue!.tryPopBatch(target, 4)
  const [first, second] = subtractStages(reader.read(), before)
  expect(first).toEqual({ taken: 5, batches: 2, threads: 3, batchBound: 4 })
  expect(second).toMatchObject({ taken: 0, batches: 0 })
  const late = [{ taken: 2, batches: 1, threads: 1, batchBound: 1 }]
  const early = [{ taken: -3, batches: -1, threads: 1, batchBound: 1 }]
  expect(subtractStages(late, early)).toMatchObject([{ taken: 5, batches: 2 }])
})
