import { ThreadClock } from '../../harness/base/clock.ts'
import { createHashTable } from '../../harness/shared-memory/hash-table-layout.ts'
import { attachRecordGuard, type KeyedLockMemory } from '../../harness/shared-memory/keyed-lock.ts'
import { answer, dataOfThread, dawdle, waitForOthers } from './start-line.ts'
import { attachThreadParts, type ThreadPartsMemory } from './thread-parts.ts'

/** What a thread does under the lock of each stripe in turn. */
export interface KeyedLockThread {
  readonly role: 'count' | 'write-pairs' | 'read-pairs'
  readonly memory: KeyedLockMemory
  readonly parts: ThreadPartsMemory
  readonly thread: number
  readonly originNs: bigint
  /** Plain words, two per hash, guarded by nothing but the lock. */
  readonly guarded: Int32Array
  readonly hashes: number
  readonly rounds: number
  /** Word 0: threads that write and have not ended. Readers go on until it is 0. */
  readonly writersLeft: Int32Array
}

export interface KeyedLockAnswer {
  /** Readings in which the two words of a pair differed. */
  readonly torn: number
  readonly acquisitions: number
  readonly contended: number
  /** Wake-ups that were lost. */
  readonly lost: number
}

const own = dataOfThread<KeyedLockThread>()
const { guarded, hashes, rounds, writersLeft } = own
const { counters } = attachThreadParts(own.parts, own.thread)
const clock = new ThreadClock(own.originNs)
/** What is guarded here are words of the test's own. */
const lock = attachRecordGuard(own.memory, createHashTable(1, 4, 8), clock, counters.locks)

function count(): void {
  for (let round = 0; round < rounds; round++) {
    const hash = round % hashes
    lock.lock(hash, true)
    const before = guarded[2 * hash]!
    if (round % 64 === 0) dawdle(round)
    guarded[2 * hash] = before + 1
    lock.unlock(hash, true)
  }
}

function writePairs(): void {
  for (let round = 0; round < rounds; round++) {
    const hash = round % hashes
    lock.lock(hash, true)
    const next = guarded[2 * hash]! + 1
    guarded[2 * hash] = next
    dawdle(round)
    guarded[2 * hash + 1] = next
    lock.unlock(hash, true)
  }
  Atomics.sub(writersLeft, 0, 1)
}

/** Reads without a break: a lock that prefers readers never lets the writers end. */
function readPairs(): number {
  let torn = 0
  for (let round = 0; Atomics.load(writersLeft, 0) > 0; round++) {
    const hash = round % hashes
    lock.lock(hash, false)
    const first = guarded[2 * hash]
    dawdle(round)
    if (guarded[2 * hash + 1] !== first) torn++
    lock.unlock(hash, false)
  }
  return torn
}

waitForOthers()
let torn = 0
if (own.role === 'count') count()
else if (own.role === 'write-pairs') writePairs()
else torn = readPairs()
const totals = counters.read()
answer({
  torn,
  acquisitions: totals.lockAcquisitions,
  contended: totals.contendedLockAcquisitions,
  lost: totals.lostLockWakeUps,
} satisfies KeyedLockAnswer)
