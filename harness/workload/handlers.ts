import { valueChecksum } from '../base/hash.ts'
import {
  INSERT_OPERATION,
  NO_RECORD,
  READ_MODIFY_WRITE_OPERATION,
  READ_OPERATION,
  type RecordHandle,
  type Records,
  type Request,
  STATUS_CORRUPT,
  STATUS_NOT_FOUND,
  STATUS_OK,
} from '../contract/request.ts'
import type { Totals } from '../contract/scenario.ts'

/** Of a record that was just inserted. */
const FIRST_VERSION = 1

/**
 * The keyed stage of a key-value store, for `access: 'by-operation'`: reads the record of the request's key, or replaces
 * its value and increments its version, and replies; a read-modify-write also replies with the value that it replaces. An
 * insert puts the record if it is not there, at version 1, and is an update otherwise. What `eachAnswerRight` checks. As
 * `runKey`, too.
 */
export function readOrUpdate(request: Request, records: Records): void {
  const record = records.find(request)
  if (record === NO_RECORD) return insertOrMiss(request, records)
  const version = records.version(record)
  const checksum = records.checksum(record)
  if (checksum !== valueChecksum(request.hash, version)) {
    return request.reply(STATUS_CORRUPT, version, checksum)
  }
  if (request.operation === READ_OPERATION) {
    records.copyValueTo(record, request)
    return request.reply(STATUS_OK, version, checksum)
  }
  if (request.operation === READ_MODIFY_WRITE_OPERATION) records.exchangeValue(record, request)
  else records.replaceValue(record, request)
  finishWrite(request, records, record, (version + 1) | 0)
}

function insertOrMiss(request: Request, records: Records): void {
  if (request.operation !== INSERT_OPERATION) return request.reply(STATUS_NOT_FOUND, 0, 0)
  const record = records.insert(request)
  if (record === NO_RECORD) return request.reply(STATUS_NOT_FOUND, 0, 0)
  records.replaceValue(record, request)
  finishWrite(request, records, record, FIRST_VERSION)
}

function finishWrite(
  request: Request,
  records: Records,
  record: RecordHandle,
  version: number,
): void {
  const checksum = valueChecksum(request.hash, version)
  records.setHead(record, version, checksum)
  request.reply(STATUS_OK, version, checksum)
}

/**
 * The reply of a request that no record answers: version 0 and the checksum that its key has then, so that the client can
 * check it. Hashes the key, a few nanoseconds.
 */
export function acknowledge(request: Request): void {
  request.hashKey()
  request.reply(STATUS_OK, 0, valueChecksum(request.hash, 0))
}

/**
 * The check that suits every workload of reads and version-incrementing updates: after the drain each key's version is
 * the number of its answered updates, its checksum fits, and no reply carried a version that the key never reached.
 * Returns the first wrong answer as a sentence, or undefined.
 */
export function eachAnswerRight(totals: Totals): string | undefined {
  for (let key = 0; key < totals.recordCount; key++) {
    const version = totals.finalVersion(key)
    const updates = totals.answeredUpdates(key)
    if (version !== updates) {
      return `lost or doubled update: key=${key} finalVersion=${version} answeredUpdates=${updates}`
    }
    if (totals.finalChecksum(key) !== totals.expectedChecksum(key, version)) {
      return `torn value: key=${key} version=${version} has a checksum of another value`
    }
    if (totals.largestVersion(key) > version) {
      return `reply from nowhere: key=${key} largestVersion=${totals.largestVersion(key)} finalVersion=${version}`
    }
  }
  return undefined
}

/**
 * A `combine` that suits requests over many keys: the reply has what each leg says, for the client to check, the worst of
 * their statuses, and version and checksum of the first leg. A request without legs stays the bad one that it is.
 */
export function gatherLegs(request: Request, legs: readonly Request[]): void {
  if (legs.length === 0) return
  let status = 0
  // Statuses are in the order of what they mean for the whole: ok, not found, corrupt, bad request.
  for (let leg = 0; leg < legs.length; leg++) status = Math.max(status, legs[leg]!.status)
  request.replyHeads(legs)
  request.reply(status, legs[0]!.version, legs[0]!.checksum)
}
