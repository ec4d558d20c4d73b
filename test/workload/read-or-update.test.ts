import { expect, test } from 'vitest'
import { valueChecksum } from '../../harness/base/hash.ts'
import {
  INSERT_OPERATION,
  NO_RECORD,
  READ_MODIFY_WRITE_OPERATION,
  READ_OPERATION,
  type Records,
  type Request,
  STATUS_CORRUPT,
  STATUS_NOT_FOUND,
  STATUS_OK,
  UPDATE_OPERATION,
} from '../../harness/contract/request.ts'
import { readOrUpdate } from '../../harness/workload/handlers.ts'

const HASH = 4_711

/** Where a record is, or where an insert would put it; `NO_RECORD` when there is no room. */
interface Table {
  readonly head: { version: number; checksum: number } | null
  readonly inserted?: number
}

/** What `readOrUpdate` does, in order, where the record is there with this version and checksum, or absent. */
function callsOf(operation: number, { head, inserted = 4 }: Table): unknown[] {
  const calls: unknown[] = []
  const request: Request = {
    operation,
    hash: HASH,
    status: STATUS_OK,
    version: 0,
    checksum: 0,
    hashKey: () => calls.push('hashKey'),
    reply: (...reply) => calls.push(['reply', ...reply]),
    replyText: () => calls.push('replyText'),
    replyHeads: () => calls.push('replyHeads'),
  }
  const records: Records = {
    find: () => (head === null ? NO_RECORD : 3),
    insert: () => {
      calls.push('insert')
      return inserted
    },
    readValue: () => calls.push('readValue'),
    version: () => head!.version,
    checksum: () => head!.checksum,
    copyValueTo: (record) => calls.push(['copyValueTo', record]),
    replaceValue: (record) => calls.push(['replaceValue', record]),
    exchangeValue: (record) => calls.push(['exchangeValue', record]),
    setHead: (...values) => calls.push(['setHead', ...values]),
  }
  readOrUpdate(request, records)
  return calls
}

const sound = (version: number): Table => ({
  head: { version, checksum: valueChecksum(HASH, version) },
})
const ABSENT: Table = { head: null }

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

test('an insert of a key that is there is an update', () => {
  expect(callsOf(INSERT_OPERATION, sound(5))).toEqual(callsOf(UPDATE_OPERATION, sound(5)))
})

test('an insert puts a record that is not there, at version 1', () => {
  const checksum = valueChecksum(HASH, 1)
  expect(callsOf(INSERT_OPERATION, ABSENT)).toEqual([
    'insert',
    ['replaceValue', 4],
    ['setHead', 4, 1, checksum],
    ['reply', STATUS_OK, 1, checksum],
  ])
})

test('an insert for which there is no room is answered as not found', () => {
  expect(callsOf(INSERT_OPERATION, { ...ABSENT, inserted: NO_RECORD })).toEqual([
    'insert',
    ['reply', STATUS_NOT_FOUND, 0, 0],
  ])
})

test('a read-modify-write replies with the value before and the version after it', () => {
  const checksum = valueChecksum(HASH, 6)
  expect(callsOf(READ_MODIFY_WRITE_OPERATION, sound(5))).toEqual([
    ['exchangeValue', 3],
    ['setHead', 3, 6, checksum],
    ['reply', STATUS_OK, 6, checksum],
  ])
})

test.each([READ_OPERATION, UPDATE_OPERATION, READ_MODIFY_WRITE_OPERATION])(
  'operation %i replies what it misses',
  (operation) => {
    expect(callsOf(operation, ABSENT)).toEqual([['reply', STATUS_NOT_FOUND, 0, 0]])
  },
)

test.each([READ_OPERATION, UPDATE_OPERATION, INSERT_OPERATION, READ_MODIFY_WRITE_OPERATION])(
  'operation %i leaves a value alone that is not its key’s',
  (operation) => {
    expect(callsOf(operation, { head: { version: 5, checksum: 1 } })).toEqual([
      ['reply', STATUS_CORRUPT, 5, 1],
    ])
  },
)
