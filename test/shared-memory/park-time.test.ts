import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parkTime } from '../../harness/shared-memory/park-time.ts'
import type { ParkingThread } from './park-time.worker.ts'
import { answersOf } from './threads.ts'

/** Timeouts up to here are kept. */
const KEPT_MICROS = 8_192
const KEPT_MS = KEPT_MICROS / 1_000

test('a timeout of whole microseconds is what it was, the first time and afterwards', () => {
  const changed: number[] = []
  for (let time = 0; time < 2; time++)
    for (let micros = 0; micros <= KEPT_MICROS; micros++)
      if (parkTime(micros / 1_000) !== micros / 1_000) changed.push(micros)
  expect(changed).toEqual([])
})

test('a timeout is cut to whole microseconds, and is never longer than asked', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: KEPT_MS, noNaN: true }), (askedMs) => {
      const ms = parkTime(askedMs)
      const micros = Math.round(ms * 1_000)
      expect(ms).toBe(micros / 1_000)
      expect(ms).toBeLessThanOrEqual(askedMs)
      expect((micros + 1) / 1_000).toBeGreaterThan(askedMs)
    }),
    { examples: [[KEPT_MS - Number.EPSILON * 8], [4.004], [0.001], [0.0009]] },
  )
})

test('a timeout above 8 ms is left as it is', () => {
  fc.assert(
    fc.property(fc.double({ min: KEPT_MS + 0.001, max: 1_000, noNaN: true }), (ms) => {
      expect(parkTime(ms)).toBe(ms)
    }),
  )
})

test('a timeout that was asked for before is the same number on the heap: asking makes no garbage', async () => {
  // A box of a number is 12 bytes at least.
  const asked = Float64Array.from({ length: 50 }, (_, index) => 0.0501 + index * 0.1503)
  const data: ParkingThread = { asked, rounds: 600 }
  const [bytesPerCall] = await answersOf<number>(new URL('park-time.worker.ts', import.meta.url), [
    data,
  ])
  expect(bytesPerCall).toBeLessThan(4)
})
