import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { ManualClock } from '../../harness/base/clock.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import { createBlockFile } from '../../harness/work/block-file.ts'
import { createWorkMemory, ThreadWork } from '../../harness/work/thread-work.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'
import { oneThread } from '../shared-memory/thread-parts.ts'
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
  expect(memory).toEqual({ touched: null, blocks: null, sharedBytes: 0 })
  const work = new ThreadWork(memory, clock)
  expect(caughtFailure(() => work.touch(1)).code).toBe('no-memory')
  expect(caughtFailure(() => work.read(1)).code).toBe('no-file')
  work.churn(10, 5)
  work.close()
})

test.runIf(hasMemoryCalls)('the cache is told among the bytes that threads share', () => {
  const file = createBlockFile(RICH.file)
  expect(createWorkMemory(RICH, file).sharedBytes).toBeGreaterThan(8 * 4_096)
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
