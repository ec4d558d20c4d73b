import { UPDATE_OPERATION } from '../contract/request.ts'
import type { Workload } from '../contract/workload.ts'
import {
  keyText,
  PAYLOAD_OFFSETS,
  payloadText,
  RECORD_PATH,
  SERVICE_QUERY,
} from '../workload/http-messages.ts'
import { keyOf, operationOf } from '../workload/trace-layout.ts'

/** Of every value: version and checksum, which the server writes. */
const VALUE_HEAD_BYTES = 8

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
