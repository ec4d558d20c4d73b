import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createTraceMemory,
  keyOf,
  loadTrace,
  operationOf,
  packRequest,
  type PortTrace,
  TRACE_COUNT,
  TRACE_CYCLE_GAPS,
} from '../../harness/workload/trace-layout.ts'

test('a packed request gives back its key and its operation', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 29 - 1), fc.integer({ min: 1, max: 4 }), (key, operation) => {
      const request = packRequest(key, operation)
      expect(request).toBe(request | 0)
      expect(keyOf(request)).toBe(key)
      expect(operationOf(request)).toBe(operation)
    }),
  )
})

const words = (values: readonly number[]) => Int32Array.from(values)

/** A part of a trace whose arrays are longer than it is. */
function partOf(
  values: readonly number[],
  has: { services: boolean; legs: boolean; classes: boolean },
): PortTrace {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes)
  const { length } = values
  const room = length + 3
  const part = {
    count: length,
    instants: new Uint32Array(shared(4 * room)),
    requests: new Int32Array(shared(4 * room)),
    hashes: new Int32Array(shared(4 * room)),
    services: new Int32Array(shared(has.services ? 4 * room : 0)),
    legs: new Uint8Array(shared(has.legs ? room : 0)),
    classes: new Uint8Array(shared(has.classes ? room : 0)),
    spread: has.legs ? ('neighbours' as const) : null,
  }
  part.instants.set(values.map((value) => value >>> 0))
  part.requests.set(words(values.map((value) => value ^ 1)))
  part.hashes.set(words(values.map((value) => value ^ 2)))
  if (has.services) part.services.set(words(values.map((value) => value ^ 3)))
  if (has.legs) part.legs.set(values.map((value) => value & 255))
  if (has.classes) part.classes.set(values.map((value) => (value ^ 4) & 255))
  // What lies behind a trace is none of it.
  part.requests.fill(-7, length)
  return part
}

const parts = fc.record({
  values: fc.array(fc.integer(), { maxLength: 20 }),
  cycleGaps: fc.double({ min: 0, max: 1e9, noNaN: true }),
})

test('one trace after the other is loaded whole, with its size, and nothing behind it', () => {
  const ways = fc.record({ services: fc.boolean(), legs: fc.boolean(), classes: fc.boolean() })
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 4 }), ways, (series, has) => {
      const memory = createTraceMemory(partOf(series[0]!.values, has), 20)
      for (const { values, cycleGaps } of series) {
        const part = partOf(values, has)
        const behind = [...memory.requests.subarray(part.count)]
        loadTrace(memory, part, cycleGaps)
        expect([memory.size[TRACE_COUNT], memory.size[TRACE_CYCLE_GAPS]]).toEqual([
          part.count,
          cycleGaps,
        ])
        for (const name of [
          'instants',
          'requests',
          'hashes',
          'services',
          'legs',
          'classes',
        ] as const) {
          const loaded = [...memory[name].subarray(0, part.count)]
          expect([name, loaded]).toEqual([name, [...part[name].subarray(0, part.count)]])
        }
        expect([...memory.requests.subarray(part.count)]).toEqual(behind)
        expect(memory.spread).toBe(part.spread)
      }
    }),
  )
})

test('what a trace has none of takes no room', () => {
  const none = { services: false, legs: false, classes: false }
  const memory = createTraceMemory(partOf([1, 2], none), 100)
  const { services, legs, classes, requests } = memory
  expect([services, legs, classes, requests].map(({ length }) => length)).toEqual([0, 0, 0, 100])
})
