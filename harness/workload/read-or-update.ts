import { valueChecksum } from '../base/hash.ts'
import {
  NO_RECORD,
  READ_OPERATION,
  type Records,
  type Request,
  STATUS_CORRUPT,
  STATUS_NOT_FOUND,
  STATUS_OK,
} from '../contract/scenario.ts'

/**
 * The keyed stage of a key-value store, for `access: 'by-operation'`: reads the record of the request's key, or replaces
 * its value and increments its version, and replies. What `eachAnswerRight` checks.
 */
export function readOrUpdate(request: Request, records: Records): void {
  const record = records.find(request)
  if (record === NO_RECORD) return request.reply(STATUS_NOT_FOUND, 0, 0)
  const version = records.version(record)
  const checksum = records.checksum(record)
  if (checksum !== valueChecksum(request.hash, version)) {
    return request.reply(STATUS_CORRUPT, version, checksum)
  }
  if (request.operation === READ_OPERATION) {
    records.copyValueTo(record, request)
    return request.reply(STATUS_OK, version, checksum)
  }
  records.replaceValue(record, request)
  const updated = (version + 1) | 0
  const updatedChecksum = valueChecksum(request.hash, updated)
  records.setHead(record, updated, updatedChecksum)
  request.reply(STATUS_OK, updated, updatedChecksum)
}
