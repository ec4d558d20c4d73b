import type { Random } from '../base/random.ts'
import {
  INSERT_OPERATION,
  READ_MODIFY_WRITE_OPERATION,
  READ_OPERATION,
  UPDATE_OPERATION,
} from '../contract/request.ts'
import type { OperationMix, Workload } from '../contract/workload.ts'
import type { TraceOrder } from './trace-layout.ts'

/** Draws the operation of each request; takes one random number. */
export function operationDrawer(mix: OperationMix, random: Random): () => number {
  const { read, update, insert = 0, readModifyWrite = 0 } = mix
  const sum = read + update + insert + readModifyWrite
  const updatesEnd = (read + update) / sum
  const insertsEnd = (read + update + insert) / sum
  const readsEnd = read / sum
  return () => {
    const unit = random.unit()
    if (unit < readsEnd) return READ_OPERATION
    if (unit < updatesEnd) return UPDATE_OPERATION
    return unit < insertsEnd ? INSERT_OPERATION : READ_MODIFY_WRITE_OPERATION
  }
}

/** Whether an operation writes a value, hence carries a payload. */
export function isWrite(operation: number): boolean {
  return operation !== READ_OPERATION
}

/**
 * Which keys a trace inserts: those of its half of the room behind the records, one after the other, and then anew. The
 * newest key is the one that the trace inserted last; whether it is there already when the next request comes is the
 * server's affair.
 */
export class InsertOrder {
  readonly #recordCount: number
  readonly #firstKey: number
  readonly #room: number
  #inserts = 0

  constructor(
    { recordCount, insertRoom = 0 }: Pick<Workload, 'recordCount' | 'insertRoom'>,
    half: TraceOrder['insertHalf'] = 'second',
  ) {
    const first = insertRoom >>> 1
    this.#recordCount = recordCount
    this.#firstKey = half === 'first' ? recordCount : recordCount + first
    this.#room = half === 'first' ? first : insertRoom - first
  }

  /** The key that the next insert puts; there must be room. */
  next(): number {
    return this.#firstKey + (this.#inserts++ % this.#room)
  }

  /** Different keys of the trace so far: all records and what it inserted. */
  keyCount(): number {
    return this.#recordCount + Math.min(this.#inserts, this.#room)
  }

  /** The key before which so many were inserted later, 0 the newest; below `keyCount()`. Records are older than all inserts. */
  keyByAge(age: number): number {
    const inserted = Math.min(this.#inserts, this.#room)
    if (age < inserted) return this.#firstKey + ((this.#inserts - 1 - age) % this.#room)
    return this.#recordCount - 1 - (age - inserted)
  }
}
