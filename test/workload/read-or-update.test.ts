import { expect, test } from 'vitest'
import { valueChecksum } from '../../harness/base/hash.ts'
import {
  NO_RECORD,
  READ_OPERATION,
  type Records,
  type Request,
  STATUS_CORRUPT,
  STATUS_NOT_FOUND,
  STATUS_OK,
  UPDATE_OPERATION,
} from '../../harness/contract/scenario.ts'
import { readOrUpdate } from '../../harness/workload/read-or-update.ts'

const HASH = 4_711

/** What `readOrUpdate` does, in order, where the record is there with this version and checksum, or absent. */
function callsOf(operation: number, head: { version: number; checksum: number } | null): unknown[] {
  const calls: unknown[] = []
  const request: Request = {
    operation,
    hash: HASH,
    hashKey: () => calls.push('hashKey'),
    reply: (...reply) => calls.push(['reply', ...reply]),
    replyText: () => calls.push('replyText'),
  }
  const records: Records = {
    find: () => (head === null ? NO_RECORD : 3),
    version: () => head!.version,
    checksum: () => head!.checksum,
    copyValueTo: (record) => calls.push(['copyValueTo', record]),
    replaceValue: (record) => calls.push(['replaceValue', record]),
    setHead: (...values) => calls.push(['setHead', ...values]),
  }
  readOrUpdate(request, records)
  return calls
}

const sound = (version: number) => ({ version, checksum: valueChecksum(HASH, version) })

test('a read replies with the value and its head, and changes nothing', () => {
  expect(callsOf(READ_OPERATION, sound(5))).toEqual([
    ['copyValueTo', 3],
    ['reply', STATUS_OK, 5, valueChecksum(HASH, 5)],
  ])
})

test.each([
  [5, 6],
  [2 ** 31 - 1, -(2 ** 31)],
])('an update makes version %i to %i, with the checksum of the new one', (version, updated) => {
  const checksum = valueChecksum(HASH, updated)
  expect(callsOf(UPDATE_OPERATION, sound(version))).toEqual([
    ['replaceValue', 3],
    ['setHead', 3, updated, checksum],
    ['reply', STATUS_OK, updated, checksum],
  ])
})

test.each([READ_OPERATION, UPDATE_OPERATION])(
  'operation %i replies what it misses, and leaves a value alone that is not its key’s',
  (operation) => {
    expect(callsOf(operation, null)).toEqual([['reply', STATUS_NOT_FOUND, 0, 0]])
    expect(callsOf(operation, { version: 5, checksum: 1 })).toEqual([
      ['reply', STATUS_CORRUPT, 5, 1],
    ])
  },
)
