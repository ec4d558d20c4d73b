/** A reply as a strict client reads it. */
export interface ParsedReply {
  readonly status: number
  readonly reason: string
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, string>
  /** A character per byte. */
  readonly body: string
}

const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) ([A-Za-z ]+)$/
const FIELD_LINE = /^([A-Z][A-Za-z-]*): ([!-~](?:[ -~]*[!-~])?)$/
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

/**
 * The whole replies at the start of a text, a character per byte, and what is left behind them. Takes nothing that a
 * server of ours does not send. @param heads numbers of the replies that answer HEAD, which have no body.
 */
export function parseReplies(
  text: string,
  heads: ReadonlySet<number> = new Set(),
): { readonly replies: readonly ParsedReply[]; readonly rest: string } {
  const replies: ParsedReply[] = []
  let rest = text
  for (;;) {
    const headEnd = rest.indexOf('\r\n\r\n')
    if (headEnd === -1) return { replies, rest }
    const head = parseHead(rest.slice(0, headEnd))
    const bodyAt = headEnd + '\r\n\r\n'.length
    const announced = Number(head.fields.get('content-length') ?? 0)
    const end = bodyAt + (heads.has(replies.length) ? 0 : announced)
    if (end > rest.length) return { replies, rest }
    replies.push({ ...head, body: rest.slice(bodyAt, end) })
    rest = rest.slice(end)
  }
}

/** The only reply in a text. */
export function parseReply(text: string): ParsedReply {
  const { replies, rest } = parseReplies(text)
  if (replies.length !== 1 || rest !== '') throw new Error(`not one reply: ${text}`)
  return replies[0]!
}

function parseHead(head: string): Omit<ParsedReply, 'body'> {
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = STATUS_LINE.exec(statusLine)
  if (status === null) throw new Error(`no status line: ${statusLine}`)
  const fields = new Map<string, string>()
  for (const line of lines) {
    const field = FIELD_LINE.exec(line)
    const name = field?.[1]!.toLowerCase() ?? ''
    if (field === null || fields.has(name)) throw new Error(`no field, or a second one: ${line}`)
    fields.set(name, field[2]!)
  }
  // RFC 9110, 8.6: a reply of 204 must not have a length.
  const isEmpty = status[1] === '204'
  for (const name of ['date', 'server'])
    if (!fields.has(name)) throw new Error(`no ${name}: ${head}`)
  for (const name of ['content-type', 'content-length'])
    if (fields.has(name) === isEmpty) throw new Error(`${name} is there or not: ${head}`)
  if (!isEmpty && !/^(?:0|[1-9]\d{0,4})$/.test(fields.get('content-length')!))
    throw new Error(`no content length: ${head}`)
  if (!DATE.test(fields.get('date')!)) throw new Error(`no date: ${head}`)
  return { status: Number(status[1]), reason: status[2]!, fields }
}
