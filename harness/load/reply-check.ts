import { valueChecksum } from '../base/hash.ts'
import { UPDATE_OPERATION } from '../contract/request.ts'
import type { Workload } from '../contract/workload.ts'
import {
  isPayload,
  keyText,
  parseEntityTag,
  PAYLOAD_OFFSETS,
  payloadText,
  RECORD_PATH,
  SERVICE_QUERY,
} from '../workload/http-messages.ts'
import { VALUE_HEAD_BYTES } from '../workload/known-records.ts'
import { keyOf, operationOf, type PortTrace } from '../workload/trace-layout.ts'
import type { LoadAnswers } from './load-plan.ts'

/** Bytes of the payload of every value of a workload. */
export function payloadBytesOf(workload: Workload): number {
  return workload.valueBytes - VALUE_HEAD_BYTES
}

/** What the requests of a trace look like over HTTP: each text is made once, when it is first needed. */
export class RequestTexts {
  readonly #documentPath: string | undefined
  readonly #hasServices: boolean
  readonly #paths: (string | undefined)[]
  readonly #payloads: readonly Buffer[]

  constructor(workload: Workload) {
    this.#documentPath = workload.document?.path
    this.#hasServices = workload.serviceTimes !== undefined
    this.#paths = Array.from({ length: workload.recordCount })
    this.#payloads = Array.from({ length: PAYLOAD_OFFSETS }, (_, offset) =>
      Buffer.from(payloadText(offset, payloadBytesOf(workload)), 'latin1'),
    )
  }

  /** Whether a packed request is sent with a payload: nothing updates a document. */
  isUpdate(request: number): boolean {
    return this.#documentPath === undefined && operationOf(request) === UPDATE_OPERATION
  }

  /** The target of a packed request. @param serviceNs of its trace; sent if the workload draws service times. */
  target(request: number, serviceNs: number): string {
    const path = this.#documentPath ?? this.#recordPath(keyOf(request))
    return this.#hasServices ? path + SERVICE_QUERY + serviceNs : path
  }

  #recordPath(key: number): string {
    return (this.#paths[key] ??= RECORD_PATH + keyText(key))
  }

  /** The payload of the update with this number; it changes from one to the next. */
  payload(number: number): Buffer {
    return this.#payloads[number & (PAYLOAD_OFFSETS - 1)]!
  }
}

/** Status of a reply that says that its request was right. */
const OK = 200
/** Status of a reply that refuses its request: the server has not executed it. */
export const REFUSED = 503

/** How a client turns the bytes of a body into a string. */
type BodyEncoding = 'latin1' | 'utf8'

/** A port's requests, and what its client remembers of their answers. */
interface Remembering {
  readonly trace: PortTrace
  readonly remembered: LoadAnswers
}

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

  /**
   * Checks the reply to the request at a position of a trace, and remembers its version. Answers what is wrong with it, as
   * half a sentence; undefined when it is right.
   */
  remember(
    { trace, remembered }: Remembering,
    position: number,
    status: number,
    tag: string | undefined,
    body: string,
  ): string | undefined {
    const request = trace.requests[position]!
    const what = this.check(request, trace.hashes[position]!, status, tag, body)
    if (what !== undefined) return what
    const { versions } = remembered
    versions[position] = Math.max(versions[position]!, this.version)
    return undefined
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
