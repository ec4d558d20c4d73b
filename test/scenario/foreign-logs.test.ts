import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import { type LogShape, parseColumns } from '../../harness/scenario/log-shape.ts'
import { readRequestLog, readTrace } from '../../harness/scenario/read-request-log.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const HEADING = 'instant,operation,key,bytes'
const R = READ_OPERATION
const U = UPDATE_OPERATION
let folder = ''
let path = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
  path = join(folder, 'a.log')
})
afterAll(() => rmSync(folder, { recursive: true }))

async function read(text: string | Buffer, shape: Partial<LogShape> = {}) {
  writeFileSync(path, text)
  const whole: LogShape = { format: 'csv', columns: null, spread: false, ...shape }
  return readRequestLog(path, undefined, whole)
}

const lineArbitrary = fc.record({
  gap: fc.nat({ max: 5_000 }),
  operation: fc.constantFrom('get', 'GET', 'head', 'put', 'Set', 'post'),
  key: fc.string({ minLength: 1, maxLength: 6 }).map((text) => `k${text}k`),
  bytes: fc.nat({ max: 8_192 }),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  blank: fc.boolean(),
  quoted: fc.boolean(),
})

test('a log reads alike in every mixture of line ends, quotes, byte order mark and dates', async () => {
  const log = fc.record({
    lines: fc.array(lineArbitrary, { minLength: 2, maxLength: 30 }),
    mark: fc.constantFrom('', '\uFEFF'),
    form: fc.constantFrom('seconds', 'Z', '+02:00', '-0330'),
    packed: fc.constantFrom('plain', 'gzip', 'zstd', 'utf-16'),
    lastEnd: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(log, async ({ lines, mark, form, packed, lastEnd }) => {
      // Line ends in keys are those of the text: all of them mean one.
      const keys = lines.map(({ key }) => key.replaceAll(/\s/g, '_'))
      let ms = 1_700_000_000_000
      const instants = lines.map(({ gap }) => (ms += gap))
      if (instants.at(-1) === instants[0]) return
      const write = (at: number) => {
        if (form === 'seconds') return String(at / 1000)
        const minutes = form === 'Z' ? 0 : form === '+02:00' ? 120 : -210
        return `${new Date(at + minutes * 60_000).toISOString().slice(0, -1)}${form}`
      }
      let text = `${mark}${HEADING}\n`
      lines.forEach(({ operation, bytes, end, blank, quoted }, at) => {
        const needsQuotes = quoted || /[",]/.test(keys[at]!)
        const key = needsQuotes ? `"${keys[at]!.replaceAll('"', '""')}"` : keys[at]
        const instant = quoted ? `"${write(instants[at]!)}"` : write(instants[at]!)
        const isLast = at === lines.length - 1
        text += `${instant},${operation},${key},${bytes}${isLast && !lastEnd ? '' : end}`
        if (blank && !isLast) text += end
      })
      const bytes = Buffer.from(text)
      const wide = Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from(text.replace(mark, ''), 'utf16le'),
      ])
      const file =
        packed === 'gzip'
          ? gzipSync(bytes)
          : packed === 'zstd'
            ? zstdCompressSync(bytes)
            : packed === 'utf-16'
              ? wide
              : bytes
      const found = await read(file)
      expect(found.notes).toEqual([])
      expect(Array.from(found.instants, (at) => Math.round(at * 1000))).toEqual(
        instants.map((at) => at - instants[0]!),
      )
      const numbers = [...new Set(keys)]
      expect([...found.keys]).toEqual(keys.map((key) => numbers.indexOf(key)))
      expect([...found.operations]).toEqual(
        lines.map(({ operation }) => (/get|head/i.test(operation) ? R : U)),
      )
    }),
    { seed: 4, numRuns: 150 },
  )
})

test('a fault is named by its line in every mixture of line ends', async () => {
  const ends = fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(ends, fc.boolean(), async (before, quotes) => {
      const lines = before.map((end, at) => `${at},get,${quotes ? '"a\r\nb"' : 'a'},1${end}`)
      const line = 1 + before.length * (quotes ? 2 : 1) + 1
      await expect(read(`${HEADING}\r\n${lines.join('')}99,fetch,b,1\r\n`)).rejects.toMatchObject({
        message: expect.stringContaining(`a.log:${line}: operation is unknown: fetch`),
      })
    }),
    { seed: 5, numRuns: 60 },
  )
})

const COLUMNS = 'instant=timestamp,operation=method,key=path,bytes=size'

test('columns may have other names: methods are mapped, what cannot be played is left out and told', async () => {
  const text =
    'timestamp,method,path,size\n1,GET,/a,10\n1.5,HEAD,/a,\n2,POST,/b,9000\n2,DELETE,/b,\n2,OPTIONS,*,0\n3,PUT,/a,x\n4,GET\n3.5,PATCH,/c,-1\n3.9,get,/d,1\n3.8,get,/e,1\n'
  const log = await read(text, { columns: parseColumns(COLUMNS) })
  expect([...log.operations]).toEqual([R, R, U, R, R])
  expect([...log.keys]).toEqual([0, 0, 1, 3, 2])
  expect(log.notes).toEqual([
    '5 lines read',
    '5 left out (1 DELETE, 1 OPTIONS, 2 without a size, 1 another number of columns)',
    '1 value cut to 8,192 bytes',
    '1 line out of order, sorted by instant',
  ])
})

test.each(['common', 'combined'] as const)('an access log is read, format %s', async (format) => {
  const more = format === 'common' ? '' : ' "http://e.org/?a=\\"b\\"" "Mozilla/5.0 (X11; \\x22)"'
  const line = (second: number, request: string, size: string) =>
    `127.0.0.1 - jo doe [10/Oct/2000:13:55:${second} -0700] "${request}" 200 ${size}${more}\r\n`
  const text =
    line(36, 'GET /a?q=[1] HTTP/1.1', '2326') +
    line(38, 'PUT /b HTTP/1.1', '-') +
    line(37, 'HEAD /a?q=[1] HTTP/2.0', '0') +
    line(38, '-', '0') +
    line(39, '\\x16\\x03\\x01', '150') +
    'nonsense\n' +
    line(40, 'CONNECT e.org:443 HTTP/1.1', '0')
  const log = await read(text, { format })
  expect([...log.instants]).toEqual([0, 1, 2])
  expect([...log.operations]).toEqual([R, R, U])
  expect([...log.keys]).toEqual([0, 0, 1])
  expect(log.notes).toEqual([
    '3 lines read',
    '4 left out (2 without an operation, 1 not readable, 1 CONNECT)',
    '1 line out of order, sorted by instant',
  ])
})

test('lines of JSON are read, fields within fields, too', async () => {
  const text =
    '\uFEFF{"ts":1646861401.5,"request":{"method":"GET","uri":"/a"},"size":10900}\n\n{"ts":1646861402,"request":{"method":"PUT","uri":"/b"}}\r\n{"ts":1646861402.5,"request":{"method":"GET"}}\n[1]\n{"ts"'
  const columns = parseColumns('instant=ts,operation=request.method,key=request.uri,bytes=size')
  const log = await read(text, { format: 'json', columns })
  expect([...log.instants]).toEqual([0, 0.5])
  expect(log.notes).toEqual([
    '2 lines read',
    '3 left out (3 not readable)',
    '1 value cut to 8,192 bytes',
  ])
})

test.each([
  ['timestamp,method,path,size\n1,GET,/a,1\n', {}, /:1: no column instant/, `--columns ${COLUMNS}`],
  ['{ts:1}\n', {}, /:1: no column instant/, 'trace-format json'],
  ['{"ts":1}\n', {}, /:1: no CSV: \{"ts":1\}$/, 'trace-format json'],
  [
    '127.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"\n',
    {},
    /:1: no CSV: 127\.0\.0\.1 - - /,
    'add --trace-format combined',
  ],
  ['1.1.1.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1\n', {}, /:1: /, 'combined'],
  ['{"time":1}\n', { format: 'json' }, /:1: no field instant: time/, 'columns: time'],
  ['hello\n', { format: 'json' }, /:1: not a line of format json: hello/, 'an object per line'],
  ['hello\n', { format: 'common' }, /:1: not a line of format common/, 'nginx'],
  [
    `${HEADING}\n1,get,a,1\n2,g\u001B]0;x\u0007et,a,1\n`,
    {},
    /:3: operation is unknown: g\\u\{1b\}\]0;x\\u\{7\}et$/,
    'read or get',
  ],
  [`${HEADING}\n1,${'x'.repeat(99)},a,1\n`, {}, /unknown: x{80}…$/, 'read or get'],
  [
    `${HEADING}\n1,get,a,1\n2,get,a,1\n90000,get,a,1\n90001,get,a,1\n3,get,a,1\n`,
    {},
    /:4: instant is ahead of those around it: this line goes on by 89,998 s, and line 6 is back: 3$/,
    'lines 4 to 5 are of a clock that was wrong',
  ],
  [
    `${HEADING}\n100,get,a,1\n5,get,a,1\n101,get,a,1\n`,
    {},
    /:3: instant is before that of the request above: 5$/,
    'leave out those of a wrong clock',
  ],
] as const)('%j is refused with what would be right', async (text, shape, message, cure) => {
  await expect(read(text, shape)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(message),
    cure: expect.stringContaining(cure),
  })
})

test.each([
  ['bzip2', Buffer.from('BZh91AY'), /compressed: bzip2$/, /bzip2 -dc/],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), /compressed: xz$/, /xz -dc/],
  ['zip', Buffer.from('PK\u0003\u0004..'), /compressed: unzip$/, /unzip -p/],
  ['half of a gzip', gzipSync(HEADING.repeat(99)).subarray(0, 30), /damaged or cut off/, /again/],
  ['bytes', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]), /no text/, /UTF-8/],
])('%s is refused in one line', async (_, bytes, message, cure) => {
  await expect(read(bytes)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(message),
    cure: expect.stringMatching(cure),
  })
})

test('a pipe is read once, for as many scenarios as play it', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('sh', ['-c', `mkfifo ${pipe}`])
  const first = readTrace(pipe, 'replay')
  createWriteStream(pipe).end(gzipSync(`${HEADING}\n1,get,a,1\n2,get,b,1\n`))
  expect((await first).keyCount).toBe(2)
  expect(await readTrace(pipe, 'replay')).toBe(await first)
})

test('a file that changed is read again', async () => {
  writeFileSync(path, `${HEADING}\n1,get,a,1\n2,get,b,1\n`)
  expect((await readTrace(path, 'replay')).keyCount).toBe(2)
  writeFileSync(path, `${HEADING}\n1,get,a,1\n2,get,b,1\n3,get,c,1\n`)
  expect((await readTrace(path, 'replay')).keyCount).toBe(3)
})

test.each(['', 'instant', 'time=ts', 'key=', 'key=a,key=b', '=x'])(
  '--columns %j is refused',
  (text) => {
    expect(caughtFailure(() => parseColumns(text))).toMatchObject({
      kind: 'usage',
      code: 'columns',
    })
  },
)
