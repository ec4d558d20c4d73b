import { ThreadClock } from '../../harness/base/clock.ts'
import { NO_RECORD, type RecordHandle } from '../../harness/contract/request.ts'
import { attachRecordGuard, type KeyedLockMemory } from '../../harness/shared-memory/keyed-lock.ts'
import { type HashTableMemory } from '../../harness/shared-memory/hash-table-layout.ts'
import { HashTable } from '../../harness/shared-memory/hash-table.ts'
import {
  createRequestSlab,
  SLOT_HASH,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_REPLY_BYTES,
  SLOT_VALUE_BYTES,
} from '../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../harness/shared-memory/request-view.ts'
import type { SecondCheck } from '../../harness/shared-memory/sequence-lock.ts'
import { answer, dataOfThread, dawdle, waitForOthers } from './start-line.ts'
import { attachThreadParts, type ThreadPartsMemory } from './thread-parts.ts'

/** A thread that writes values whose words must all agree, or reads them and looks whether they do. */
export interface RecordThread {
  readonly role: 'write' | 'insert' | 'read'
  readonly check: SecondCheck
  readonly table: HashTableMemory
  readonly locks: KeyedLockMemory
  readonly valueBytes: number
  /** Keys 0 … `written` − 1 are there from the start and written; behind them as many are inserted as there is room for. */
  readonly written: number
  readonly inserted: number
  /** Word 0: threads that write or insert and have not ended. Word 1: keys that are inserted. */
  readonly progress: Int32Array
  readonly parts: ThreadPartsMemory
  readonly thread: number
  readonly originNs: bigint
  readonly rounds: number
}

export interface RecordAnswer {
  readonly reads: number
  /** Records of which some words are of one version and some of another. */
  readonly torn: number
  /** Records that were not found though they are there, or found though they are not, or older than one seen before. */
  readonly stale: number
  readonly retries: number
  readonly lost: number
}

const WRITERS = 0
const INSERTED = 1
const KEY_BYTES = 4
const VALUE_WORD = SLOT_KEY + 2
const HEAD_BYTES = 8

const own = dataOfThread<RecordThread>()
const { progress, rounds, valueBytes, written } = own
const { counters } = attachThreadParts(own.parts, own.thread)
const clock = new ThreadClock(own.originNs)
const guard = attachRecordGuard(own.locks, own.table, clock, counters.locks, own.check)
const table = new HashTable(own.table)
const view = new RequestView(createRequestSlab(1, KEY_BYTES, valueBytes))
view.at(0)

/** All keys are in one stripe, and chained in two buckets. */
function pointAt(key: number): number {
  const hash = (key & 1) * own.locks.stripes
  view.set(SLOT_KEY_BYTES, KEY_BYTES)
  view.set(SLOT_HASH, hash)
  view.set(SLOT_KEY, key + 1)
  return hash
}

/** Lengths differ from version to version, too. */
function payloadBytesOf(version: number): number {
  return valueBytes - HEAD_BYTES - 4 * (version & 7)
}

function putVersion(record: RecordHandle, version: number, round: number): void {
  const bytes = payloadBytesOf(version)
  view.set(SLOT_VALUE_BYTES, bytes)
  for (let word = 0; word < bytes / 4; word++) view.set(VALUE_WORD + word, version)
  if (round % 2 === 0) table.replaceValue(record, view)
  dawdle(round)
  table.setHead(record, version, ~version)
  if (round % 2 !== 0) table.replaceValue(record, view)
}

function write(): void {
  for (let round = 0; round < rounds; round++) {
    const hash = pointAt(round % written)
    guard.lock(hash, true)
    const record = table.find(view)
    putVersion(record, table.version(record) + 1, round)
    guard.unlock(hash, true)
  }
}

function insert(): void {
  for (let round = 0; round < own.inserted; round++) {
    const key = written + round
    const hash = pointAt(key)
    view.set(SLOT_VALUE_BYTES, valueBytes - HEAD_BYTES)
    guard.lock(hash, true)
    putVersion(table.insert(view), key, round)
    guard.unlock(hash, true)
    Atomics.store(progress, INSERTED, round + 1)
    for (let pauses = 0; pauses < 20; pauses++) dawdle(round)
  }
}

const payload = new Int32Array(valueBytes / 4)
const seen = new Int32Array(written)

/** Whether the record that was found is of one version in all its words. */
function isWhole(record: RecordHandle, round: number): boolean {
  const records = guard.snapshots!
  const version = records.version(record)
  if (records.checksum(record) !== ~version) return false
  let words = 0
  if (round % 2 === 0) words = records.readValue(record, payload)
  else {
    records.copyValueTo(record, view)
    words = view.get(SLOT_REPLY_BYTES) / 4
    for (let word = 0; word < words; word++) payload[word] = view.get(VALUE_WORD + word)
  }
  if (words * 4 !== payloadBytesOf(version)) return false
  for (let word = 0; word < words; word++) if (payload[word] !== version) return false
  return true
}

function readWritten(key: number, round: number): 'right' | 'torn' | 'stale' {
  pointAt(key)
  const record = guard.snapshots!.find(view)
  if (record === NO_RECORD) return 'stale'
  if (!isWhole(record, round)) return 'torn'
  const version = guard.snapshots!.version(record)
  if (version < seen[key]!) return 'stale'
  seen[key] = version
  return 'right'
}

function readInserted(round: number): 'right' | 'torn' | 'stale' {
  const there = Atomics.load(progress, INSERTED)
  const key = written + (round % (there + 2))
  pointAt(key)
  const record = guard.snapshots!.find(view)
  if (record === NO_RECORD) return key < written + there ? 'stale' : 'right'
  if (!isWhole(record, round)) return 'torn'
  return guard.snapshots!.version(record) === key ? 'right' : 'stale'
}

function read() {
  const outcomes = { right: 0, torn: 0, stale: 0 }
  for (let round = 0; Atomics.load(progress, WRITERS) > 0; round++) {
    const outcome =
      round % 4 === 0 && own.inserted > 0
        ? readInserted(round >> 2)
        : readWritten(round % written, round)
    outcomes[outcome]++
  }
  return outcomes
}

waitForOthers()
let outcomes = { right: 0, torn: 0, stale: 0 }
if (own.role === 'read') outcomes = read()
else {
  if (own.role === 'write') write()
  else insert()
  Atomics.sub(progress, WRITERS, 1)
}
const { readRetries, lostLockWakeUps } = counters.read()
answer({
  reads: outcomes.right + outcomes.torn + outcomes.stale,
  torn: outcomes.torn,
  stale: outcomes.stale,
  retries: readRetries,
  lost: lostLockWakeUps,
} satisfies RecordAnswer)
