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
