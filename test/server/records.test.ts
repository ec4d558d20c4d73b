import { expect, test } from 'vitest'
import { shardOf, valueChecksum } from '../../harness/base/hash.ts'
import { UPDATE_OPERATION } from '../../harness/contract/request.ts'
import { collectTotals, createTables } from '../../harness/server/records.ts'
import { HashTable } from '../../harness/shared-memory/hash-table.ts'
import { eachAnswerRight } from '../../harness/workload/handlers.ts'
import { KEY_BYTES, KEY_WORDS } from '../../harness/workload/keys.ts'
import { keyOf, operationOf } from '../../harness/workload/trace-layout.ts'
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
