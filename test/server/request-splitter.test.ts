import { expect, test } from 'vitest'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import { RequestSplitter } from '../../harness/server/request-splitter.ts'
import { decodeFrame } from '../../harness/ports/replay/frame-codec.ts'
import { PORT_MASK, SAMPLED } from '../../harness/shared-memory/phase-layout.ts'
import {
  legSlot,
  SLOT_KEY,
  SLOT_KEY_BYTES,
  SLOT_PORT,
  SLOT_REPLY_BYTES,
  SLOT_VALUE_BYTES,
} from '../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../harness/shared-memory/request-view.ts'
import { hashKeyWords } from '../../harness/base/hash.ts'
import { KEY_BYTES, KEY_WORDS, keyIndexOf } from '../../harness/workload/keys.ts'
import { legKey } from '../../harness/workload/trace-layout.ts'
import { createBench, PAYLOAD_BYTES } from '../ports/replay/bench.ts'

const KEYS = 100
const MOST = 7
const LIMITS = { keyBytes: KEY_BYTES, payloadBytes: PAYLOAD_BYTES, keys: MOST }

/** Decoded requests of 3 … 7 keys, and the splitter of their thread. */
function createSplitter(updatePercent: number) {
  const bench = createBench({
    keys: KEYS,
    permits: 16,
    updatePercent,
    workload: { keysPerRequest: { minimum: 3, maximum: MOST, spread: 'scattered' } },
  })
  const { slab, view } = bench
  bench.startSteady()
  bench.clock.advance(16_000)
  const slots = bench.receive()
  for (const slot of slots) {
    view.at(slot)
    decodeFrame(view, LIMITS)
    view.hashKey()
    view.set(SLOT_PORT, view.get(SLOT_PORT) | SAMPLED)
  }
  const splitter = new RequestSplitter({ slab, spread: 'scattered', recordCount: KEYS })
  return { slab, view, slots, splitter, leg: new RequestView(slab), trace: bench.trace.ports[0]! }
}

const payloadOf = (view: RequestView) => {
  const from = view.base + SLOT_KEY + KEY_WORDS
  return [...view.words.subarray(from, from + PAYLOAD_BYTES / 4)]
}

test.each([
  ['reads', 0, READ_OPERATION],
  ['updates', 100, UPDATE_OPERATION],
] as const)(
  'legs are %s of their own keys, on their own, never sampled',
  (_, percent, operation) => {
    const { slab, view, slots, splitter, leg, trace } = createSplitter(percent)
    const payloadWords = operation === UPDATE_OPERATION ? PAYLOAD_BYTES / 4 : 0
    for (const [position, slot] of slots.entries()) {
      view.at(slot)
      const count = splitter.split(view)
      expect(count).toBe(trace.legs[position])
      const first = keyIndexOf(view.words, view.base + SLOT_KEY)
      for (let index = 0; index < count; index++) {
        expect(splitter.slotOf(slot, index)).toBe(legSlot(slab, slot, index))
        expect(splitter.requestOf(splitter.slotOf(slot, index))).toBe(slot)
        leg.at(splitter.slotOf(slot, index))
        expect(leg.operation).toBe(operation)
        expect(leg.get(SLOT_PORT)).toBe(view.get(SLOT_PORT) & PORT_MASK)
        const key = keyIndexOf(leg.words, leg.base + SLOT_KEY)
        expect(key).toBe(legKey('scattered', first, index, KEYS))
        expect(leg.hash).toBe(hashKeyWords(leg.words, leg.base + SLOT_KEY, KEY_BYTES))
        expect([leg.get(SLOT_KEY_BYTES), leg.get(SLOT_REPLY_BYTES)]).toEqual([KEY_BYTES, 0])
        expect(leg.get(SLOT_VALUE_BYTES)).toBe(view.get(SLOT_VALUE_BYTES))
        // A read has none: what is in its slot is not looked at.
        expect(payloadOf(leg).slice(0, payloadWords)).toEqual(
          payloadOf(view).slice(0, payloadWords),
        )
      }
    }
  },
)

test('as many views as a request has legs look at them, the same objects each time', () => {
  const { slab, view, slots, splitter } = createSplitter(0)
  const seen = new Map<number, unknown>()
  for (const slot of slots) {
    view.at(slot)
    const count = splitter.split(view)
    const views = splitter.viewsOf(view) as readonly RequestView[]
    expect(views).toHaveLength(count)
    for (const [index, own] of views.entries()) {
      own.reply(0, 100 * slot + index, 0)
      expect(own.base).toBe(splitter.slotOf(slot, index) * slab.slotWords)
    }
    expect(seen.get(count) ?? views).toBe(views)
    seen.set(count, views)
  }
  view.at(slots[0]!)
  const again = splitter.viewsOf(view)
  expect(again.map(({ version }) => version)).toEqual(
    again.map((_, index) => 100 * slots[0]! + index),
  )
})

test('a request that could not be decoded has one leg without a key', () => {
  const { view, slots, splitter, leg } = createSplitter(0)
  view.at(slots[0]!)
  decodeFrame(view, { ...LIMITS, keys: 0 })
  expect(splitter.split(view)).toBe(1)
  leg.at(splitter.slotOf(slots[0]!, 0))
  expect([leg.operation, leg.get(SLOT_KEY_BYTES)]).toEqual([0, 0])
})
