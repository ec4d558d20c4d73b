import type { Socket } from 'node:net'
import { alignedWordsFor, BYTES_PER_WORD } from '../../base/units.ts'
import {
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_REPLY_BYTES,
} from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { OwnReply } from './connection.ts'
import { CLOSE_FIELD_BYTES, HttpDate, insertClose } from './reply-heads.ts'
import { FIGURES, type PortFigures } from './port-figures.ts'
import { WIRE_DATE_AT, WIRE_REPLY_HEAD_BYTES } from './http-codec.ts'

const FIRST_OUTPUT_BYTES = 1 << 16
const STATUS_AT = 'HTTP/1.1 '.length
const DIGIT_ZERO = 48

/** Collects the replies of one connection after the other, and writes those of each at once. One per port. */
export class ReplyOutput {
  readonly #view: RequestView
  readonly #figures: PortFigures
  readonly #date = new HttpDate()
  #output = Buffer.allocUnsafeSlow(FIRST_OUTPUT_BYTES)
  #bytes = 0

  constructor(view: RequestView, figures: PortFigures) {
    this.#view = view
    this.#figures = figures
  }

  // Measured path.

  /** Adds a reply that the port made itself. */
  addOwn(own: OwnReply): void {
    const { length } = own.bytes
    this.#makeRoom(length)
    this.#output.set(own.bytes, this.#bytes)
    this.#bytes += length
    this.#count(own.status)
  }

  /** Adds a slot's reply. @param closes the connection ends after it. */
  add(slot: number, closes: boolean, nowNs: number): void {
    const view = this.#view
    view.at(slot)
    const headBytes = view.get(WIRE_REPLY_HEAD_BYTES)
    const bodyBytes = view.get(SLOT_REPLY_BYTES)
    this.#makeRoom(headBytes + bodyBytes + CLOSE_FIELD_BYTES)
    const output = this.#output
    const at = this.#bytes
    const { bytes } = view
    const head = view.wireByte()
    const dateAt = view.get(WIRE_DATE_AT)
    for (let i = 0; i < headBytes; i++) output[at + i] = bytes[head + i]!
    this.#date.write(output, at + dateAt, nowNs)
    // "HTTP/1.1 200 OK": the first digit of the status.
    this.#count((bytes[head + STATUS_AT]! - DIGIT_ZERO) * 100)
    let end = at + headBytes
    if (closes) end = insertClose(output, at, end, dateAt)
    const body = (view.base + SLOT_KEY + alignedWordsFor(view.get(SLOT_KEY_BYTES))) * BYTES_PER_WORD
    for (let i = 0; i < bodyBytes; i++) output[end + i] = bytes[body + i]!
    this.#bytes = end + bodyBytes
  }

  /** Writes what was added, and begins anew. Answers whether there was anything. */
  writeTo(socket: Socket): boolean {
    const bytes = this.#bytes
    if (bytes === 0) return false
    this.#bytes = 0
    const output = this.#output.subarray(0, bytes)
    if (socket.writableLength !== 0) {
      // A client that does not take its replies: what waits for it must not keep a buffer of ours per write.
      socket.write(Buffer.from(output))
    } else {
      socket.write(output)
      // What the kernel did not take at once still lies in the buffer.
      if (socket.writableLength !== 0) this.#output = Buffer.allocUnsafeSlow(FIRST_OUTPUT_BYTES)
    }
    return true
  }

  /** Fills in the date of a reply that the port makes itself. */
  date(target: Uint8Array, at: number, nowNs: number): void {
    this.#date.write(target, at, nowNs)
  }

  #makeRoom(more: number): void {
    const bytes = this.#bytes + more
    if (bytes <= this.#output.length) return
    const larger = Buffer.allocUnsafeSlow(2 * Math.max(bytes, this.#output.length))
    larger.set(this.#output.subarray(0, this.#bytes))
    this.#output = larger
  }

  #count(status: number): void {
    if (status < 400) this.#figures.add(FIGURES.replies2xx, 1)
    else this.#figures.add(status < 500 ? FIGURES.replies4xx : FIGURES.replies5xx, 1)
  }
}
