import { valueChecksum } from '../base/hash.ts'
import { type Request, STATUS_OK } from '../contract/request.ts'

/**
 * The reply of a request that no record answers: version 0 and the checksum that its key has then, so that the client can
 * check it. Hashes the key, a few nanoseconds.
 */
export function acknowledge(request: Request): void {
  request.hashKey()
  request.reply(STATUS_OK, 0, valueChecksum(request.hash, 0))
}
