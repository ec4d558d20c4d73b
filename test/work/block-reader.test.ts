import { openSync, closeSync, writeSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { BlockFile } from '../../harness/contract/workload.ts'
import { createBlockFile, type OpenBlockFile } from '../../harness/work/block-file.ts'
import {
  type BlockReader,
  createBlockReaderMemory,
  openBlockReader,
} from '../../harness/work/block-reader.ts'
import { loadMemoryCalls } from '../../harness/work/memory-calls.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'
import { oneThread } from '../shared-memory/thread-parts.ts'
import { expectConsistent, stateOf } from './directory-state.ts'
import { hasMemoryCalls } from './memory-work.ts'
import { residentPages } from './resident-pages.ts'

const pageBytes = loadMemoryCalls()?.pageBytes ?? 4_096
const SPEC: BlockFile = { blocks: 64, blockBytes: pageBytes, cachedBlocks: 16, cache: 'own' }

const open: { file: OpenBlockFile; reader: BlockReader }[] = []
afterEach(() => {
  for (const { file, reader } of open.splice(0)) {
    reader.close()
    file.close()
  }
})

/** A file and a reader of it. @param direct whether it can be read past the page cache; @default as it is */
function reading(changed: Partial<BlockFile>, direct?: boolean) {
  const made = createBlockFile({ ...SPEC, ...changed })
  const file = { ...made, direct: direct ?? made.direct }
  const memory = createBlockReaderMemory(file)
  const reader = openBlockReader(memory, new ManualClock(), oneThread().counters.locks)
  open.push({ file: made, reader })
  return { file: made, memory, reader, cached: () => residentPages(made.path, pageBytes) }
}

/** Replaces a block by another one, past all caches of ours. */
function overwrite({ path }: OpenBlockFile, block: number): void {
  const descriptor = openSync(path, 'r+')
  writeSync(descriptor, new Uint8Array(pageBytes), 0, pageBytes, block * pageBytes)
  closeSync(descriptor)
}

const hashes = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 80 })
const caches = fc.constantFrom('own', 'page', 'none')

test.runIf(hasMemoryCalls)(
  'whatever is asked for is read, by a cache of any size, and pins are given back',
  () => {
    fc.assert(
      fc.property(
        caches,
        fc.nat(80),
        hashes,
        fc.boolean(),
        (cache, cachedBlocks, asked, direct) => {
          const { memory, reader } = reading({ cache, cachedBlocks }, direct)
          for (const hash of asked) reader.read(hash)
          if (memory.directory === null) return
          const state = stateOf(memory.directory)
          expectConsistent(state)
          expect(state.pins.every((pins) => pins === 0)).toBe(true)
        },
      ),
      { numRuns: 30 },
    )
  },
)

test.runIf(hasMemoryCalls)('a cached block is not read again, one that was evicted is', () => {
  const { file, reader } = reading({ cachedBlocks: 2 })
  reader.read(1)
  reader.read(2)
  overwrite(file, 1)
  expect(() => reader.read(1)).not.toThrow()
  for (const block of [2, 3, 4]) reader.read(block)
  expect(caughtFailure(() => reader.read(1)).message).toContain('block=1')
})

test.runIf(hasMemoryCalls).each(['page', 'none'] as const)(
  'a wrong block in the file is seen, with cache %s',
  (cache) => {
    const { file, reader } = reading({ cache })
    reader.read(1)
    overwrite(file, 1)
    expect(caughtFailure(() => reader.read(1))).toMatchObject({ kind: 'run', code: 'wrong-block' })
  },
)

test.runIf(hasMemoryCalls)('a block that is wrong in the cache is seen', () => {
  const { memory, reader } = reading({})
  reader.read(5)
  new Int32Array(memory.frames!).fill(0)
  expect(caughtFailure(() => reader.read(5))).toMatchObject({ kind: 'run', code: 'wrong-block' })
})

test.runIf(hasMemoryCalls)(
  'the page cache holds exactly the blocks of the directory, before and after',
  () => {
    const { memory, reader, cached } = reading({ cache: 'page' })
    expect(cached()).toBe(0)
    for (let block = 0; block < 5; block++) reader.read(block)
    expect(cached()).toBe(5)
    for (let read = 0; read < 500; read++) reader.read(Math.imul(read, 0x9e3779b1))
    expect(stateOf(memory.directory!).held.filter((block) => block !== -1)).toHaveLength(16)
    expect(cached()).toBe(16)
  },
)

test.runIf(hasMemoryCalls)('a page cache without a block keeps none', () => {
  const { reader, cached } = reading({ cache: 'page', cachedBlocks: 0 })
  for (let block = 0; block < 20; block++) reader.read(block)
  expect(cached()).toBe(0)
})

test.runIf(hasMemoryCalls).each([true, false])(
  'reads past the page cache leave nothing in it, with O_DIRECT: %s',
  (direct) => {
    for (const cache of ['own', 'none'] as const) {
      const { reader, cached } = reading({ cache }, direct)
      for (let block = 0; block < 40; block++) reader.read(block)
      expect(cached()).toBe(0)
    }
  },
)

test.runIf(hasMemoryCalls)('the cache of the next trial begins empty', () => {
  const { file, reader, cached } = reading({ cache: 'page' })
  reader.read(1)
  const next = createBlockReaderMemory(file)
  expect(cached()).toBe(0)
  expect(stateOf(next.directory!).held.every((block) => block === -1)).toBe(true)
})
