import { expect, test, vi } from 'vitest'
import type { Scenario } from '../../harness/contract/scenario.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import type { MemoryCalls } from '../../harness/work/memory-calls.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const MEBIBYTE = 2 ** 20
/** As RLIMIT_MEMLOCK would: so much may be locked at the same time. */
const limit = vi.hoisted(() => ({ bytes: 0, locked: 0 }))

vi.mock(import('../../harness/work/memory-calls.ts'), async (original) => {
  const calls: MemoryCalls = {
    pageBytes: 4_096,
    addressOf: () => 0n,
    adviseMemory: () => true,
    lockMemory: () => false,
    lockMemoryOnFault: (_, bytes) => {
      if (limit.locked + bytes > limit.bytes) return false
      limit.locked += bytes
      return true
    },
    unlockMemory: (_, bytes) => {
      limit.locked -= bytes
      return true
    },
    adviseFile: () => true,
  }
  return { ...(await original()), requireMemoryCalls: () => calls }
})

/** Pages are touched in a stage whose threads sleep: there are 32 of them in staged, and as many off-load threads in sharded. */
const scenario: Scenario = {
  name: 'sleepers',
  question: 'How many are there?',
  params: {},
  workload: () => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    memory: { megabytes: 1, state: 'locked' },
  }),
  stages: () => [
    {
      name: 'serve',
      codec: 'both',
      wait: { micros: 5, blocking: true, offload: true },
      touch: { pages: 1 },
      run: () => {},
    },
  ],
  verify: () => undefined,
}

const create = (arms: string, megabytes: number) => {
  limit.bytes = megabytes * MEBIBYTE
  return createTrialContext({
    loaded: { url: 'file:///sleepers.js', scenario, params: {} },
    arms: parseArms(arms),
    cpus: availableCpus(),
    virtualCores: 1,
    signal: new AbortController().signal,
  })
}

test('memory is locked for all threads that an arm starts before a run is let begin', () => {
  const failure = caughtFailure(() => create('staged,sharded', 32))
  expect(failure).toMatchObject({ kind: 'usage', code: 'memory-lock' })
  expect(failure.message).toMatch(/^memory of 1 MB per thread, threads=33, cannot be locked: /)
  expect(failure.cure).toContain('blockingThreads and offloadThreads')
  expect(limit.locked).toBe(0)
  expect(create('staged,sharded', 33).cores).toEqual([null])
})

test('arms that start fewer need less: they run one after the other', () => {
  const few = 'staged:blockingThreads=3,sharded:offloadThreads=2'
  expect(create(few, 3).cores).toEqual([null])
  expect(caughtFailure(() => create(few, 2))).toMatchObject({ code: 'memory-lock' })
  expect(caughtFailure(() => create('staged,staged:blockingThreads=3', 3))).toMatchObject({
    code: 'memory-lock',
  })
})
