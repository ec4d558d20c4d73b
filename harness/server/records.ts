import { usageError } from '../base/errors.ts'
import { shardOf, valueChecksum } from '../base/hash.ts'
import { formatWhole } from '../base/text.ts'
import { BYTES_PER_MEBIBYTE, BYTES_PER_WORD } from '../base/units.ts'
import { NO_RECORD } from '../contract/request.ts'
import type { Totals } from '../contract/scenario.ts'
import type { Workload } from '../contract/workload.ts'
import {
  createHashTable,
  type HashTableMemory,
  headWordsFor,
  MOST_TABLE_WORDS,
  recordWordsFor,
} from '../shared-memory/hash-table-layout.ts'
import { HashTable } from '../shared-memory/hash-table.ts'
import { keyBytesAt, type KeySpace, type SizeTables } from '../workload/keys.ts'
import { knownRecords, payloadBytesAt, VALUE_HEAD_BYTES } from '../workload/known-records.ts'
import { isWrite } from '../workload/operations.ts'
import { keyOf, legKey, operationOf, type PortTrace } from '../workload/trace-layout.ts'

/**
 * Tables with every record at version 0: one for all, or one per shard with its own keys. They have room for the keys that
 * are only inserted, too.
 */
export function createTables(
  workload: Workload,
  keySpace: KeySpace,
  shardCount: number,
  leastBuckets: number,
): HashTableMemory[] {
  const records = knownRecords(workload, keySpace)
  const perShard = new Int32Array(shardCount)
  for (const hash of keySpace.hashes) perShard[shardOf(hash, shardCount)]!++
  const { longestKeyBytes } = records
  const longestValueBytes = records.longestPayloadBytes + VALUE_HEAD_BYTES
  const valueBytesOf = (key: number) => payloadBytesAt(records, key) + VALUE_HEAD_BYTES
  function* fitted(shard: number): Generator<number> {
    for (let key = 0; key < keySpace.count; key++)
      if (shardOf(keySpace.hashes[key]!, shardCount) === shard) yield valueBytesOf(key)
  }
  const memories = Array.from(perShard, (count, shard) =>
    createHashTable(
      Math.max(count, 1),
      longestKeyBytes,
      longestValueBytes,
      leastBuckets,
      isFitted(workload, records) ? fitted(shard) : null,
    ),
  )
  const tables = memories.map((memory) => new HashTable(memory))
  for (let key = 0; key < keySpace.recordCount; key++) {
    const hash = keySpace.hashes[key]!
    const table = tables[shardOf(hash, shardCount)]!
    const record = table.insertKey(
      hash,
      keySpace.words,
      key * keySpace.keyWords,
      keyBytesAt(keySpace, key),
      valueBytesOf(key),
    )
    table.setHead(record, 0, valueChecksum(hash, 0))
  }
  return memories
}

/** Sizes that the workload does not draw are a log's: there each key keeps its own, and a record needs no room for more. */
function isFitted({ valueSizes }: Workload, { payloadBytes }: SizeTables): boolean {
  return valueSizes === undefined && payloadBytes.length > 0
}

/** Each server keeps its tables as they were at first, too, to begin anew. */
const COPIES = 2

/**
 * Refuses records that offsets do not reach or the machine has no memory for, before anything is measured.
 * @param servers that hold them at the same time. @param availableBytes @default what this process may still have
 * @throws CrossoverError of kind `usage` that says how much they would take.
 */
export function checkRecordMemory(
  workload: Workload,
  keySpace: KeySpace,
  servers: number,
  availableBytes: number = process.availableMemory(),
): void {
  const records = knownRecords(workload, keySpace)
  const longest = records.longestPayloadBytes + VALUE_HEAD_BYTES
  let words = headWordsFor(keySpace.count, 1)
  if (isFitted(workload, records))
    for (let key = 0; key < keySpace.count; key++)
      words += recordWordsFor(
        records.longestKeyBytes,
        payloadBytesAt(records, key) + VALUE_HEAD_BYTES,
      )
  else words += keySpace.count * recordWordsFor(records.longestKeyBytes, longest)
  const bytes = words * BYTES_PER_WORD
  const mebibytes = (size: number) => formatWhole(Math.ceil(size / BYTES_PER_MEBIBYTE))
  const needed = bytes * COPIES * servers
  const isBeyond = words > MOST_TABLE_WORDS
  if (!isBeyond && needed <= availableBytes) return
  throw usageError(
    'memory',
    `${formatWhole(keySpace.count)} records take ${mebibytes(bytes)} MiB, ${isBeyond ? `and a table has at most ${mebibytes(MOST_TABLE_WORDS * BYTES_PER_WORD)}` : `those of ${servers} servers ${mebibytes(needed)}, and ${mebibytes(availableBytes)} are available`}`,
    'take fewer records or smaller values (of a log: fewer keys), or compare fewer arms',
  )
}

/** What was answered of one port's requests in one phase, by position in its trace. */
export interface PlayedAnswers {
  readonly trace: PortTrace
  /** Requests taken from the trace one after the other, over all its cycles. */
  readonly played: number
  /** The version in the latest reply. */
  readonly versions: Int32Array
  /** How often the request was not executed: refused, or a write whose record was not inserted yet. */
  readonly refusals: Int32Array
  /** The largest version that was said of a leg's key, by key index; empty where requests have no legs. */
  readonly legVersions?: Int32Array | undefined
  /** How often it was answered, where requests were not taken one after the other; `played` counts nothing then. */
  readonly answered?: Int32Array | undefined
  /** How often its answer was not waited for: it may or may not have been executed. */
  readonly uncertain?: Int32Array | undefined
}

/**
 * What was answered and what the tables hold, for the scenario's check after the drain. A record that was never inserted
 * counts as one of version 0. Of an update whose answer was not waited for, the table tells whether it was executed.
 * @param answers of every port and phase.
 */
export function collectTotals(
  keySpace: KeySpace,
  memories: readonly HashTableMemory[],
  answers: readonly PlayedAnswers[],
): Totals {
  const sums: AnswerSums = {
    updates: new Float64Array(keySpace.count),
    uncertain: new Float64Array(keySpace.count),
    largest: new Int32Array(keySpace.count),
  }
  for (const part of answers) addAnswers(sums, part, keySpace.recordCount)
  const { updates, uncertain, largest } = sums
  const tables = memories.map((memory) => new HashTable(memory))
  const find = (key: number) => {
    const hash = keySpace.hashes[key]!
    const table = tables[shardOf(hash, tables.length)]!
    const at = key * keySpace.keyWords
    return { table, record: table.findKey(hash, keySpace.words, at, keyBytesAt(keySpace, key)) }
  }
  const expectedChecksum = (key: number, version: number) =>
    valueChecksum(keySpace.hashes[key]!, version)
  const neverInserted = (key: number) => key >= keySpace.recordCount
  return {
    recordCount: keySpace.count,
    answeredUpdates: (key) => {
      const { table, record } = find(key)
      const executed = record === NO_RECORD ? 0 : table.version(record)
      const least = updates[key]!
      return Math.min(Math.max(executed, least), least + uncertain[key]!)
    },
    largestVersion: (key) => largest[key]!,
    finalVersion: (key) => {
      const { table, record } = find(key)
      if (record !== NO_RECORD) return table.version(record)
      return neverInserted(key) ? 0 : -1
    },
    finalChecksum: (key) => {
      const { table, record } = find(key)
      if (record !== NO_RECORD) return table.checksum(record)
      return neverInserted(key) ? expectedChecksum(key, 0) : 0
    },
    expectedChecksum,
  }
}

/** By key index. */
interface AnswerSums {
  readonly updates: Float64Array
  readonly uncertain: Float64Array
  readonly largest: Int32Array
}

/** Adds what one port was answered in one phase. A key that comes twice in a request counts twice. */
function addAnswers(sums: AnswerSums, part: PlayedAnswers, recordCount: number): void {
  const { updates, uncertain, largest } = sums
  const { trace, played, versions, refusals, legVersions = NONE, answered, uncertain: open } = part
  const { requests, count, spread, legs } = trace
  const cycles = Math.floor(played / count)
  const rest = played - cycles * count
  for (let position = 0; position < count; position++) {
    const request = requests[position]!
    const first = keyOf(request)
    const version = versions[position]!
    if (version > largest[first]!) largest[first] = version
    if (!isWrite(operationOf(request))) continue
    // Every request that was played and not refused was answered once, with success: the port saw to that.
    let executed = cycles + (position < rest ? 1 : 0) - refusals[position]!
    if (answered !== undefined) executed = answered[position]!
    const perhaps = open === undefined ? 0 : open[position]!
    updates[first]! += executed
    uncertain[first]! += perhaps
    if (spread === null) continue
    for (let leg = 1; leg < legs[position]!; leg++) {
      const key = legKey(spread, first, leg, recordCount)
      updates[key]! += executed
      uncertain[key]! += perhaps
    }
  }
  for (let key = 0; key < legVersions.length; key++)
    if (legVersions[key]! > largest[key]!) largest[key] = legVersions[key]!
}

const NONE = new Int32Array(0)
