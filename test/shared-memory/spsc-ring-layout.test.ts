import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ISOLATION_WORDS } from '../../harness/base/units.ts'
import {
  RING_HEAD_WORD,
  RING_TAIL_WORD,
  RING_VALUES_WORD,
  ringWords,
} from '../../harness/shared-memory/spsc-ring.ts'

test('words of the producer, words of the consumer and values lie 128 bytes apart', () => {
  expect(RING_HEAD_WORD - RING_TAIL_WORD).toBeGreaterThanOrEqual(ISOLATION_WORDS)
  expect(RING_VALUES_WORD - RING_HEAD_WORD).toBeGreaterThanOrEqual(ISOLATION_WORDS)
})

test('rings behind one another share no pair of cache lines', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 16 }), (exponent) => {
      const capacity = 2 ** exponent
      expect(ringWords(capacity) % ISOLATION_WORDS).toBe(0)
      expect(ringWords(capacity)).toBeGreaterThanOrEqual(RING_VALUES_WORD + capacity)
    }),
  )
})
