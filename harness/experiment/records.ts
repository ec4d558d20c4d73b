import { shardOf, valueChecksum } from '../base/hash.ts'
import { NO_RECORD, type Totals, UPDATE_OPERATION, type Workload } from '../contract/scenario.ts'
import { TOTAL_NAMES } from '../measure/recorder-layout.ts'
import type { PlaybackMemory } from '../ports/replay/playback.ts'
import { HashTable } from '../shared-memory/hash-table.ts'
import { createHashTable, type HashTableMemory } from '../shared-memory/hash-table-layout.ts'
import { KEY_BYTES, KEY_WORDS, type KeySpace } from '../workload/keys.ts'
import { keyOf, operationOf, type PortTrace } from '../workload/trace-layout.ts'

/** Tables filled with every record at version 0: one for all, or one per shard with its own keys. */
export function createTables(
  workload: Workload,
  keySpace: KeySpace,
  shardCount: number,
  leastBuckets: number,
): HashTableMemory[] {
  const perShard = new Int32Array(shardCount)
  for (const hash of keySpace.hashes) perShard[shardOf(hash, shardCount)]!++
  const memories = Array.from(perShard, (count) =>
    createHashTable(Math.max(count, 1), KEY_BYTES, workload.valueBytes, leastBuckets),
  )
  const tables = memories.map((memory) => new HashTable(memory))
  for (let key = 0; key < keySpace.count; key++) {
    const hash = keySpace.hashes[key]!
    const table = tables[shardOf(hash, shardCount)]!
    const record = table.insert(
      hash,
      keySpace.words,
      key * KEY_WORDS,
      KEY_BYTES,
      workload.valueBytes,
    )
    table.setHead(record, 0, valueChecksum(hash, 0))
  }
  return memories
}

/** What was answered of one port's requests in one phase, by position in its trace. */
export interface PlayedAnswers {
  readonly trace: PortTrace
  /** Requests taken from the trace one after the other, over all its cycles. */
  readonly played: number
  /** The version in the latest reply. */
  readonly versions: Int32Array
  /** How often the request was refused instead of executed. */
  readonly refusals: Int32Array
  /** How often it was answered, where requests were not taken one after the other; `played` counts nothing then. */
  readonly answered?: Int32Array | undefined
  /** How often its answer was not waited for: it may or may not have been executed. */
  readonly uncertain?: Int32Array | undefined
}

/** What a replay port remembers of one phase. */
export function answersOf({
  trace,
  answers,
  recorder,
}: Pick<PlaybackMemory, 'trace' | 'answers' | 'recorder'>): PlayedAnswers {
  return { trace, ...answers, played: recorder.totals[TOTAL_NAMES.indexOf('played')]! }
}

/**
 * What was answered and what the tables hold, for the scenario's check after the drain.
 * Of an update whose answer was not waited for, the table tells whether it was executed.
 * @param answers of every port and phase.
 */
export function collectTotals(
  keySpace: KeySpace,
  memories: readonly HashTableMemory[],
  answers: readonly PlayedAnswers[],
): Totals {
  const updates = new Float64Array(keySpace.count)
  const uncertain = new Float64Array(keySpace.count)
  const largest = new Int32Array(keySpace.count)
  for (const part of answers) {
    const { trace, played, versions, refusals } = part
    const cycles = Math.floor(played / trace.count)
    const rest = played - cycles * trace.count
    for (let position = 0; position < trace.count; position++) {
      const request = trace.requests[position]!
      const key = keyOf(request)
      largest[key] = Math.max(largest[key]!, versions[position]!)
      if (operationOf(request) !== UPDATE_OPERATION) continue
      // Every request that was played and not refused was answered once, with success: the port saw to that.
      updates[key]! += part.answered
        ? part.answered[position]!
        : cycles + (position < rest ? 1 : 0) - refusals[position]!
      uncertain[key]! += part.uncertain?.[position] ?? 0
    }
  }
  const tables = memories.map((memory) => new HashTable(memory))
  const find = (key: number) => {
    const hash = keySpace.hashes[key]!
    const table = tables[shardOf(hash, tables.length)]!
    return { table, record: table.findKey(hash, keySpace.words, key * KEY_WORDS, KEY_BYTES) }
  }
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
      return record === NO_RECORD ? -1 : table.version(record)
    },
    finalChecksum: (key) => {
      const { table, record } = find(key)
      return record === NO_RECORD ? 0 : table.checksum(record)
    },
    expectedChecksum: (key, version) => valueChecksum(keySpace.hashes[key]!, version),
  }
}
