import { valueChecksum } from '../base/hash.ts'
import { UPDATE_OPERATION } from '../contract/request.ts'
import type { Workload } from '../contract/workload.ts'
import { isPayload, parseEntityTag } from '../workload/http-messages.ts'
import { operationOf } from '../workload/trace-layout.ts'
import { payloadBytesOf } from './request-texts.ts'

/** Status of a reply that says that its request was right. */
const OK = 200
/** Status of a reply that refuses its request: the server has not executed it. */
export const REFUSED = 503

/** How a client turns the bytes of a body into a string. */
export type BodyEncoding = 'latin1' | 'utf8'

/** Checks replies as the client that sent the requests. */
export class ReplyCheck {
  readonly #payloadBytes: number
  readonly #document: string | undefined
  /** That the reply checked last carried, if it was right. */
  version = 0

  constructor(workload: Workload, encoding: BodyEncoding) {
    this.#payloadBytes = payloadBytesOf(workload)
    this.#document = workload.document && Buffer.from(workload.document.text).toString(encoding)
  }

  /** What is wrong with the reply to a packed request, as half a sentence; undefined when it is right. */
  check(
    request: number,
    keyHash: number,
    status: number,
    tag: string | undefined,
    body: string,
  ): string | undefined {
    if (status !== OK) return `status ${status} instead of ${OK}`
    if (this.#document !== undefined) {
      return body === this.#document
        ? undefined
        : `a body of ${body.length} bytes that is not the document`
    }
    const parsed = tag === undefined ? undefined : parseEntityTag(tag)
    if (parsed === undefined) return `no entity tag of a record: tag=${tag ?? 'none'}`
    const { version, checksum } = parsed
    if (checksum !== valueChecksum(keyHash, version))
      return `the checksum of the entity tag fits neither key nor version: tag=${tag}`
    if (operationOf(request) === UPDATE_OPERATION) {
      if (body !== '') return `a body of ${body.length} bytes where an update has none`
    } else if (!isPayload(body, this.#payloadBytes, version)) {
      return `the payload is cut or torn: bytes=${body.length} version=${version}`
    }
    this.version = version
    return undefined
  }
}
