import { shardOf } from '../../harness/base/hash.ts'
import { alignedWordsFor } from '../../harness/base/units.ts'
import type { Request } from '../../harness/contract/request.ts'
import { createTables } from '../../harness/server/records.ts'
import { decodeFrame, encodeFrame, keyCountOf } from '../../harness/ports/replay/frame-codec.ts'
import { HashTable } from '../../harness/shared-memory/hash-table.ts'
import {
  createRequestSlab,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_OPERATION,
  SLOT_VALUE_BYTES,
} from '../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../harness/shared-memory/request-view.ts'
import { gatherLegs, readOrUpdate } from '../../harness/workload/handlers.ts'
import { keyIndexOf, writeKey } from '../../harness/workload/keys.ts'
import { slotRoom } from '../../harness/workload/known-records.ts'
import { legKey } from '../../harness/workload/trace-layout.ts'
import type { Bench } from '../ports/replay/bench.ts'

/** Serves the requests of a bench by `readOrUpdate` on tables of its own, one after the other and on one thread. */
export class TableServer {
  readonly memories: ReturnType<typeof createTables>
  readonly #tables: readonly HashTable[]
  readonly #bench: Bench
  /** Own slots of the legs of one request. */
  readonly #legs: readonly RequestView[]

  constructor(bench: Bench, shards: number) {
    const { workload, keySpace, records } = bench
    this.#bench = bench
    this.memories = createTables(workload, keySpace, shards, 1)
    this.#tables = this.memories.map((memory) => new HashTable(memory))
    const maximum = workload.keysPerRequest?.maximum ?? 0
    const room = slotRoom(workload, records)
    const slab = createRequestSlab(Math.max(1, maximum), room.keyBytes, room.valueBytes)
    this.#legs = Array.from({ length: maximum }, (_, leg) => {
      const view = new RequestView(slab)
      view.at(leg)
      return view
    })
  }

  serve(slots: readonly number[]): void {
    const { view, workload } = this.#bench
    const limits = {
      keyBytes: 128,
      payloadBytes: workload.valueBytes - 8,
      keys: this.#legs.length,
    }
    for (const slot of slots) {
      view.at(slot)
      decodeFrame(view, limits)
      view.hashKey()
      const keyCount = keyCountOf(view)
      if (keyCount === 0) this.#run(view)
      else this.#runLegs(view, this.#legs.slice(0, keyCount))
      encodeFrame(view)
    }
  }

  #run(view: RequestView): void {
    readOrUpdate(view, this.#tables[shardOf(view.hash, this.#tables.length)]!)
  }

  #runLegs(view: RequestView, legs: readonly RequestView[]): void {
    const { workload } = this.#bench
    const first = keyIndexOf(view.words, view.base + SLOT_KEY)
    for (const [index, leg] of legs.entries()) {
      for (const field of [SLOT_OPERATION, SLOT_KEY_BYTES, SLOT_VALUE_BYTES])
        leg.set(field, view.get(field))
      const { spread } = workload.keysPerRequest!
      const at = SLOT_KEY + alignedWordsFor(view.get(SLOT_KEY_BYTES))
      const value = view.words.subarray(view.base + at)
      for (let word = 0; word < view.get(SLOT_VALUE_BYTES) / 4; word++)
        leg.set(at + word, value[word]!)
      const key = legKey(spread, first, index, workload.recordCount)
      writeKey(leg.words, leg.base + SLOT_KEY, key)
      leg.hashKey()
      this.#run(leg)
    }
    gatherLegs(view, legs as readonly Request[])
  }
}
