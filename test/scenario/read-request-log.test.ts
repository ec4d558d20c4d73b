import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import { readRequestLog } from '../../harness/scenario/read-request-log.ts'

const HEADING = 'instant,operation,key,bytes'
let folder = ''
let path = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  path = join(folder, 'log.csv')
})
afterAll(() => rmSync(folder, { recursive: true }))

async function read(text: string) {
  writeFileSync(path, text)
  return readRequestLog(path)
}

const R = READ_OPERATION
const U = UPDATE_OPERATION

test('a log is read with its operations’ other names, its keys numbered as they appear', async () => {
  const text = `${HEADING}\n10,read,b,100\n10.5,GET,a,\n11,update,b,300\n11,put,c,8\n12,Set,a,16\n`
  const log = await read(text)
  expect(log).toMatchObject({ file: 'log.csv', keyCount: 3, perSecond: 2 })
  expect(log.sha256).toBe(createHash('sha256').update(text).digest('hex'))
  expect([...log.instants]).toEqual([0, 0.5, 1, 1, 2])
  expect([...log.operations]).toEqual([R, R, U, U, U])
  expect([...log.keys]).toEqual([0, 1, 0, 2, 1])
  expect([...log.sizes.payloadBytes]).toEqual([292, 8, 0])
})

test('columns may stand in any order, with others among them, behind a byte order mark', async () => {
  const log = await read(
    '\uFEFF"Key", status ,Bytes,instant,operation\r\n"a, b",200,20,2026-11-24T10:00:00Z,get\r\n\r\nc,404,0,2026-11-24T10:00:00.25Z,get',
  )
  expect([...log.instants]).toEqual([0, 0.25])
  expect([...log.keys]).toEqual([0, 1])
  // Nothing says how large it is: as the others.
  expect([...log.sizes.payloadBytes]).toEqual([12, 12])
})

test('a log of many chunks is read whole', async () => {
  const rows = Array.from({ length: 30_000 }, (_, at) => `${at / 1000},get,key${at % 99},50`)
  const log = await read([HEADING, ...rows].join('\n'))
  expect(log.keys).toHaveLength(30_000)
  expect(log.keyCount).toBe(99)
  expect(log.perSecond).toBeCloseTo(1_000, 6)
})

test.each([
  ['an empty file', '', /log\.csv: no requests in it$/, /^the first line is instant,operation/],
  ['a heading alone', HEADING, /no requests in it$/, /the next e\.g\./],
  [
    'a missing column',
    'instant,operation,key\n1,get,a\n',
    /log\.csv:1: no column bytes in the heading line: instant,operation,key$/,
    /instant,operation,key,bytes/,
  ],
  [
    'no heading line',
    '1,get,a,1\n2,get,a,1\n',
    /log\.csv:1: no column instant in the heading line/,
    /the first line is/,
  ],
  [
    'semicolons',
    'instant;operation;key;bytes\n',
    /log\.csv:1: no column instant in the heading line: instant;operation/,
    /instant,operation/,
  ],
  ['a column twice', `${HEADING},key\n`, /log\.csv:1: two columns key/, /^keep one/],
  [
    'too few columns',
    `${HEADING}\n1,get,a,1\n2,get,a\n`,
    /log\.csv:3: 3 columns, and the heading line has 4$/,
    /double quotes/,
  ],
  ['a bad instant', `${HEADING}\nnow,get,a,1\n`, /log\.csv:2: instant is none: now$/, /seconds/],
  [
    'milliseconds',
    `${HEADING}\n1700000000123,get,a,1\n`,
    /log\.csv:2: instant is none: 1700000000123$/,
    /1700000000\.25/,
  ],
  [
    'two ways to write an instant',
    `${HEADING}\n1,get,a,1\n2026-11-24T10:00:00Z,get,a,1\n`,
    /log\.csv:3: instant is not written as in the first request/,
    /all lines alike/,
  ],
  [
    'an instant that goes backwards',
    `${HEADING}\n1,get,a,1\n3,get,a,1\n2,get,a,1\n`,
    /log\.csv:4: instant is before that of the request above: 2$/,
    /^sort the lines/,
  ],
  [
    'an unknown operation',
    `${HEADING}\n1,scan,a,1\n`,
    /log\.csv:2: operation is unknown: scan$/,
    /^read or get, update or put or set; of HTTP/,
  ],
  ['no operation', `${HEADING}\n1,,a,1\n`, /log\.csv:2: operation is unknown: \(empty\)$/, /get/],
  [
    'an insert',
    `${HEADING}\n1,insert,a,1\n`,
    /log\.csv:2: operation is not played: insert$/,
    /write update/,
  ],
  [
    'a delete',
    `${HEADING}\n1,get,a,1\n2,DELETE,a,\n`,
    /log\.csv:3: operation is not played: DELETE$/,
    /leave these lines out/,
  ],
  ['an empty key', `${HEADING}\n1,get,,1\n`, /log\.csv:2: key is empty$/, /^any text/],
  [
    'a size that is none',
    `${HEADING}\n1,get,a,1.5\n`,
    /log\.csv:2: bytes is not a size of a value: 1\.5$/,
    /8,192/,
  ],
  [
    'a value that is too large',
    `${HEADING}\n1,put,a,8193\n`,
    /log\.csv:2: bytes .*: 8193$/,
    /8,192/,
  ],
  ['an update without a size', `${HEADING}\n1,put,a,\n`, /log\.csv:2: bytes .*\(empty\)$/, /reads/],
  [
    'a single instant',
    `${HEADING}\n5,get,a,1\n5,get,b,1\n`,
    /log\.csv: all requests have the same instant/,
    /two instants/,
  ],
  [
    'a quote that is never closed',
    `${HEADING}\n1,get,"a,1\n`,
    /log\.csv:2: not readable as CSV: a quote that opens here/,
    /commas/,
  ],
])('%s is refused, with its place and what would be right', async (_, text, message, cure) => {
  await expect(read(text)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(message),
    cure: expect.stringMatching(cure),
  })
})

test('a log that is too long is refused, with the way to shorten it', async () => {
  writeFileSync(path, `${HEADING}\n1,get,a,1\n2,get,a,1\n3,get,a,1\n`)
  expect((await readRequestLog(path, 3)).keys).toHaveLength(3)
  await expect(readRequestLog(path, 2)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(/log\.csv:4: more than 2 requests$/),
    cure: 'cut it, e.g. head -n 3 log.csv > part.csv',
  })
})

test.each([
  ['missing.csv', /^cannot read the log: no such file or folder: .*missing\.csv$/],
  ['.', /^cannot read the log: it is a folder: /],
])('%s is no file', async (name, message) => {
  await expect(readRequestLog(join(folder, name))).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(message),
    cure: expect.stringContaining('CSV'),
  })
})
