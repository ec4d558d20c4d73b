import { Worker } from 'node:worker_threads'
import { expect, test, beforeAll, describe } from 'vitest'
import type { Workload } from '../../harness/contract/workload.ts'
import { createBlockFile } from '../../harness/work/block-file.ts'
import { createWorkMemory, ThreadWork, KEPT_FOR_OBJECTS } from '../../harness/work/thread-work.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'
import { oneThread } from '../shared-memory/thread-parts.ts'
import type { ChurnAnswer, ChurnThread } from './heap-churn.worker.ts'
import { faultsOf, hasMemoryCalls } from './memory-work.ts'

const PLAIN: Workload = {
  recordCount: 1,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}
const MEGABYTES = 64
const RICH = {
  ...PLAIN,
  memory: { megabytes: MEGABYTES, state: 'touched' },
  file: { blocks: 32, blockBytes: 4_096, cachedBlocks: 8, cache: 'own' },
} as const
const clock = new ManualClock()
const STAGE = { name: 'work', run: () => {} }

test('a workload without memory or file shares nothing, and work that needs them fails', () => {
  const memory = createWorkMemory(PLAIN, null)
  expect(memory).toEqual({ touched: null, blocks: null })
  const work = new ThreadWork(memory, clock)
  expect(caughtFailure(() => work.touch(1)).code).toBe('no-memory')
  expect(caughtFailure(() => work.read(1)).code).toBe('no-file')
  work.churn(10, 5)
  work.close()
})

test.runIf(hasMemoryCalls)('the blocks of a cache lie in memory that threads share', () => {
  const file = createBlockFile(RICH.file)
  expect(createWorkMemory(RICH, file).blocks?.frames?.byteLength).toBe(8 * 4_096)
  file.close()
})

test.runIf(hasMemoryCalls)('memory is taken at the first use, or when it is prepared', () => {
  const work = new ThreadWork(createWorkMemory(RICH, null), clock)
  const all = (MEGABYTES * 2 ** 20) / 65_536
  expect(faultsOf(() => work.prepare({ ...STAGE, churn: { objects: 1 } }))).toBeLessThan(all)
  expect(faultsOf(() => work.prepare({ ...STAGE, touch: { pages: 1 } }))).toBeGreaterThanOrEqual(
    all,
  )
  expect(faultsOf(() => work.touch(1_000))).toBeLessThan(all)
  work.close()
})

test.runIf(hasMemoryCalls)('locks of the cache are counted where the thread wants it', () => {
  const file = createBlockFile(RICH.file)
  const { counters } = oneThread()
  const work = new ThreadWork(createWorkMemory(RICH, file), clock, counters.locks)
  work.read(1)
  work.read(1)
  // A miss takes the lock twice.
  expect(counters.read().lockAcquisitions).toBe(3)
  work.close()
  file.close()
})

test.runIf(hasMemoryCalls)('a thread that is ended by force leaves no memory behind', async () => {
  const file = createBlockFile(RICH.file)
  const memory = createWorkMemory(RICH, file)
  const before = process.memoryUsage.rss()
  for (let round = 0; round < 3; round++) {
    const worker = new Worker(new URL('thread-work.worker.ts', import.meta.url), {
      workerData: memory,
      execArgv: [],
    })
    await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    await worker.terminate()
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(2 * MEGABYTES * 2 ** 20)
  file.close()
})

const OBJECTS = 200
const CALLS = 5_000
const MEBIBYTE = 2 ** 20

/** In a thread like those of servers: with a young generation of 8 MB. */
function churnInThread(kept: number): Promise<ChurnAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('heap-churn.worker.ts', import.meta.url), {
      workerData: { objects: OBJECTS, kept, calls: CALLS } satisfies ChurnThread,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

describe('a thread that makes objects', () => {
  let none: ChurnAnswer
  let all: ChurnAnswer
  beforeAll(async () => {
    none = await churnInThread(0)
    all = await churnInThread(OBJECTS)
  })

  test('makes them of about 64 bytes', () => {
    expect(none.bytesPerObject).toBeGreaterThan(56)
    expect(none.bytesPerObject).toBeLessThan(80)
  })

  test('has its young generation collected, whether it keeps them or not', () => {
    expect(none.youngCollections).toBeGreaterThan(3)
    expect(all.youngCollections).toBeGreaterThan(3)
  })

  test('has those that it keeps moved to the old generation, and only those', () => {
    expect(none.oldBytes).toBeLessThan(MEBIBYTE / 2)
    // 8 MiB are kept; the youngest of them are still in the young generation.
    expect(all.oldBytes).toBeGreaterThan(2 * MEBIBYTE)
    expect(all.oldBytes).toBeGreaterThan((KEPT_FOR_OBJECTS * 64) / 4)
  })
})

test('a tenth of the objects is kept as long as all would be', async () => {
  const tenth = await churnInThread(OBJECTS / 10)
  expect(tenth.youngCollections).toBeGreaterThan(3)
  expect(tenth.oldBytes).toBeGreaterThan((KEPT_FOR_OBJECTS * 64) / 10 / 4)
})
