import type { Workload } from '../contract/workload.ts'
import type { TraceOrder } from './trace-layout.ts'

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
