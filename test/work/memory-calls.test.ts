import { expect, test } from 'vitest'
import { loadMemoryCalls, requireMemoryCalls } from '../../harness/work/memory-calls.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

test('without them the user is told what is missing and how to get it', () => {
  const failure = caughtFailure(() => requireMemoryCalls('a file to read', null))
  expect(failure).toMatchObject({ kind: 'usage', code: 'koffi' })
  expect(failure.message).toContain('the workload has a file to read')
  expect(failure.cure).toContain('npm install')
})

test.runIf(process.platform === 'linux')('the kernel refuses what it cannot do', () => {
  const calls = loadMemoryCalls()
  if (calls === null) return
  const address = calls.addressOf(new ArrayBuffer(calls.pageBytes))
  expect(calls.adviseMemory(address | 1n, calls.pageBytes, 4)).toBe(false)
  expect(calls.lockMemory(0n, calls.pageBytes)).toBe(false)
  expect(calls.adviseFile(-1, 0, 0, 4)).toBe(false)
})
