import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, test } from 'vitest'
import { KEPT_FOR_OBJECTS } from '../../harness/work/heap-churn.ts'
import type { ChurnAnswer, ChurnThread } from './heap-churn.worker.ts'

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
