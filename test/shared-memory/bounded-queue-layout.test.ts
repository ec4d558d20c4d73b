import { expect, test } from 'vitest'
import { ISOLATION_WORDS } from '../../harness/base/units.ts'
import {
  QUEUE_HEAD_WORD,
  QUEUE_MUTEX_WORD,
  QUEUE_NOT_EMPTY_WORD,
  QUEUE_NOT_FULL_WORD,
  QUEUE_POP_BATCHES_WORD,
  QUEUE_PUSHES_WORD,
  QUEUE_TAIL_WORD,
  QUEUE_VALUES_WORD,
} from '../../harness/shared-memory/bounded-queue.ts'
import { CONDITION_WORDS } from '../../harness/shared-memory/condition.ts'
import { MUTEX_WORDS } from '../../harness/shared-memory/mutex.ts'

test('mutex, positions, conditions and values each begin on their own pair of cache lines', () => {
  const starts = [
    QUEUE_MUTEX_WORD,
    QUEUE_TAIL_WORD,
    QUEUE_NOT_FULL_WORD,
    QUEUE_NOT_EMPTY_WORD,
    QUEUE_VALUES_WORD,
  ]
  expect(starts.map((word) => word % ISOLATION_WORDS)).toEqual([0, 0, 0, 0, 0])
  expect(QUEUE_TAIL_WORD - QUEUE_MUTEX_WORD).toBeGreaterThanOrEqual(MUTEX_WORDS)
  expect(QUEUE_NOT_EMPTY_WORD - QUEUE_NOT_FULL_WORD).toBeGreaterThanOrEqual(CONDITION_WORDS)
  expect(QUEUE_VALUES_WORD - QUEUE_NOT_EMPTY_WORD).toBeGreaterThanOrEqual(CONDITION_WORDS)
})

test('words that only the owner of the mutex writes share its row and no other', () => {
  const guarded = [QUEUE_TAIL_WORD, QUEUE_HEAD_WORD, QUEUE_PUSHES_WORD, QUEUE_POP_BATCHES_WORD]
  expect(new Set(guarded).size).toBe(guarded.length)
  expect(Math.max(...guarded)).toBeLessThan(QUEUE_NOT_FULL_WORD)
})
