import fc from 'fast-check'
import { expect, test } from 'vitest'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import { type RequestLog, RequestLogBuilder } from '../../harness/workload/request-log.ts'

const ORIGIN = { file: 'log.csv', sha256: 'abc' }

type Line = readonly [instant: number, operation: number, key: string, bytes: number]

function logOf(lines: readonly Line[]): RequestLog | undefined {
  const builder = new RequestLogBuilder()
  for (const line of lines) builder.add(...line)
  expect(builder.count).toBe(lines.length)
  return builder.finish(ORIGIN)
}

const lineArbitrary = fc.tuple(
  fc.nat({ max: 50 }),
  fc.constantFrom(READ_OPERATION, UPDATE_OPERATION),
  fc.string({ minLength: 1, maxLength: 2 }),
  fc.nat({ max: 8_192 }),
)

/** What a log of these lines must be, made the plain way; undefined when it has no pace. */
function modelOf(lines: readonly Line[]): object | undefined {
  const keys = [...new Set(lines.map(([, , key]) => key))]
  const first = lines[0]![0]
  const length = lines.at(-1)![0] - first
  const largest = keys.map((key) =>
    Math.max(...lines.filter((line) => line[2] === key).map((line) => line[3])),
  )
  const said = largest.filter((bytes) => bytes > 0)
  const mean = Math.round(said.reduce((sum, bytes) => sum + bytes, 0) / (said.length || 1))
  const model = {
    ...ORIGIN,
    instants: Float64Array.from(lines, ([at]) => at - first),
    operations: Uint8Array.from(lines, ([, operation]) => operation),
    keys: Int32Array.from(lines, ([, , key]) => keys.indexOf(key)),
    keyCount: keys.length,
    perSecond: (lines.length - 1) / length,
  }
  const payloads = largest.map((bytes) => Math.max(0, (bytes || mean) - 8))
  return length === 0 ? undefined : { ...model, payloads }
}

test('a log has the lines that were added, as a plain model has them', () => {
  fc.assert(
    fc.property(fc.array(lineArbitrary, { minLength: 1, maxLength: 3_000 }), (drawn) => {
      let instant = 1_700_000_000
      const lines = drawn.map(([gap, ...rest]): Line => [(instant += gap), ...rest])
      const {
        sizes,
        notes: _,
        isSpread: ___,
        unordered,
        simultaneousShare: __,
        ...log
      } = logOf(lines) ?? {}
      expect(unordered ?? 0).toBe(0)
      const found = sizes && { ...log, payloads: [...sizes.payloadBytes] }
      expect(found).toEqual(modelOf(lines))
    }),
    { seed: 1, numRuns: 60 },
  )
})

test('a log grows beyond its first room', () => {
  const lines = Array.from({ length: 5_000 }, (_, at): Line => [at, READ_OPERATION, `key${at}`, at])
  const log = logOf(lines)!
  expect(log.keys).toEqual(Int32Array.from(lines.keys()))
  expect(log.sizes.payloadBytes[4_999]).toBe(4_999 - 8)
})

test('a log without two instants has no pace', () => {
  expect(logOf([])).toBeUndefined()
  expect(logOf([[5, READ_OPERATION, 'a', 1]])).toBeUndefined()
  expect(
    logOf([
      [5, READ_OPERATION, 'a', 1],
      [5, READ_OPERATION, 'b', 1],
    ]),
  ).toBeUndefined()
})

test('requests that come in no order are sorted by their instants, those of one instant stay as they came', () => {
  const lines = fc.array(fc.nat({ max: 20 }), { minLength: 2, maxLength: 60 })
  fc.assert(
    fc.property(lines, (instants) => {
      const drawn = instants.map((at, place): Line => [at, READ_OPERATION, `k${place}`, 10])
      const log = logOf(drawn)
      const sorted = [...instants.keys()].toSorted((a, b) => instants[a]! - instants[b]! || a - b)
      const least = Math.min(...instants)
      if (Math.max(...instants) === least) return
      expect([...log!.keys]).toEqual(sorted)
      expect([...log!.instants]).toEqual(sorted.map((at) => instants[at]! - least))
      const behind = instants.filter((at, place) => place > 0 && at < instants[place - 1]!)
      expect(log!.unordered).toBe(behind.length)
    }),
    { seed: 3, numRuns: 100 },
  )
})

test('requests of one instant can be spread up to the next, the last as long as those before', () => {
  const builder = new RequestLogBuilder()
  for (const at of [5, 5, 6, 6, 6, 6, 8, 8]) builder.add(at, READ_OPERATION, 'a', 10)
  expect(builder.finish(ORIGIN)).toMatchObject({ simultaneousShare: 5 / 8 })
  const { instants, perSecond } = builder.finish(ORIGIN, true)!
  expect([...instants]).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 4])
  expect(perSecond).toBe(7 / 4)
})
