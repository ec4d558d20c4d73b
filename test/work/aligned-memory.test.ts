import { expect, test } from 'vitest'
import { AlignedMemory, loadMemoryCalls } from '../../harness/work/memory-calls.ts'
import { faultsOf, hasMemoryCalls } from './memory-work.ts'

test.runIf(hasMemoryCalls)('memory begins on a page, has whole ones, and all are zero', () => {
  const calls = loadMemoryCalls()!
  for (const bytes of [1, 512, calls.pageBytes, calls.pageBytes + 4, 3 * calls.pageBytes]) {
    const memory = new AlignedMemory(bytes, calls)
    expect(memory.address % BigInt(calls.pageBytes)).toBe(0n)
    expect(memory.bytes.byteLength).toBe(Math.ceil(bytes / calls.pageBytes) * calls.pageBytes)
    expect(memory.words.every((word) => word === 0)).toBe(true)
    memory.release()
  }
})

test.runIf(hasMemoryCalls)('every page of it is still to be touched, once', () => {
  const calls = loadMemoryCalls()!
  const pages = 256
  const memory = new AlignedMemory(pages * calls.pageBytes, calls)
  const touch = () => {
    for (let at = 0; at < memory.words.length; at += calls.pageBytes / 4) memory.words[at] = 1
  }
  expect(faultsOf(touch)).toBeGreaterThanOrEqual(pages)
  expect(faultsOf(touch)).toBeLessThan(pages / 4)
  memory.release()
})

test.runIf(hasMemoryCalls)('pages that others have touched before come anew', () => {
  const calls = loadMemoryCalls()!
  const pages = 16
  for (let round = 0; round < 8; round++) {
    const memory = new AlignedMemory(pages * calls.pageBytes, calls)
    const faults = faultsOf(() => memory.words.fill(1))
    memory.release()
    expect(faults).toBeGreaterThanOrEqual(pages)
  }
})

test.runIf(hasMemoryCalls)('released memory is no memory any more', () => {
  const memory = new AlignedMemory(1, loadMemoryCalls()!)
  memory.release()
  expect(memory.bytes).toHaveLength(0)
  expect(memory.words[0]).toBeUndefined()
})
