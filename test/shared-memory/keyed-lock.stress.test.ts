import { expect, test } from 'vitest'
import { monotonicOriginNs } from '../../harness/base/clock.ts'
import { createKeyedLock, type KeyedLockKind } from '../../harness/shared-memory/keyed-lock.ts'
import type { KeyedLockAnswer, KeyedLockThread } from './keyed-lock.worker.ts'
import { createThreadParts } from './thread-parts.ts'
import { answersOf, failsWithin, untilTheyMeet } from './threads.ts'

const ENTRY = new URL('keyed-lock.worker.ts', import.meta.url)
const ROUNDS = 50_000
/** The broken lock fails in its first round unless both processors are busy elsewhere. */
const BROKEN_ROUNDS = 10

interface Contest {
  readonly kind: KeyedLockKind
  readonly roles: readonly KeyedLockThread['role'][]
  readonly hashes: number
  readonly rounds: number
}

/** Lets threads of these roles loose on one lock. */
async function contend({ kind, roles, hashes, rounds }: Contest) {
  const guarded = new Int32Array(new SharedArrayBuffer(hashes * 8))
  const writersLeft = new Int32Array(new SharedArrayBuffer(4))
  writersLeft[0] = roles.filter((role) => role === 'write-pairs').length
  const shared = {
    memory: createKeyedLock(kind, 4),
    parts: createThreadParts(roles.length),
    originNs: monotonicOriginNs(),
    guarded,
    hashes,
    rounds,
    writersLeft,
  }
  const threads = roles.map((role, thread): KeyedLockThread => ({ ...shared, role, thread }))
  const answers = await answersOf<KeyedLockAnswer>(ENTRY, threads)
  const total = (of: (answer: KeyedLockAnswer) => number) =>
    answers.reduce((sum, answer) => sum + of(answer), 0)
  return {
    firsts: guarded.filter((_, word) => word % 2 === 0).reduce((sum, value) => sum + value, 0),
    torn: total((answer) => answer.torn),
    acquisitions: total((answer) => answer.acquisitions),
    contended: total((answer) => answer.contended),
    lost: total((answer) => answer.lost),
  }
}

/** Of a lock that is right: contests until the threads met in one. */
function contendRightly(contest: Contest, firsts: number) {
  return untilTheyMeet(
    async () => {
      const outcome = await contend(contest)
      expect(outcome).toMatchObject({ firsts, torn: 0, lost: 0 })
      return outcome
    },
    (outcome) => outcome.contended > 0,
  )
}

/** More threads than processors, so that owners are preempted and waiters park. */
const counting = { roles: Array<'count'>(6).fill('count'), hashes: 1, rounds: ROUNDS } as const
const pairs = {
  roles: ['write-pairs', 'read-pairs', 'read-pairs', 'write-pairs', 'read-pairs'],
  hashes: 2,
  rounds: ROUNDS / 5,
} as const

test.each(['single', 'striped', 'reader-writer', 'optimistic'] as const)(
  'increments under a %s lock are not lost, and neither are wake-ups',
  async (kind) => {
    const { contended } = await contendRightly(
      { kind, ...counting },
      counting.roles.length * ROUNDS,
    )
    // Otherwise the threads did not meet, and nothing was tested.
    expect(contended).toBeGreaterThan(0)
  },
)

test('keys of different stripes are guarded one by one', async () => {
  const outcome = await contend({ kind: 'striped', ...counting, hashes: 8 })
  expect(outcome.firsts).toBe(counting.roles.length * ROUNDS)
})

test.each(['single', 'reader-writer'] as const)(
  'readers under a %s lock never see half a change, and do not starve writers',
  async (kind) => {
    const { contended } = await contendRightly({ kind, ...pairs }, 2 * pairs.rounds)
    expect(contended).toBeGreaterThan(0)
  },
)

// A lock whose readers do not step back for writers passes too: two processors do not keep readers overlapping for long
// enough. That they step back is tested in reader-writer-lock.test.ts.

test('the broken lock is seen to lose increments', async () => {
  const failed = await failsWithin(BROKEN_ROUNDS, async () => {
    const { firsts } = await contend({ kind: 'broken', ...counting })
    return firsts !== counting.roles.length * ROUNDS
  })
  expect(failed).toBe(true)
})

test('the broken lock is seen to show half a change', async () => {
  const failed = await failsWithin(BROKEN_ROUNDS, async () => {
    const { torn } = await contend({ kind: 'broken', ...pairs })
    return torn > 0
  })
  expect(failed).toBe(true)
})
