import { ISOLATION_WORDS } from '../base/units.ts'

/**
 * One mutex, alone on its pair of cache lines:
 *
 *   word 0        state: 0 free · 1 locked · 2 locked and someone may be parked
 *   words 1 … 31  padding
 */
export const MUTEX_STATE_WORD = 0
export const MUTEX_WORDS = ISOLATION_WORDS

export const MUTEX_FREE = 0
export const MUTEX_LOCKED = 1
export const MUTEX_CONTENDED = 2
