import { SLOT_FRAME } from '../../shared-memory/request-slab-layout.ts'
import { LONGEST_HEAD_BYTES } from './request-framer.ts'

/*
 * How the http port and its codec use a slot: the six words of the frame's head, and the wire area behind the value.
 *
 *   word 10   head bytes       of the request, in the wire area; its body follows       written by the port
 *        11   request bytes    head and body                                            by the port
 *        12   status           of an error that decoding found; 0 for none              by the decoding stage
 *        13   reply head bytes of the reply's head, which replaces the request          by the encoding stage
 *        14   service time     nanoseconds that the request asks for                    by the decoding stage
 *        15   date at          where in the reply's head the port writes the date       by the encoding stage
 *
 * The reply's body stays in the slot's value; the port sends both.
 */
export const WIRE_HEAD_BYTES = SLOT_FRAME
export const WIRE_REQUEST_BYTES = SLOT_FRAME + 1
export const WIRE_STATUS = SLOT_FRAME + 2
export const WIRE_REPLY_HEAD_BYTES = SLOT_FRAME + 3
export const WIRE_SERVICE = SLOT_FRAME + 4
export const WIRE_DATE_AT = SLOT_FRAME + 5

/** Room for a request's head and body; a reply's head, at most some 300 bytes, needs less. */
export function wireBytesFor(longestBodyBytes: number): number {
  return LONGEST_HEAD_BYTES + longestBodyBytes
}
