import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignedWordsFor, wordsFor, isPowerOfTwo } from '../../harness/base/units.ts'
import { NO_RECORD } from '../../harness/contract/request.ts'
import {
  createHashTable,
  RECORD_KEY,
  TABLE_BUCKETS_WORD,
} from '../../harness/shared-memory/hash-table-layout.ts'
import { HashTable } from '../../harness/shared-memory/hash-table.ts'
import {
  createRequestSlab,
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_REPLY_BYTES,
  SLOT_VALUE_BYTES,
  VALUE_HEAD_WORDS,
} from '../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../harness/shared-memory/request-view.ts'

const LONGEST_KEY_BYTES = 16
const LONGEST_VALUE_BYTES = 64
const LONGEST_PAYLOAD_BYTES = LONGEST_VALUE_BYTES - VALUE_HEAD_WORDS * 4
const CAPACITY = 12

/** Bytes, zero-padded to whole words. */
function padded(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(wordsFor(bytes.length))
  new Uint8Array(words.buffer).set(bytes)
  return words
}

function createView(): RequestView {
  const view = new RequestView(createRequestSlab(2, LONGEST_KEY_BYTES, 2 * LONGEST_VALUE_BYTES))
  view.at(1)
  return view
}

/** Makes the slot a request for a key, with a payload when it is an update. */
function fillSlot(view: RequestView, key: Uint8Array, hash: number, payload?: Uint8Array): void {
  view.words.fill(0)
  view.set(SLOT_KEY_BYTES, key.length)
  view.set(SLOT_HASH, hash)
  padded(key).forEach((word, index) => view.set(SLOT_KEY + index, word))
  if (payload === undefined) return
  const at = SLOT_KEY + alignedWordsFor(key.length)
  view.set(SLOT_VALUE_BYTES, payload.length)
  padded(payload).forEach((word, index) => view.set(at + index, word))
}

/** The payload that the slot carries as its reply. */
function replyPayload(view: RequestView, keyBytes: number): Uint8Array {
  const at = (view.base + SLOT_KEY + alignedWordsFor(keyBytes)) * 4
  return new Uint8Array(view.words.buffer, at, view.get(SLOT_REPLY_BYTES)).slice()
}

/** Few letters, zeros among them, so that keys are prefixes and paddings of one another. */
const keys = fc
  .array(fc.constantFrom(0, 1, 255), { minLength: 1, maxLength: LONGEST_KEY_BYTES })
  .map((bytes) => Uint8Array.from(bytes))
const payloads = fc.uint8Array({ maxLength: LONGEST_PAYLOAD_BYTES })
const operations = fc.array(
  fc.record({
    kind: fc.constantFrom('insert', 'update', 'exchange', 'read'),
    key: keys,
    payload: payloads,
    version: fc.integer(),
  }),
  { maxLength: 60 },
)
/** How a key's bytes become its hash: well, always the same, or by its length alone. */
const hashings = fc.constantFrom(
  (key: Uint8Array) => key.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), key.length),
  () => -1,
  (key: Uint8Array) => key.length,
)

interface Stored {
  readonly payload: Uint8Array
  readonly version: number
  readonly checksum: number
}

/** What the table holds for the key in the slot, or undefined. */
function storedIn(table: HashTable, view: RequestView, keyBytes: number): Stored | undefined {
  const record = table.find(view)
  if (record === NO_RECORD) return undefined
  table.copyValueTo(record, view)
  return {
    payload: replyPayload(view, keyBytes),
    version: table.version(record),
    checksum: table.checksum(record),
  }
}

/** Bytes of the value with which each key is inserted. */
function insertedBytes(steps: readonly { key: Uint8Array; payload: Uint8Array; kind: string }[]) {
  const sizes = new Map<string, number>()
  for (const { key, payload, kind } of steps)
    if (kind === 'insert' && !sizes.has(key.join()))
      sizes.set(key.join(), payload.length + VALUE_HEAD_WORDS * 4)
  return [...sizes.values()].slice(0, CAPACITY)
}

test.each([false, true])('behaves like a map of byte keys, with fitted records: %s', (isFitted) => {
  fc.assert(
    fc.property(operations, hashings, (steps, hashOf) => {
      const fitted = isFitted ? insertedBytes(steps) : null
      const memory = createHashTable(CAPACITY, LONGEST_KEY_BYTES, LONGEST_VALUE_BYTES, 1, fitted)
      const table = new HashTable(memory)
      /** What of a payload a key's record has room for. */
      const kept = (payload: Uint8Array, name: string) =>
        isFitted ? payload.slice(0, model.get(name)!.payload.length) : payload
      const view = createView()
      const model = new Map<string, Stored>()
      /** What exchanges replied, and what they should have. */
      const exchanged: [Uint8Array, Uint8Array][] = []
      for (const { kind, key, payload, version } of steps) {
        const hash = hashOf(key)
        const name = key.join()
        const known = model.has(name)
        fillSlot(view, key, hash, payload)
        const record = table.find(view)
        expect(record !== NO_RECORD).toBe(known)
        expect(table.findKey(hash, padded(key), 0, key.length)).toBe(record)
        if (kind === 'insert' && !known) {
          const valueBytes = payload.length + VALUE_HEAD_WORDS * 4
          table.insertKey(hash, padded(key), 0, key.length, valueBytes)
          const fresh = { payload: new Uint8Array(payload.length), version: 0, checksum: 0 }
          if (model.size < CAPACITY) model.set(name, fresh)
        } else if (kind === 'update' && known) {
          table.replaceValue(record, view)
          table.setHead(record, version, ~version)
          model.set(name, { payload: kept(payload, name), version, checksum: ~version })
        } else if (kind === 'exchange' && known) {
          table.exchangeValue(record, view)
          exchanged.push([replyPayload(view, key.length), model.get(name)!.payload])
          table.setHead(record, version, ~version)
          model.set(name, { payload: kept(payload, name), version, checksum: ~version })
        }
        fillSlot(view, key, hash)
        expect(storedIn(table, view, key.length)).toEqual(model.get(name))
      }
      for (const [name, stored] of model) {
        const key = Uint8Array.from(name.split(',').map(Number))
        fillSlot(view, key, hashOf(key))
        table.fetch(view, Int32Array.of(1, 1), 0, 2)
        expect(storedIn(table, view, key.length)).toEqual(stored)
      }
      expect(exchanged.map(([replied]) => replied)).toEqual(exchanged.map(([, stored]) => stored))
    }),
  )
})

test('a full table refuses further records and keeps those it has', () => {
  const table = new HashTable(createHashTable(2, 4, 8))
  const insert = (key: number) => table.insertKey(key, Int32Array.of(key), 0, 4, 8)
  const handles = [insert(1), insert(2)]
  expect([insert(3), insert(4)]).toEqual([NO_RECORD, NO_RECORD])
  expect([1, 2, 3].map((key) => table.findKey(key, Int32Array.of(key), 0, 4))).toEqual([
    ...handles,
    NO_RECORD,
  ])
})

test('a fitted table refuses what would not fit behind its records, and keeps room for what does', () => {
  const large = 8 + 64 * 4
  const table = new HashTable(createHashTable(3, 4, large, 1, [8, 8, 8]))
  const insert = (key: number, bytes: number) =>
    table.insertKey(key, Int32Array.of(key), 0, 4, bytes)
  expect([insert(1, large), insert(2, 8), insert(3, large)].map((record) => record > 0)).toEqual([
    false,
    true,
    false,
  ])
  expect([insert(4, 8), insert(5, 8), insert(6, 8)].map((record) => record > 0)).toEqual([
    true,
    true,
    false,
  ])
})

test.each([128, 2 ** 15])('more records of %i bytes than offsets reach are refused', (bytes) => {
  expect(() => createHashTable(2 ** 33 / bytes, 16, bytes)).toThrow(
    /^a table of [\d,]+ records would take [\d,]+ MiB: more than can be had/,
  )
})

test('a key longer than the table was made for is refused', () => {
  const table = new HashTable(createHashTable(2, 8, 8))
  const key = Int32Array.of(1, 2, 3)
  expect(table.insertKey(7, key, 0, 9, 8)).toBe(NO_RECORD)
  expect(table.insertKey(7, key, 0, 8, 8)).not.toBe(NO_RECORD)
})

test('a payload longer than a record is cut and never reaches the neighbour', () => {
  const memory = createHashTable(2, LONGEST_KEY_BYTES, LONGEST_VALUE_BYTES)
  const table = new HashTable(memory)
  const view = createView()
  const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)]
  const record = table.insertKey(1, padded(first), 0, 1, 8)
  const neighbour = table.insertKey(2, padded(second), 0, 1, 8)
  const before = new Int32Array(memory.buffer).slice(neighbour)
  const payload = new Uint8Array(2 * LONGEST_PAYLOAD_BYTES).fill(0xee)
  fillSlot(view, first, 1, payload)
  table.replaceValue(record, view)
  expect(new Int32Array(memory.buffer).slice(neighbour)).toEqual(before)
  fillSlot(view, first, 1)
  table.copyValueTo(record, view)
  expect(view.get(SLOT_REPLY_BYTES)).toBeGreaterThanOrEqual(LONGEST_PAYLOAD_BYTES)
  expect(replyPayload(view, 1).every((byte) => byte === 0xee)).toBe(true)
})

test('fetching ahead changes nothing, whether the keys are there or not and however many there are', () => {
  const memory = createHashTable(2, LONGEST_KEY_BYTES, LONGEST_VALUE_BYTES)
  const table = new HashTable(memory)
  table.insertKey(1, padded(Uint8Array.of(1)), 0, 1, 8)
  const before = new Int32Array(memory.buffer).slice()
  const view = createView()
  for (const key of [1, 2]) {
    fillSlot(view, Uint8Array.of(key), key)
    for (const count of [0, 1, 64, 65, 200])
      table.fetch(view, new Int32Array(count + 3).fill(1), 3, 3 + count)
  }
  expect(new Int32Array(memory.buffer)).toEqual(before)
})

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

test('buckets are a power of two, four per record, and not fewer than the stripes of the lock', () => {
  const leasts = fc.integer({ min: 1, max: 4_096 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), leasts, (capacity, leastBuckets) => {
      const { buckets } = createHashTable(capacity, 16, 8, leastBuckets)
      expect(isPowerOfTwo(buckets)).toBe(true)
      expect(buckets).toBeGreaterThanOrEqual(Math.max(4 * capacity, leastBuckets))
    }),
    { numRuns: 30 },
  )
})
