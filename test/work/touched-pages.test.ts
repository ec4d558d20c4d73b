import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TouchedMemory, Workload } from '../../harness/contract/workload.ts'
import { loadMemoryCalls, type MemoryCalls } from '../../harness/work/memory-calls.ts'
import { checkTouchedMemory, TouchedPages } from '../../harness/work/touched-pages.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'
import { faultsOf, hasMemoryCalls } from './memory-work.ts'

const MEGABYTES = 4
const PAGES = (MEGABYTES * 2 ** 20) / (loadMemoryCalls()?.pageBytes ?? 4_096)

function workloadWith(memory: TouchedMemory): Workload {
  return {
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    memory,
  }
}

/** Kilobytes of this process that are locked. */
function lockedKilobytes(): number {
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(/^VmLck:\s+(\d+) kB$/m.exec(status)?.[1])
}

test.runIf(hasMemoryCalls)('each touch of cold memory is a fault, also when it comes round', () => {
  const pages = new TouchedPages({ megabytes: MEGABYTES, state: 'cold' })
  const requests = (3 * PAGES) / 7
  const faults = faultsOf(() => {
    for (let request = 0; request < requests; request++) pages.touch(7)
  })
  expect(faults).toBeGreaterThanOrEqual(3 * PAGES - 16)
  // A read before the write would fault twice.
  expect(faults).toBeLessThan(1.2 * 3 * PAGES)
  pages.close()
})

test.runIf(hasMemoryCalls)('no touch of touched memory is a fault', () => {
  const pages = new TouchedPages({ megabytes: MEGABYTES, state: 'touched' })
  expect(faultsOf(() => pages.touch(3 * PAGES))).toBeLessThan(PAGES / 8)
  pages.close()
})

test.runIf(hasMemoryCalls)('locked memory is locked until it is given back', () => {
  const before = lockedKilobytes()
  const pages = new TouchedPages({ megabytes: 1, state: 'locked' })
  expect(lockedKilobytes() - before).toBe(1_024)
  expect(faultsOf(() => pages.touch(3 * PAGES))).toBeLessThan(PAGES / 8)
  pages.close()
  expect(lockedKilobytes()).toBe(before)
})

test.runIf(hasMemoryCalls)('touching nothing costs no page', () => {
  const pages = new TouchedPages({ megabytes: MEGABYTES, state: 'cold' })
  expect(faultsOf(() => pages.touch(0))).toBeLessThan(PAGES / 8)
  pages.close()
})

const REFUSING: MemoryCalls = {
  pageBytes: 4_096,
  addressOf: () => 0n,
  adviseMemory: () => true,
  lockMemory: () => false,
  lockMemoryOnFault: () => false,
  unlockMemory: () => true,
  adviseFile: () => true,
}

test.runIf(process.platform === 'linux')('a run whose memory may not be locked is refused', () => {
  const workload = workloadWith({ megabytes: 2, state: 'locked' })
  const failure = caughtFailure(() => checkTouchedMemory(workload, 2, REFUSING))
  expect(failure).toMatchObject({ kind: 'usage', code: 'memory-lock' })
  expect(failure.message).toMatch(/2 MB per thread, threads=2, cannot be locked: the limit is/)
  expect(failure.cure).toContain('ulimit -l')
})

test.runIf(hasMemoryCalls)('what was locked for the check is unlocked again', () => {
  const before = lockedKilobytes()
  checkTouchedMemory(workloadWith({ megabytes: 1, state: 'locked' }), 2)
  expect(lockedKilobytes()).toBe(before)
})

test('more memory than there is is refused, unless it is given back after each touch', () => {
  const check = (state: TouchedMemory['state']) =>
    checkTouchedMemory(workloadWith({ megabytes: 1_024, state }), 100_000, REFUSING)
  expect(caughtFailure(() => check('touched'))).toMatchObject({ kind: 'usage', code: 'memory' })
  expect(() => check('cold')).not.toThrow()
})

test('a workload without memory needs nothing', () => {
  const { memory: _, ...workload } = workloadWith({ megabytes: 1, state: 'cold' })
  expect(() => checkTouchedMemory(workload, 2, null)).not.toThrow()
  expect(
    caughtFailure(() => checkTouchedMemory({ ...workload, memory: _! }, 2, null)),
  ).toMatchObject({ kind: 'usage', code: 'koffi' })
})
