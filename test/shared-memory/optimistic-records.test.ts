import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { NO_RECORD } from '../../harness/contract/request.ts'
import {
  createHashTable,
  RECORD_NEXT,
  TABLE_BUCKETS_WORD,
} from '../../harness/shared-memory/hash-table-layout.ts'
import { HashTable } from '../../harness/shared-memory/hash-table.ts'
import { attachRecordGuard, createKeyedLock } from '../../harness/shared-memory/keyed-lock.ts'
import {
  createRequestSlab,
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_REPLY_BYTES,
  SLOT_VALUE_BYTES,
} from '../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../harness/shared-memory/request-view.ts'
import { SEQUENCE_VERSION_STEP } from '../../harness/shared-memory/sequence-lock.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'
import { oneThread } from './thread-parts.ts'

afterEach(() => vi.restoreAllMocks())

const STRIPES = 4
const VALUE_BYTES = 40
const HEAD_BYTES = 8
const VALUE_WORD = SLOT_KEY + 2

/** A table that one thread reads without a lock while others, played by the test, write it. */
function createReader() {
  const memory = createHashTable(30, 4, VALUE_BYTES, STRIPES)
  const locks = createKeyedLock('optimistic', STRIPES)
  const { counters } = oneThread()
  const clock = new ManualClock()
  const guard = attachRecordGuard(locks, memory, clock, counters.locks)
  const other = attachRecordGuard(locks, memory, clock, oneThread().counters.locks)
  const table = new HashTable(memory)
  const view = new RequestView(createRequestSlab(1, 4, VALUE_BYTES))
  view.at(0)
  const pointAt = (key: number, hash = key) => {
    view.set(SLOT_KEY_BYTES, 4)
    view.set(SLOT_HASH, hash)
    view.set(SLOT_KEY, key)
  }
  /** What another thread does: puts or replaces a value, all of whose words are the version. */
  const write = (key: number, version: number, hash = key, words = 8) => {
    other.lock(hash, true)
    const there = table.findKey(hash, Int32Array.of(key), 0, 4)
    const valueBytes = words * 4 + HEAD_BYTES
    const record =
      there === NO_RECORD ? table.insertKey(hash, Int32Array.of(key), 0, 4, valueBytes) : there
    const request = new RequestView(createRequestSlab(1, 4, VALUE_BYTES))
    request.at(0)
    request.set(SLOT_KEY_BYTES, 4)
    request.set(SLOT_VALUE_BYTES, words * 4)
    for (let word = 0; word < words; word++) request.set(VALUE_WORD + word, version)
    table.replaceValue(record, request)
    table.setHead(record, version, ~version)
    other.unlock(hash, true)
  }
  /** What a stage sees of a key: version, checksum, value. */
  const read = (key: number, hash = key) => {
    pointAt(key, hash)
    const records = guard.snapshots!
    const record = records.find(view)
    if (record === NO_RECORD) return null
    const value = new Int32Array(16)
    const words = records.readValue(record, value)
    records.copyValueTo(record, view)
    const replied = Array.from({ length: view.get(SLOT_REPLY_BYTES) / 4 }, (_, word) =>
      view.get(VALUE_WORD + word),
    )
    expect([...value.subarray(0, words)]).toEqual(replied)
    expect(records.checksum(record)).toBe(~records.version(record))
    return { version: records.version(record), value: replied }
  }
  const words = new Int32Array(locks.buffer)
  return { memory, words, counters, clock, guard, other, view, pointAt, write, read }
}

/** What the value of a version is. */
function whole(version: number, words = 8) {
  return { version, value: Array<number>(words).fill(version) }
}

/** Between a reader's look at a stripe's word and its copying, something happens, each time another one of these. */
function afterEachLook(...acts: (() => void)[]): void {
  const load = Atomics.load.bind(Atomics)
  let isActing = false
  vi.spyOn(Atomics, 'load').mockImplementation(((words: Int32Array, at: number) => {
    const value = load(words, at)
    if (isActing) return value
    isActing = true
    acts.shift()?.()
    isActing = false
    return value
  }) as typeof Atomics.load)
}

test('what is read is what the table holds, and takes no lock', () => {
  const writes = fc.array(
    fc.record({ key: fc.integer({ min: 1, max: 9 }), version: fc.integer(), words: fc.nat(8) }),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(writes, fc.constantFrom(0, 1, 15), (steps, hashMask) => {
      const { counters, write, read } = createReader()
      const model = new Map<number, ReturnType<typeof whole>>()
      for (const { key, version, words } of steps) {
        write(key, version, key & hashMask, words)
        model.set(key, whole(version, words))
        for (let any = 1; any <= 9; any++)
          expect(read(any, any & hashMask)).toEqual(model.get(any) ?? null)
      }
      expect(counters.read()).toMatchObject({ lockAcquisitions: 0, readRetries: 0, lockWaitNs: 0 })
    }),
    { numRuns: 50 },
  )
})

test('a record that is written while it is copied is copied again, and both are counted', () => {
  const { counters, write, read } = createReader()
  write(1, 7)
  // The second look of the first try comes after the second act.
  afterEachLook(() => write(1, 8))
  expect(read(1)).toEqual(whole(8))
  expect(counters.read()).toMatchObject({ readRetries: 1, lockAcquisitions: 0 })
})

test('so is one that is inserted while it is looked for', () => {
  const { counters, write, read } = createReader()
  // One of another stripe does not matter.
  afterEachLook(() => write(2, 3))
  expect(read(1)).toBeNull()
  vi.restoreAllMocks()
  afterEachLook(() => write(1, 8))
  expect(read(1)).toEqual(whole(8))
  expect(counters.read().readRetries).toBe(1)
})

test('the time that a read is tried again is time waited for a lock, without an acquisition', () => {
  const { counters, clock, write, read } = createReader()
  write(1, 7)
  afterEachLook(
    () => write(1, 8),
    () => {},
    () => {
      clock.advance(300)
      write(1, 9)
    },
  )
  expect(read(1)).toEqual(whole(9))
  expect(counters.read()).toMatchObject({
    readRetries: 2,
    lockWaitNs: 300,
    lockAcquisitions: 0,
    contendedLockAcquisitions: 0,
  })
})

test('a record that changes again and again is read under the lock, which leaves its version', () => {
  const { words, counters, guard, write, read } = createReader()
  write(0, 1)
  let version = 1
  const act = () => {
    // Under the lock nobody writes.
    if (counters.read().lockAcquisitions === 0) write(0, ++version)
  }
  afterEachLook(...Array.from({ length: 100 }, () => act))
  expect(read(0)).toEqual(whole(version))
  expect(counters.read()).toMatchObject({ readRetries: 8, lockAcquisitions: 1 })
  vi.restoreAllMocks()
  // One step for each write, none for the read.
  expect(words[0]).toBe(version * SEQUENCE_VERSION_STEP)
  expect(guard.snapshots!.version(0)).toBe(version)
})

test('a reader that meets a writer at work waits, and then takes the lock', () => {
  const { counters, other, write, read } = createReader()
  write(1, 7)
  other.lock(1, true)
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    other.unlock(1, true)
    return 'ok'
  })
  expect(read(1)).toEqual(whole(7))
  expect(wait).toHaveBeenCalledTimes(1)
  expect(counters.read()).toMatchObject({
    readRetries: 1,
    lockAcquisitions: 1,
    contendedLockAcquisitions: 1,
  })
})

test('a writer that ends while a reader looks leaves it without a lock', () => {
  const { counters, other, write, read } = createReader()
  write(1, 7)
  other.lock(1, true)
  let pauses = 0
  vi.spyOn(Atomics, 'pause').mockImplementation(() => {
    if (++pauses === 5) other.unlock(1, true)
  })
  expect(read(1)).toEqual(whole(7))
  expect(pauses).toBe(5)
  expect(counters.read()).toMatchObject({ readRetries: 1, lockAcquisitions: 0 })
})

test('a record that was found stays what it was, whoever writes it', () => {
  const { guard, view, pointAt, write } = createReader()
  write(1, 7)
  pointAt(1)
  const records = guard.snapshots!
  const record = records.find(view)
  write(1, 8)
  const value = new Int32Array(8)
  records.readValue(record, value)
  expect([records.version(record), ...value]).toEqual(Array(9).fill(7))
})

test.each(['insert', 'replaceValue', 'exchangeValue', 'setHead'] as const)(
  '%s is refused to a request that reads',
  (method) => {
    const { guard, view } = createReader()
    const call = guard.snapshots![method].bind(guard.snapshots) as (...values: unknown[]) => void
    expect(caughtFailure(() => call(view, view))).toMatchObject({ code: 'undeclared-access' })
  },
)

test('every link leads to a record that was inserted earlier, so that every way through them ends', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 30 }), (hashes) => {
      const { memory, write } = createReader()
      hashes.forEach((hash, index) => write(index + 1, 1, hash))
      const words = new Int32Array(memory.buffer)
      const first = TABLE_BUCKETS_WORD + memory.buckets
      for (let index = 0; index < hashes.length; index++) {
        const record = first + index * memory.recordWords
        const next = words[record + RECORD_NEXT]!
        expect(next === 0 || (next >= first && next < record)).toBe(true)
        expect(next === 0 || (next - first) % memory.recordWords === 0).toBe(true)
      }
    }),
    { numRuns: 50 },
  )
})
