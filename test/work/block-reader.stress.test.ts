import { expect, test } from 'vitest'
import { monotonicOriginNs } from '../../harness/base/clock.ts'
import type { BlockFile } from '../../harness/contract/workload.ts'
import { createKeyedLock } from '../../harness/shared-memory/keyed-lock.ts'
import { createBlockFile } from '../../harness/work/block-file.ts'
import { type BlockReaderMemory, createBlockReaderMemory } from '../../harness/work/block-reader.ts'
import { loadMemoryCalls } from '../../harness/work/memory-calls.ts'
import { createThreadParts } from '../shared-memory/thread-parts.ts'
import { answersOf, failsWithin } from '../shared-memory/threads.ts'
import type { ReadingAnswer, ReadingThread } from './block-reader.worker.ts'
import { type DirectoryState, stateOf } from './directory-state.ts'
import { hasMemoryCalls } from './memory-work.ts'
import { residentPages } from './resident-pages.ts'

const ENTRY = new URL('block-reader.worker.ts', import.meta.url)
/** More than processors, so that threads are preempted within their sections. */
const THREADS = 6
const pageBytes = loadMemoryCalls()?.pageBytes ?? 4_096
/** So few frames that threads meet at each of them. */
const SPEC: BlockFile = { blocks: 12, blockBytes: 4 * pageBytes, cachedBlocks: 8, cache: 'own' }
const BROKEN_ROUNDS = 10

/** Lets threads loose on one cache. */
async function readTogether(cache: 'own' | 'page', reads: number, broken = false) {
  const file = createBlockFile({ ...SPEC, cache })
  try {
    const created = createBlockReaderMemory(file)
    const memory: BlockReaderMemory = broken
      ? { ...created, directory: { ...created.directory!, locks: createKeyedLock('broken', 1) } }
      : created
    const shared = {
      memory,
      parts: createThreadParts(THREADS),
      originNs: monotonicOriginNs(),
      reads,
    }
    const threads = Array.from({ length: THREADS }, (_, thread): ReadingThread => ({
      ...shared,
      thread,
    }))
    const answers = await answersOf<ReadingAnswer>(ENTRY, threads)
    return {
      wrong: answers.some((answer) => answer.wrong),
      contended: answers.reduce((sum, answer) => sum + answer.contended, 0),
      state: stateOf(memory.directory!),
      cachedBlocks: residentPages(file.path, pageBytes) / 4,
    }
  } finally {
    file.close()
  }
}

/** Whether each block is in the frame that says so and no other, and all pins are given back. */
function isConsistent({ held, frameOf, pins }: DirectoryState): boolean {
  return (
    frameOf.every((frame, block) => frame === -1 || held[frame] === block) &&
    held.every((block, frame) => block === -1 || frameOf[block] === frame) &&
    pins.every((count) => count === 0)
  )
}

test.runIf(hasMemoryCalls)(
  'threads that share a cache of one’s own read right blocks only',
  async () => {
    const { wrong, contended, state, cachedBlocks } = await readTogether('own', 10_000)
    expect(wrong).toBe(false)
    expect(isConsistent(state)).toBe(true)
    expect(cachedBlocks).toBe(0)
    // Otherwise the threads did not meet, and nothing was tested.
    expect(contended).toBeGreaterThan(0)
  },
)

test.runIf(hasMemoryCalls)(
  'the page cache holds no more than it should after many threads',
  async () => {
    const { wrong, contended, state, cachedBlocks } = await readTogether('page', 10_000)
    expect(wrong).toBe(false)
    expect(isConsistent(state)).toBe(true)
    expect(cachedBlocks).toBeLessThanOrEqual(SPEC.cachedBlocks)
    expect(contended).toBeGreaterThan(0)
  },
)

test.runIf(hasMemoryCalls)('a cache without its lock is seen to fail', async () => {
  const failed = await failsWithin(BROKEN_ROUNDS, async () => {
    const { wrong, state } = await readTogether('own', 10_000, true)
    return wrong || !isConsistent(state)
  })
  expect(failed).toBe(true)
})
