import { runError } from '../base/errors.ts'
import type { RecordHandle, Records, Request } from '../contract/request.ts'

/** What a stage gets for records where it declares that it touches none, or only reads: a wrong touch ends the trial. */

type Touch = (message: string) => never

function refusal(stage: string, access: string): Touch {
  return (touch) => {
    throw runError(
      'undeclared-access',
      `a stage ${touch}, which it does not declare: stage=${stage} access=${access}`,
      'declare it: access read, write or by-operation',
    )
  }
}

/** Records of a keyless stage: each method throws and names the stage. */
export function noRecords(stage: string): Records {
  const refuse = refusal(stage, 'none')
  const touches = () => refuse('touches a record')
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
export class ReadRecords implements Records {
  readonly #refuse: Touch
  #records: Records | null = null

  constructor(stage: string) {
    this.#refuse = refusal(stage, 'read')
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

  insert(): RecordHandle {
    return this.#refuse('inserts a record')
  }

  replaceValue(): void {
    this.#refuse('writes a record')
  }

  exchangeValue(): void {
    this.#refuse('writes a record')
  }

  setHead(): void {
    this.#refuse('writes a record')
  }
}
