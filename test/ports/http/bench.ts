import { setImmediate } from 'node:timers/promises'
import { alignedWordsFor, NS_PER_MS } from '../../../harness/base/units.ts'
import { READ_OPERATION, STATUS_OK, UPDATE_OPERATION } from '../../../harness/contract/request.ts'
import { HttpCodec, wireBytesFor } from '../../../harness/ports/http/http-codec.ts'
import { HttpPort, type HttpPortMemory } from '../../../harness/ports/http/http-port.ts'
import {
  createPortFigures,
  type FigureValues,
  readAllFigures,
} from '../../../harness/ports/http/port-figures.ts'
import {
  createRequestSlab,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_VALUE_BYTES,
} from '../../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../../harness/shared-memory/request-view.ts'
import { ManualClock } from '../../base/manual-clock.ts'
import type { ParsedReply } from './parse-replies.ts'
import { RawClient } from './raw-client.ts'

const KEY_BYTES = 16
const PAYLOAD_BYTES = 92
/** Neither the first port nor the first slots, so that no offset is forgotten. */
const PORT_INDEX = 1
export const FIRST_SLOT = 3
export const SLOW_MS = 10_000
export const IDLE_MS = 120_000
const MOST_TRIES = 1_000_000
const QUIET_LOOKS = 20

export interface BenchSettings {
  readonly slotCount: number
  readonly deadlineMs: number
  readonly valueBytes: number
  /** Replies to GET are filled up to so many bytes. */
  readonly leastReplyBytes: number
}

const DEFAULTS: BenchSettings = {
  slotCount: 8,
  deadlineMs: 0,
  valueBytes: PAYLOAD_BYTES + 8,
  leastReplyBytes: 0,
}

/** Lets sockets act until it holds. */
export async function until(holds: () => boolean, act: () => void = () => {}): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    act()
    if (holds()) return
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await setImmediate()
  }
  throw new Error(`it did not come to hold: ${holds.toString()}`)
}

/** Lets sockets act until nothing is on its way any more. */
export async function settle(): Promise<void> {
  // Loopback delivers at once; each step of a connection's end takes a turn of the loop.
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}

export const get = (key: string, ...fields: string[]): string =>
  `GET /kv/${key} HTTP/1.1\r\nHost: a\r\n${fields.map((line) => `${line}\r\n`).join('')}\r\n`
export const put = (key: string, body: string): string =>
  `PUT /kv/${key} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** What the bench's server answers to GET. */
export const valueOf = (key: string): string => `the value of ${key}`

export type HttpBench = Awaited<ReturnType<typeof createHttpBench>>

/** A listening port without a driver: a test turns it, on a clock that stands still, and is its architecture, too. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- inferred: the list is at the end of the function
export async function createHttpBench(changes: Partial<BenchSettings> = {}) {
  const { slotCount, deadlineMs, valueBytes, leastReplyBytes } = { ...DEFAULTS, ...changes }
  const longestBodyBytes = valueBytes - 8
  const slab = createRequestSlab(
    FIRST_SLOT + slotCount,
    KEY_BYTES,
    valueBytes,
    wireBytesFor(longestBodyBytes),
  )
  const clock = new ManualClock(1_000)
  const figures = createPortFigures(PORT_INDEX + 1)
  const memory: HttpPortMemory = {
    kind: 'http',
    index: PORT_INDEX,
    slab,
    firstSlot: FIRST_SLOT,
    slotCount,
    deadlineNs: deadlineMs * NS_PER_MS,
    longestBodyBytes,
    address: {
      host: '127.0.0.1',
      tcpPort: 0,
      reusePort: false,
      slowMs: SLOW_MS,
      idleMs: IDLE_MS,
    },
    figures,
    serverName: 'bench',
  }
  const port = new HttpPort(memory, clock)
  let arrivals = 0
  port.onArrival(() => arrivals++)
  await port.listen()
  const view = new RequestView(slab)
  const codec = new HttpCodec({ keyBytes: KEY_BYTES, document: undefined })
  const clients: RawClient[] = []

  /** Answers by the request alone: reads with `valueOf` their key, updates with length and sum of the body as ETag. */
  const serve = (slots: readonly number[]) => {
    for (const slot of slots) {
      view.at(slot)
      codec.decode(view)
      const keyAt = (view.base + SLOT_KEY) * 4
      const keyBytes = view.get(SLOT_KEY_BYTES)
      const valueAt = keyAt + alignedWordsFor(keyBytes) * 4
      if (view.operation === READ_OPERATION) {
        const key = latin1(view.bytes.subarray(keyAt, keyAt + keyBytes))
        view.reply(STATUS_OK, 0, 0)
        view.replyText(valueOf(key).padEnd(leastReplyBytes, '.'))
      } else if (view.operation === UPDATE_OPERATION) {
        const body = view.bytes.subarray(valueAt, valueAt + view.get(SLOT_VALUE_BYTES))
        view.reply(STATUS_OK, body.length, sumOf(body))
      }
      codec.encode(view)
    }
  }
  const receive = (limit = slotCount): number[] => {
    const slots = new Int32Array(limit)
    port.begin()
    return [...slots.subarray(0, port.receive(slots, limit))]
  }
  const reply = (slots: readonly number[]) => {
    // As architectures do: a part of a longer list.
    port.reply(Int32Array.from([-9, ...slots, -9]), 1, slots.length + 1)
    port.flush()
  }
  const turn = (limit = slotCount) => {
    const slots = receive(limit)
    serve(slots)
    reply(slots)
  }
  return {
    memory,
    port,
    clock,
    view,
    /** Times that the port told of something. */
    arrivals: (): number => arrivals,
    figures: (): FigureValues => readAllFigures(figures)[PORT_INDEX]!,
    async connect(isPaused = false): Promise<RawClient> {
      const client = await RawClient.connect(port.tcpPort, isPaused)
      clients.push(client)
      return client
    },
    receive,
    serve,
    reply,
    turn,
    /** Turns without answering anything until so many slots are in hand; answers them, in the order of their arrival. */
    async received(count: number): Promise<number[]> {
      const slots: number[] = []
      await until(
        () => slots.length >= count,
        () => {
          slots.push(...receive(count - slots.length))
          port.flush()
        },
      )
      return slots
    },
    /** Turns until the client has so many replies. */
    async replies(client: RawClient, count: number): Promise<readonly ParsedReply[]> {
      await until(() => client.replies().length >= count, turn)
      return client.replies()
    },
    /** Lets the port look at what has arrived, and what it says go out. */
    async look(): Promise<void> {
      await settle()
      turn(0)
      turn()
      await settle()
    },
    /** Turns until nothing more is received, since clients do not read; answers how many requests were. */
    async stalled(): Promise<number> {
      let before = -1
      for (let quiet = 0; quiet < QUIET_LOOKS; quiet++) {
        await settle()
        turn()
        const { received } = readAllFigures(figures)[PORT_INDEX]!
        if (received !== before) quiet = 0
        before = received
      }
      return before
    },
    /** Moves the clock and lets the port look for slow clients. */
    sweepAfter(ms: number): void {
      clock.advance(ms * NS_PER_MS)
      port.sweep(clock.nowNs())
      turn()
    },
    async close(): Promise<void> {
      port.close()
      for (const client of clients) client.socket.destroy()
      await until(() => clients.every((client) => client.isClosed))
    },
  }
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum + byte, 0)
}
