import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { BlockFile } from '../../harness/contract/workload.ts'
import { createBlockFile, isBlock, refuseImpossible } from '../../harness/work/block-file.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'
import { hasMemoryCalls } from './memory-work.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossover-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SPEC: BlockFile = { blocks: 1_000, blockBytes: 1_536, cachedBlocks: 10, cache: 'own' }

test.runIf(hasMemoryCalls)('every block says which one it is', () => {
  const file = createBlockFile(SPEC, folder)
  const bytes = readFileSync(file.path)
  expect(bytes).toHaveLength(SPEC.blocks * SPEC.blockBytes)
  const words = new Int32Array(new Uint8Array(bytes).buffer)
  const blockWords = SPEC.blockBytes / 4
  const wrong = [...Array(SPEC.blocks).keys()].filter(
    (block) => !isBlock(words, block * blockWords, blockWords, block),
  )
  expect(wrong).toEqual([])
  file.close()
})

test.runIf(hasMemoryCalls)(
  'no file is to be seen while it is there, and its path ends with it',
  () => {
    const file = createBlockFile(SPEC, folder)
    expect(readdirSync(folder)).toEqual([])
    expect(readFileSync(file.path)).not.toHaveLength(0)
    file.close()
    expect(() => readFileSync(file.path)).toThrow('ENOENT')
  },
)

test.runIf(hasMemoryCalls)('a folder that is none is the user’s to mend', () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  for (const wrong of [join(folder, 'missing'), file]) {
    const failure = caughtFailure(() => createBlockFile(SPEC, wrong))
    expect(failure).toMatchObject({ kind: 'usage', code: 'block-file' })
    expect(failure.message).toContain(wrong)
    expect(failure.cure).toContain('TMPDIR')
  }
  rmSync(file)
  expect(readdirSync(folder)).toEqual([])
})

test.runIf(hasMemoryCalls && process.platform === 'linux')(
  'a file in memory comes with a warning',
  () => {
    const file = createBlockFile(SPEC, '/dev/shm')
    expect(file.warning).toMatchObject({ code: 'block-file' })
    expect(file.warning?.message).toContain('/dev/shm, is in memory')
    expect(file.warning?.cure).toContain('TMPDIR')
    file.close()
  },
)

const PAGE = { pageBytes: 4_096 }
const PLENTY = 2 ** 40

test.each<[string, Partial<BlockFile>, number]>([
  ['more than 4 GiB', { blocks: 1_000_000, blockBytes: 8_192 }, PLENTY],
  ['needs whole pages', { cache: 'page', blockBytes: 512 }, PLENTY],
  ['more than the free memory, 1 MiB', { cachedBlocks: 1_000 }, 2 ** 20],
])('a file is refused: %s', (message, changed, freeBytes) => {
  const failure = caughtFailure(() => refuseImpossible({ ...SPEC, ...changed }, PAGE, freeBytes))
  expect(failure).toMatchObject({ kind: 'usage', code: 'block-file' })
  expect(failure.message).toContain(message)
})

test('a file of 4 GiB is not too large, and no cache takes no memory', () => {
  const spec: BlockFile = {
    blocks: 65_536,
    blockBytes: 65_536,
    cachedBlocks: 1_000_000,
    cache: 'none',
  }
  expect(() => refuseImpossible(spec, PAGE, 0)).not.toThrow()
})
