import { ISOLATION_WORDS } from '../base/units.ts'
import { CONDITION_WORDS } from './condition.ts'
import { MUTEX_WORDS } from './mutex-layout.ts'

/**
 * A bounded queue of Int32 values for many producers and consumers, 128 bytes a row:
 *
 *   row 0         mutex
 *   row 1         word 0: tail position   words under the mutex, written by producers …
 *                 word 1: head position   … and consumers
 *                 word 2: pushes, word 3: batches pushed, word 4: batches popped   (statistics, under the mutex)
 *   rows 2 … 4    condition `not full`
 *   rows 5 … 7    condition `not empty`; a queue of a shared pool uses the pool's instead
 *   rows 8 …      `capacity` values, index = position & (capacity − 1)
 */
export const QUEUE_MUTEX_WORD = 0
export const QUEUE_TAIL_WORD = MUTEX_WORDS
export const QUEUE_HEAD_WORD = QUEUE_TAIL_WORD + 1
export const QUEUE_PUSHES_WORD = QUEUE_TAIL_WORD + 2
export const QUEUE_PUSH_BATCHES_WORD = QUEUE_TAIL_WORD + 3
export const QUEUE_POP_BATCHES_WORD = QUEUE_TAIL_WORD + 4
export const QUEUE_NOT_FULL_WORD = QUEUE_TAIL_WORD + ISOLATION_WORDS
export const QUEUE_NOT_EMPTY_WORD = QUEUE_NOT_FULL_WORD + CONDITION_WORDS
export const QUEUE_VALUES_WORD = QUEUE_NOT_EMPTY_WORD + CONDITION_WORDS
