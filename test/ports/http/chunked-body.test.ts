import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunkedEnd, copyChunks } from '../../../harness/ports/http/chunked-body.ts'

const LONGEST_BYTES = 60
const bytesOf = (text: string) => Buffer.from(text, 'latin1')

function endOf(text: string): number {
  const bytes = bytesOf(text)
  return chunkedEnd(bytes, 0, bytes.length, LONGEST_BYTES)
}

const extensions = fc.constantFrom('', ';a', ' ;a=b', '\t; a="b c"', ';')
const chunks = fc.record({
  data: fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((data) => Buffer.from(data).toString('latin1')),
  zeros: fc.constantFrom('', '0', '000'),
  extension: extensions,
  isUpper: fc.boolean(),
})
const bodies = fc
  .record({
    parts: fc.array(chunks, { maxLength: 5 }),
    last: fc.constantFrom('0', '000', '0;a=b'),
    trailers: fc.constantFrom('', 'A: b\r\n', 'A:\r\nContent-Length: 9\r\n'),
  })
  .map(({ parts, last, trailers }) => ({
    data: parts.map(({ data }) => data).join(''),
    text:
      parts
        .map(({ data, zeros, extension, isUpper }) => {
          const size = data.length.toString(16)
          return `${zeros}${isUpper ? size.toUpperCase() : size}${extension}\r\n${data}\r\n`
        })
        .join('') + `${last}\r\n${trailers}\r\n`,
  }))

test('chunks become the data that they are made of, and every beginning is not whole', () => {
  fc.assert(
    fc.property(bodies, fc.uint8Array({ maxLength: 9 }), ({ data, text }, behind) => {
      const bytes = Buffer.concat([bytesOf(text), behind])
      expect(chunkedEnd(bytes, 0, bytes.length, LONGEST_BYTES)).toBe(text.length)
      for (let to = 0; to < text.length; to++)
        expect(chunkedEnd(bytes, 0, to, LONGEST_BYTES), `${to} bytes`).toBe(0)
      const target = new Uint8Array(LONGEST_BYTES + 2).fill(0xee)
      expect(copyChunks(bytes, 0, target, 1)).toBe(data.length)
      expect(Buffer.from(target.subarray(1, 1 + data.length)).toString('latin1')).toBe(data)
      expect([target[0], target[1 + data.length]]).toEqual([0xee, 0xee])
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['an empty size', '\r\n'],
  ['a size with a sign', '+5\r\nhello\r\n0\r\n\r\n'],
  ['a size with a prefix', '0x5\r\nhello\r\n0\r\n\r\n'],
  ['blanks behind a size', '5 \r\nhello\r\n0\r\n\r\n'],
  ['a bare line feed behind a size', '5\nhello\r\n0\r\n\r\n'],
  ['a bare line feed in an extension', '5;a\nhello\r\n0\r\n\r\n'],
  ['data beyond its size', '4\r\nhello\r\n0\r\n\r\n'],
  ['data that end in a line feed', '5\r\nhello\n0\r\n\r\n'],
  ['a trailer without a colon', '0\r\nA\r\n\r\n'],
  ['a folded trailer', '0\r\nA: b\r\n c\r\n\r\n'],
  ['a trailer without a name', '0\r\n: b\r\n\r\n'],
])('%s is malformed', (_, text) => {
  expect(endOf(text)).toBe(-400)
})

test('what is longer than allowed is refused as soon as that is seen', () => {
  const longest = 'x'.repeat(LONGEST_BYTES)
  expect(endOf(`3c\r\n${longest}\r\n0\r\n\r\n`)).toBeGreaterThan(0)
  for (const text of ['3d\r\n', `${'f'.repeat(400)}\r\n`, `3c\r\n${longest}\r\n1\r\n`])
    expect(endOf(text)).toBe(-413)
  // Sizes, extensions and trailers are bounded, too, in whatever line they come.
  for (const text of [
    '0'.repeat(3_000),
    `1;${'x'.repeat(3_000)}`,
    `0\r\n${'A: b\r\n'.repeat(500)}`,
  ])
    expect(endOf(text)).toBe(-413)
})

test('any bytes have an outcome that does not change with what comes behind', () => {
  const pieces = fc.array(
    fc.constantFrom('0', '5', 'a', ';', '\r\n', '\r', '\n', ' ', 'A: b', '\0', 'x'.repeat(700)),
  )
  fc.assert(
    fc.property(pieces, pieces, (before, behind) => {
      const outcome = endOf(before.join(''))
      fc.pre(outcome !== 0)
      expect(outcome > 0 || [-400, -413].includes(outcome)).toBe(true)
      expect(endOf([...before, ...behind].join(''))).toBe(outcome)
    }),
    { numRuns: 1_000 },
  )
})
