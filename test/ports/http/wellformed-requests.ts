import fc from 'fast-check'
import { LONGEST_HEAD_BYTES } from '../../../harness/ports/http/request-framer.ts'

/** A request as a client writes it, and where its parts end. */
export interface WrittenRequest {
  readonly head: string
  readonly body: string
  readonly closes: boolean
}

const TOKEN = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".split(
  '',
)
const VISIBLE = [...Array(0x7f - 0x21).keys()].map((code) => String.fromCharCode(0x21 + code))
/** RFC 3986, 3.3 and 3.4, and the brackets of an IPv6 host. */
const TARGET = VISIBLE.filter((character) => !'"#<>\\^`{|}'.includes(character))
/** RFC 9110, 5.5: visible characters, `obs-text`, and blanks between them. */
const VALUE = [...VISIBLE, ' ', '\t', '\x80', '\xff']
/** Names that mean something to the framer; others are generated around them. */
const KNOWN = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'expect'])

const text = (characters: readonly string[], minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength })

const blanks = text([' ', '\t'], 0, 3)

/** A name in letters of any case. */
function inAnyCase(name: string): fc.Arbitrary<string> {
  return fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }).map((upper) =>
    name
      .split('')
      .map((c, i) => (upper[i]! ? c.toUpperCase() : c))
      .join(''),
  )
}

function field(name: string, value: string): fc.Arbitrary<string> {
  return fc
    .tuple(inAnyCase(name), blanks, blanks)
    .map(([written, before, behind]) => `${written}:${before}${value}${behind}\r\n`)
}

const otherField = fc
  .tuple(text(TOKEN, 1, 12), text(VALUE, 0, 20), blanks)
  .filter(([name]) => !KNOWN.has(name.toLowerCase()))
  .map(([name, value, before]) => `${name}:${before}${value}\r\n`)

/** A list of tokens as `Connection` has it, and whether `close` is one of them. */
const connectionOptions = fc
  .array(
    fc.tuple(fc.constantFrom('keep-alive', 'close', 'Close', 'closed', 'clos', 'te', ''), blanks),
    { minLength: 1, maxLength: 4 },
  )
  .map((options) => ({
    list: options.map(([option, blank]) => `${blank}${option}${blank}`).join(','),
    closes: options.some(([option]) => option.toLowerCase() === 'close'),
  }))

/** @param longestBodyBytes of any byte, a character each. */
export function wellformedRequests(longestBodyBytes: number): fc.Arbitrary<WrittenRequest> {
  const body = fc.option(
    fc
      .uint8Array({ maxLength: longestBodyBytes })
      .map((bytes) => Buffer.from(bytes).toString('latin1')),
  )
  return fc
    .record({
      method: text(TOKEN, 1, 8),
      target: text(TARGET, 1, 40),
      minor: fc.constantFrom(0, 1),
      emptyLine: fc.boolean(),
      others: fc.array(otherField, { maxLength: 5 }),
      connection: fc.option(connectionOptions),
      body,
    })
    .chain(({ method, target, minor, emptyLine, others, connection, body: sent }) =>
      fc
        .tuple(
          field('host', 'example.com:8080'),
          field('connection', connection?.list ?? ''),
          field('content-length', String(sent?.length ?? 0)),
        )
        .chain(([host, connectionField, length]) =>
          fc.shuffledSubarray(
            [
              host,
              ...others,
              ...(connection === null ? [] : [connectionField]),
              ...(sent === null ? [] : [length]),
            ],
            { minLength: 1 + others.length + Number(connection !== null) + Number(sent !== null) },
          ),
        )
        .map((fields) => ({
          head: `${emptyLine ? '\r\n' : ''}${method} ${target} HTTP/1.${minor}\r\n${fields.join('')}\r\n`,
          body: sent ?? '',
          closes: minor === 0 || connection?.closes === true,
        })),
    )
    .filter(({ head }) => head.length <= LONGEST_HEAD_BYTES)
}
