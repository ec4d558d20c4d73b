import fc from 'fast-check'
import { LONGEST_HEAD_BYTES } from '../../../harness/ports/http/request-framer.ts'

/** A request that is right, and what it must be answered with. `{key}` stands for the connection's own key. */
interface RightRequest {
  readonly text: string
  readonly status: number
  /** What becomes the value of the connection's own key. */
  readonly update?: string
  /** A read of that key: any value that it ever had. */
  readonly isRead?: true
}

/** What one connection does: right requests first, then something that is none, or an end. */
export interface Course {
  readonly right: readonly RightRequest[]
  readonly fault: {
    /** `malformed`: must be refused. `cut`: the beginning of a request, and no more comes. */
    readonly kind: 'none' | 'malformed' | 'cut'
    readonly text: string
  }
  /** How the bytes are sent. */
  readonly delivery:
    | { readonly kind: 'whole' }
    | { readonly kind: 'byte-by-byte' }
    | { readonly kind: 'pieces'; readonly cuts: readonly number[] }
  /** Whether the client closes its side behind its last byte, or waits for its replies first. */
  readonly halfCloses: boolean
  /** The client tears the connection down behind this share of its bytes; null for never. */
  readonly aborts: number | null
}

export const OWN_KEY = '{key}'
const PAYLOAD_BYTES = 92
const HOST = 'Host: localhost\r\n'

const read: RightRequest = {
  text: `GET /kv/${OWN_KEY} HTTP/1.1\r\n${HOST}\r\n`,
  status: 200,
  isRead: true,
}
const fixed = (text: string, status: number): RightRequest => ({ text, status })
const OTHERS: readonly RightRequest[] = [
  fixed(`GET /healthz HTTP/1.1\r\n${HOST}\r\n`, 200),
  fixed(`GET /stats HTTP/1.1\r\n${HOST}\r\n`, 200),
  fixed(`GET /kv/user0000zzzzzzzz HTTP/1.1\r\n${HOST}\r\n`, 404),
  fixed(`PUT /kv/absent HTTP/1.1\r\nContent-Length: 4\r\n${HOST}\r\nbody`, 404),
  fixed(`GET /kv/this-key-is-too-long HTTP/1.1\r\n${HOST}\r\n`, 404),
  fixed(`GET /%2e%2e/etc/passwd HTTP/1.1\r\n${HOST}\r\n`, 404),
  fixed(`POST /kv/${OWN_KEY} HTTP/1.1\r\n${HOST}content-length: 3\r\n\r\n\r\n\r`, 405),
  fixed(`HEAD /kv/${OWN_KEY} HTTP/1.1\r\n${HOST}\r\n`, 200),
  fixed(`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 204),
]

/** Bodies with all that could be taken for another request's head. */
const bodies = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: PAYLOAD_BYTES }),
  fc.uint8Array({ maxLength: PAYLOAD_BYTES }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.constantFrom(
    '',
    '\r\n\r\n',
    'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n',
    'x'.repeat(PAYLOAD_BYTES),
  ),
)
const updates = bodies.map((body) => ({
  text: `PUT /kv/${OWN_KEY} HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`,
  status: 200,
  update: body,
}))

/** Evenly distributed, below 1. */
const shares = fc.nat(999).map((thousandths) => thousandths / 1_000)

const rightRequests = fc.oneof(
  { weight: 4, arbitrary: fc.constant(read) },
  { weight: 4, arbitrary: updates },
  { weight: 3, arbitrary: fc.constantFrom(...OTHERS) },
)

/** Each behind a request line that is right. */
const WRONG_FIELDS = [
  'Content-Length: 5\r\nContent-Length: 5',
  'Content-Length: 5\r\nContent-Length: 6',
  'Content-Length: 5, 5',
  'Content-Length: +5',
  'Content-Length: 0x5',
  'Content-Length : 5',
  'Content-Length:',
  'Content-Length: 5\n',
  'Transfer-Encoding: chunked, gzip',
  'Transfer-Encoding: gzip',
  'Transfer-Encoding: chunked\r\nContent-Length: 5',
  'Expect: 200-ok',
  'X: y\r\n folded: z',
  'X: y\nContent-Length: 5',
  'X\0: y',
  'no colon',
  'Host: other',
]
const malformed = fc.oneof(
  fc
    .constantFrom(...WRONG_FIELDS)
    .map((fields) => `PUT /kv/${OWN_KEY} HTTP/1.1\r\n${HOST}${fields}\r\n\r\n12345`),
  fc.constantFrom(
    `GET /kv/${OWN_KEY} HTTP/1.1\r\n\r\n`,
    `GET /kv/${OWN_KEY} HTTP/2.0\r\n${HOST}\r\n`,
    `GET /kv/${OWN_KEY}\r\n${HOST}\r\n`,
    `GET /kv/a b HTTP/1.1\r\n${HOST}\r\n`,
    `GET /kv/${OWN_KEY} HTTP/1.1\n${HOST}\n`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\r\n\r\n\r\n',
    '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
    '\0'.repeat(100),
  ),
  // A head and bodies beyond the limits; a body is refused before it has come, and comes all the same.
  fc
    .integer({ min: LONGEST_HEAD_BYTES + 1, max: 100_000 })
    .map((bytes) => `GET /kv/${OWN_KEY} HTTP/1.1\r\n${HOST}X: ${'x'.repeat(bytes)}\r\n\r\n`),
  fc
    .tuple(fc.integer({ min: PAYLOAD_BYTES + 1, max: 10 ** 12 }), fc.nat(200_000))
    .map(
      ([length, sent]) =>
        `PUT /kv/${OWN_KEY} HTTP/1.1\r\n${HOST}Content-Length: ${length}\r\n\r\n${'x'.repeat(sent)}`,
    ),
)
/** Control characters make it certain that it is no beginning of a request. */
const garbage = fc
  .uint8Array({ minLength: 1, maxLength: 500 })
  .map((bytes) => `\x01${Buffer.from(bytes).toString('latin1')}`)

const beginnings = fc
  .tuple(rightRequests, shares)
  .map(([{ text }, share]) => text.slice(0, 1 + Math.floor(share * (text.length - 1))))
  // The key’s place is filled in later.
  .map((text) => text.replace(/\{k?e?y?$/, ''))
  .filter((text) => text !== '')

/** What follows something malformed: never answered. */
const trailing = fc
  .array(rightRequests, { maxLength: 3 })
  .map((requests) => requests.map(({ text }) => text).join(''))

const faults: fc.Arbitrary<Course['fault']> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'none' as const, text: '' }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.oneof({ weight: 3, arbitrary: malformed }, garbage), trailing)
      .map(([text, behind]) => ({ kind: 'malformed' as const, text: text + behind })),
  },
  { weight: 2, arbitrary: beginnings.map((text) => ({ kind: 'cut' as const, text })) },
)

/** Few most of the time, and bursts beyond what a connection may have on its way. */
const pipelines = fc.oneof(
  { weight: 12, arbitrary: fc.array(rightRequests, { maxLength: 8 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.array(rightRequests, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 10, max: 60 }),
      )
      .map(([requests, times]) => Array.from({ length: times }, () => requests).flat()),
  },
)

const deliveries: fc.Arbitrary<Course['delivery']> = fc.oneof(
  fc.constant({ kind: 'whole' as const }),
  fc
    .array(shares, { minLength: 1, maxLength: 10 })
    .map((cuts) => ({ kind: 'pieces' as const, cuts })),
  fc.constant({ kind: 'byte-by-byte' as const }),
)

/** What a connection of a hostile client does. */
export const courses: fc.Arbitrary<Course> = fc.record({
  right: pipelines,
  fault: faults,
  delivery: deliveries,
  halfCloses: fc.boolean(),
  aborts: fc.option(shares, { freq: 5 }),
})
