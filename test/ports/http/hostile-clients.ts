import fc from 'fast-check'
import { expect } from 'vitest'
import { keyText } from '../../../harness/workload/http-messages.ts'
import { type Course, courses, OWN_KEY } from './hostile-courses.ts'
import { RawClient } from './raw-client.ts'

const CONNECTIONS_AT_ONCE = 12
const BATCHES = 20
/** A connection that is not over by then has lost a reply: even a busy machine needs less. */
const PATIENCE_MS = 50_000
/** Longer courses are sent in pieces in place of single bytes. */
const MOST_SINGLE_BYTES = 2_000
const MOST_LOOKS = 20_000
const REFUSALS = [400, 413, 414, 417, 431, 501, 505]
const ZEROS = '\0'.repeat(92)

/**
 * Hostile clients against a server of kv-update. Right requests that come before a wrong one must be answered right and
 * in order, unless the client itself tears the connection down; wrong ones are refused or their connection is closed.
 */
export class HostileClients {
  readonly #tcpPorts: readonly number[]
  /** All values that each key ever may have had. */
  readonly #values = new Map<string, Set<string>>()
  #requests = 0

  constructor(tcpPorts: readonly number[]) {
    this.#tcpPorts = tcpPorts
  }

  /** Attacks until at least so many requests, right and wrong, were made. @throws at the first wrong answer. */
  async attack(requestCount: number): Promise<void> {
    const batches = fc.array(courses, {
      minLength: CONNECTIONS_AT_ONCE,
      maxLength: CONNECTIONS_AT_ONCE,
      size: 'max',
    })
    while (this.#requests < requestCount) {
      // The server remembers: a course that failed would not fail alone.
      // oxlint-disable-next-line no-await-in-loop -- one round after the other
      await fc.assert(
        fc.asyncProperty(batches, async (batch) => {
          await Promise.all(batch.map((course, index) => this.#take(course, index)))
        }),
        { numRuns: BATCHES, endOnFailure: true },
      )
    }
  }

  async #take(course: Course, index: number): Promise<void> {
    const key = keyText(index)
    const values = this.#values.get(key) ?? new Set([ZEROS])
    this.#values.set(key, values)
    // Updates behind a wrong request must never happen: they are not noted, and a read of one fails.
    for (const { update } of course.right) if (update !== undefined) values.add(update)
    this.#requests += course.right.length + Number(course.fault.kind !== 'none')

    const client = await RawClient.connect(this.#tcpPorts[index % this.#tcpPorts.length]!)
    ;[...course.right, course.fault].forEach(({ text }, number) => {
      if (text.startsWith('HEAD ')) client.heads.add(number)
    })
    const timer = setTimeout(() => client.socket.destroy(), PATIENCE_MS)
    try {
      await this.#play(course, client, key)
      const fault = course.aborts === null ? firstFault(course, client, values) : undefined
      if (fault !== undefined) throw new Error(`${fault}: ${describe(course, client)}`)
    } finally {
      clearTimeout(timer)
      client.socket.destroy()
    }
  }

  async #play(course: Course, client: RawClient, key: string): Promise<void> {
    const { right, fault, aborts } = course
    const text = (right.map((request) => request.text).join('') + fault.text).replaceAll(
      OWN_KEY,
      key,
    )
    const sent = aborts === null ? text : text.slice(0, Math.floor(aborts * text.length))
    await client.sendParts(partsOf(sent, course.delivery))
    if (aborts !== null) {
      client.socket.resetAndDestroy()
      return
    }
    if (course.halfCloses || fault.kind === 'cut') client.socket.end()
    else if (fault.kind === 'none') {
      await client.holds(() => client.replies().length >= right.length)
      client.socket.end()
    }
    await client.holds(() => client.isClosed)
  }
}

/** The first thing that is wrong with what a client read, which did not tear its connection down. */
function firstFault(
  { right, fault }: Course,
  client: RawClient,
  values: ReadonlySet<string>,
): string | undefined {
  const replies = client.replies()
  if (client.rest() !== '') return 'a reply is cut off'
  if (replies.length < right.length) return `${right.length - replies.length} replies are lost`
  for (const [number, { status, isRead }] of right.entries()) {
    const reply = replies[number]!
    if (reply.status !== status) return `reply ${number} is ${reply.status} in place of ${status}`
    if (isRead && !values.has(reply.body)) return `reply ${number} is no value of its key`
  }
  const behind = replies.slice(right.length)
  if (behind.length > (fault.kind === 'none' ? 0 : 1)) return 'there is a reply too many'
  const refusal = behind[0]
  if (refusal === undefined) return undefined
  if (!REFUSALS.includes(refusal.status)) return `it is refused with ${refusal.status}`
  return refusal.fields.get('connection') === 'close' ? undefined : 'a refusal does not close'
}

function partsOf(text: string, delivery: Course['delivery']): string[] {
  if (delivery.kind === 'whole') return [text]
  if (delivery.kind === 'byte-by-byte' && text.length <= MOST_SINGLE_BYTES) return text.split('')
  const shares = delivery.kind === 'pieces' ? delivery.cuts : [0.2, 0.4, 0.6, 0.8]
  const places = [0, ...shares.map((share) => Math.floor(share * text.length)), text.length]
  places.sort((a, b) => a - b)
  return places.slice(1).map((place, index) => text.slice(places[index], place))
}

function describe(course: Course, client: RawClient): string {
  const received = client.received()
  return `${JSON.stringify(course).slice(0, 2_000)} was answered with ${JSON.stringify(received.slice(-500))}`
}

/** What must hold after an attack: all slots are free, nobody is connected but who asks, and answers are right. */
export async function expectUnharmed(tcpPorts: readonly number[]): Promise<void> {
  const client = await RawClient.connect(tcpPorts[0]!)
  const ask = async (text: string) => {
    const count = client.replies().length + 1
    client.send(text)
    expect(await client.holds(() => client.replies().length === count)).toBe(true)
    return client.replies().at(-1)!
  }
  const request = (line: string, body = '') =>
    `${line} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  try {
    for (let look = 1; ; look++) {
      // oxlint-disable-next-line no-await-in-loop -- until it has come to rest
      const { body } = await ask(request('GET /stats'))
      const { freeSlots, total } = JSON.parse(body)
      if (freeSlots === total.slots && total.connections === 1) break
      if (look === MOST_LOOKS) throw new Error(`slots or connections are lost: ${body}`)
    }
    expect(await ask(request('GET /healthz'))).toMatchObject({ status: 200, body: 'ok\n' })
    for (let key = 0; key < 20; key++) {
      const target = `/kv/${keyText(key)}`
      expect(await ask(request(`PUT ${target}`, `value ${key}`))).toMatchObject({ status: 200 })
      expect(await ask(request(`GET ${target}`))).toMatchObject({ body: `value ${key}` })
    }
  } finally {
    client.socket.destroy()
  }
}
