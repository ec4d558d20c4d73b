import { runError } from '../base/errors.ts'
import type { RecordHandle, Records, Request } from '../contract/request.ts'
import { ReadOnlyRecords } from '../shared-memory/optimistic-records.ts'

/** What a stage gets for records where it declares that it touches none, or only reads: a wrong touch ends the trial. */

function refuse(stage: string, access: string, touch: string): never {
  throw runError(
    'undeclared-access',
    `a stage ${touch}, which it does not declare: stage=${stage} access=${access}`,
    'declare it: access read, write or by-operation',
  )
}

/** Records of a keyless stage: each method throws and names the stage. */
export function noRecords(stage: string): Records {
  const touches = () => refuse(stage, 'none', 'touches a record')
  return {
    find: touches,
    insert: touches,
    version: touches,
    checksum: touches,
    copyValueTo: touches,
    readValue: touches,
    replaceValue: touches,
    exchangeValue: touches,
    setHead: touches,
  }
}

/** Records of a stage that only reads; each write throws and names the stage. */
export class ReadRecords extends ReadOnlyRecords implements Records {
  readonly #stage: string
  #records: Records | null = null

  constructor(stage: string) {
    super()
    this.#stage = stage
  }

  /** These records, readable: the same object for each call. */
  of(records: Records): Records {
    this.#records = records
    return this
  }

  find(request: Request): RecordHandle {
    return this.#records!.find(request)
  }

  version(record: RecordHandle): number {
    return this.#records!.version(record)
  }

  checksum(record: RecordHandle): number {
    return this.#records!.checksum(record)
  }

  copyValueTo(record: RecordHandle, request: Request): void {
    this.#records!.copyValueTo(record, request)
  }

  readValue(record: RecordHandle, target: Int32Array): number {
    return this.#records!.readValue(record, target)
  }

  protected refuse(touch: string): never {
    return refuse(this.#stage, 'read', touch)
  }
}
