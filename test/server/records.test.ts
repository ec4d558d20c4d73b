import { expect, test } from 'vitest'
import { shardOf, valueChecksum } from '../../harness/base/hash.ts'
import { UPDATE_OPERATION } from '../../harness/contract/request.ts'
import { checkRecordMemory, collectTotals, createTables } from '../../harness/server/records.ts'
import { HashTable } from '../../harness/shared-memory/hash-table.ts'
import {
  createRequestSlab,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_REPLY_BYTES,
  SLOT_VALUE_BYTES,
} from '../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../harness/shared-memory/request-view.ts'
import { eachAnswerRight } from '../../harness/workload/handlers.ts'
import { KEY_BYTES, KEY_WORDS, SAME_SIZES } from '../../harness/workload/keys.ts'
import { keySpaceOf } from '../../harness/workload/known-records.ts'
import { keyOf, operationOf } from '../../harness/workload/trace-layout.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'
import { createBench, GAP_NS } from '../ports/replay/bench.ts'

const KEYS = 100
const EIGHT = Array.from({ length: 8 }, (_, key) => key)

test.each([1, 2, 3])(
  '%i tables hold every key once, at version 0, where its hash says',
  (shards) => {
    const { workload, keySpace } = createBench({ keys: KEYS })
    const tables = createTables(workload, keySpace, shards, 1).map(
      (memory) => new HashTable(memory),
    )
    for (let key = 0; key < KEYS; key++) {
      const hash = keySpace.hashes[key]!
      const handles = tables.map((table) =>
        table.findKey(hash, keySpace.words, key * KEY_WORDS, KEY_BYTES),
      )
      const owner = shardOf(hash, shards)
      expect(handles.map((handle) => handle >= 0)).toEqual(tables.map((_, at) => at === owner))
      expect(tables[owner]!.version(handles[owner]!)).toBe(0)
      expect(tables[owner]!.checksum(handles[owner]!)).toBe(valueChecksum(hash, 0))
    }
  },
)

test('a table has at least as many buckets as the lock has stripes', () => {
  const { workload, keySpace } = createBench({ keys: 2 })
  expect(createTables(workload, keySpace, 1, 1_024)[0]!.buckets).toBe(1_024)
})

/** A port that has answered everything due within so many gaps, some of it refused, in a table that it did not touch. */
function answered(gaps: number, deadlineNs = 0) {
  const bench = createBench({ keys: 8, cycle: 16, permits: 4, deadlineNs })
  const tables = createTables(bench.workload, bench.keySpace, 1, 1)
  bench.startSteady(gaps)
  bench.clock.advance(gaps * GAP_NS)
  while (bench.total('finished') === 0) {
    const slots = bench.receive()
    bench.serve(slots, 5)
    bench.reply(slots)
  }
  bench.ports[0]!.publish()
  return {
    bench,
    tables,
    totals: () => collectTotals(bench.keySpace, tables, bench.answers()),
  }
}

/** Updates per key among the requests at these places of the trace, which repeats. */
function updatesAt(bench: ReturnType<typeof createBench>, positions: Iterable<number>): number[] {
  const part = bench.trace.ports[0]!
  const updates = EIGHT.map(() => 0)
  for (const position of positions) {
    const request = part.requests[position % part.count]!
    if (operationOf(request) === UPDATE_OPERATION) updates[keyOf(request)]!++
  }
  return updates
}

test.each([1, 10, 16, 40, 48])(
  'updates among %i answered requests are counted, cycle after cycle',
  (gaps) => {
    const { bench, totals } = answered(gaps)
    const found = totals()
    const expected = updatesAt(bench, Array.from({ length: gaps }).keys())
    expect(EIGHT.map((key) => found.answeredUpdates(key))).toEqual(expected)
  },
)

test('refused updates are not counted', () => {
  const { bench, totals } = answered(40, 10 * GAP_NS)
  // Due before 30 when the port first looked at 40: all of those are refused.
  const expected = updatesAt(
    bench,
    Array.from({ length: 10 }, (_, index) => 30 + index),
  )
  expect(bench.total('refused')).toBe(30)
  expect(EIGHT.map((key) => totals().answeredUpdates(key))).toEqual(expected)
})

test('versions come from replies and from the tables', () => {
  const { bench, tables, totals } = answered(16)
  const seen = new Set(Array.from(bench.trace.ports[0]!.requests, keyOf))
  expect(EIGHT.map((key) => totals().largestVersion(key))).toEqual(
    EIGHT.map((key) => (seen.has(key) ? 5 : 0)),
  )
  const hash = bench.keySpace.hashes[3]!
  const table = new HashTable(tables[0]!)
  const record = table.findKey(hash, bench.keySpace.words, 3 * KEY_WORDS, KEY_BYTES)
  table.setHead(record, 7, -1)
  const found = totals()
  expect([found.finalVersion(3), found.finalChecksum(3), found.finalVersion(4)]).toEqual([7, -1, 0])
  expect(found.expectedChecksum(3, 7)).toBe(valueChecksum(hash, 7))
  expect(found.recordCount).toBe(8)
})

test('an update that was answered and not done is found', () => {
  const { totals } = answered(16)
  expect(eachAnswerRight(totals())).toMatch(/^lost or doubled update: key=\d finalVersion=0 /)
})

/** Keys of a log with one value of 8,000 bytes, the others small. */
function logSpace(keys: number) {
  const payloadBytes = new Uint16Array(new SharedArrayBuffer(2 * keys)).fill(50)
  payloadBytes[keys >> 1] = 8_000
  const workload = {
    recordCount: keys,
    valueBytes: 8_008,
    operations: { read: 1, update: 1 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  } as const
  return { workload, payloadBytes, keySpace: keySpaceOf(workload, { ...SAME_SIZES, payloadBytes }) }
}

test.each([1, 2, 3])(
  'records of a log are as large as their own values, in %i tables',
  (shards) => {
    const { workload, keySpace, payloadBytes } = logSpace(1_000)
    const memories = createTables(workload, keySpace, shards, 1)
    const bytes = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
    // 128 bytes each, 16 to 32 of buckets, and the large one.
    expect(bytes).toBeLessThan(1_000 * 200 + 8_192)
    const slot = createRequestSlab(1, KEY_BYTES, 8_008, 0, 0)
    const view = new RequestView(slot)
    const tables = memories.map((memory) => new HashTable(memory))
    for (let key = 0; key < 1_000; key++) {
      const table = tables[shardOf(keySpace.hashes[key]!, shards)]!
      const at = key * KEY_WORDS
      const record = table.findKey(keySpace.hashes[key]!, keySpace.words, at, KEY_BYTES)
      expect(record).toBeGreaterThan(0)
      view.at(0)
      view.set(SLOT_KEY_BYTES, KEY_BYTES)
      table.copyValueTo(record, view)
      expect(view.words[view.base + SLOT_REPLY_BYTES]).toBe(payloadBytes[key])
      // A value that is larger than the key's own is cut, and no neighbour hurt.
      view.words[view.base + SLOT_VALUE_BYTES] = 8_000
      view.words.fill(-1, view.base + SLOT_KEY + 4, view.base + SLOT_KEY + 4 + 2_000)
      table.replaceValue(record, view)
      table.exchangeValue(record, view)
      expect(table.version(record)).toBe(0)
    }
    for (let key = 0; key < 1_000; key++) {
      const hash = keySpace.hashes[key]!
      const table = tables[shardOf(hash, shards)]!
      const record = table.findKey(hash, keySpace.words, key * KEY_WORDS, KEY_BYTES)
      expect(table.checksum(record)).toBe(valueChecksum(hash, 0))
    }
  },
)

test.each([
  [1_000, 3, 500_000, /^1,000 records take 1 MiB, those of 3 servers 1, and 1 are/],
  [50_000, 2, 20e6, /^50,000 records take 8 MiB, those of 2 servers 29, and 20 are/],
  [50_000, 4, 27e6, /those of 4 servers 57, and 26 are available/],
])('%i records of a log in %i servers of %i bytes are refused', (keys, servers, bytes, refusal) => {
  const { workload, keySpace } = logSpace(keys)
  const check = (available: number) => checkRecordMemory(workload, keySpace, servers, available)
  expect(caughtFailure(() => check(bytes)).message).toMatch(refusal)
  check(3 * bytes)
})

test('records beyond what offsets reach are refused, however much memory there is', () => {
  const { workload, keySpace } = logSpace(2)
  const many = { ...keySpace, count: 2 ** 25, ...SAME_SIZES }
  const failure = caughtFailure(() =>
    checkRecordMemory({ ...workload, valueBytes: 300 }, many, 1, 1e15),
  )
  expect(failure).toMatchObject({ kind: 'usage', code: 'memory' })
  expect(failure.message).toContain('a table has at most 8,192')
})
