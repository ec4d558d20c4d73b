import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPowerOfTwo, wordsFor } from '../../harness/base/units.ts'
import {
  createHashTable,
  RECORD_KEY,
  TABLE_BUCKETS_WORD,
} from '../../harness/shared-memory/hash-table-layout.ts'
import { VALUE_HEAD_WORDS } from '../../harness/shared-memory/request-slab-layout.ts'

const CACHE_LINE_BYTES = 64

test('records are whole cache lines with room for head, key and payload', () => {
  const sizes = fc.record({
    capacity: fc.integer({ min: 1, max: 200 }),
    keyBytes: fc.integer({ min: 1, max: 64 }),
    valueBytes: fc.integer({ min: 8, max: 1_024 }),
    leastBuckets: fc.integer({ min: 1, max: 1_024 }),
  })
  fc.assert(
    fc.property(sizes, ({ capacity, keyBytes, valueBytes, leastBuckets }) => {
      const table = createHashTable(capacity, keyBytes, valueBytes, leastBuckets)
      const payloadWords = wordsFor(valueBytes) - VALUE_HEAD_WORDS
      expect(table.recordWords).toBeGreaterThanOrEqual(RECORD_KEY + table.keyWords + payloadWords)
      expect((table.recordWords * 4) % CACHE_LINE_BYTES).toBe(0)
      // Records begin behind the buckets, at the border of a cache line too.
      const recordsAtBytes = (TABLE_BUCKETS_WORD + table.buckets) * 4
      expect(recordsAtBytes % CACHE_LINE_BYTES).toBe(0)
      const expectedBytes = recordsAtBytes + capacity * table.recordWords * 4
      expect(table.buffer.byteLength).toBe(expectedBytes)
    }),
  )
})

test('buckets are a power of two, two per record, and not fewer than the stripes of the lock', () => {
  const leasts = fc.integer({ min: 1, max: 4_096 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), leasts, (capacity, leastBuckets) => {
      const { buckets } = createHashTable(capacity, 16, 8, leastBuckets)
      expect(isPowerOfTwo(buckets)).toBe(true)
      expect(buckets).toBeGreaterThanOrEqual(Math.max(2 * capacity, leastBuckets))
    }),
    { numRuns: 30 },
  )
})
