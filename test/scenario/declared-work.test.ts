import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DRAWN, type HandlerStage, type Stage } from '../../harness/contract/stage.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import {
  batchFor,
  boundedBatch,
  declaredNs,
  declaredNsOf,
  mayBeOffloaded,
  occupiedNs,
  offloadsIn,
  sleepsIn,
  waitsBlocking,
  waitsOrReads,
} from '../../harness/scenario/declared-work.ts'

const run = (): void => {}
const plain: Workload = {
  recordCount: 1,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}
const drawing: Workload = { ...plain, serviceTimes: { kind: 'exponential', meanMicros: 40 } }
const blocking = { micros: 7, blocking: true } as const

test.each<[string, Stage, number]>([
  ['of a codec', { name: 'decode', codec: 'decode' }, 0],
  ['without burn and wait', { name: 'work', run }, 0],
  ['that burns', { name: 'work', run, burn: { micros: 5 } }, 5_000],
  ['that waits', { name: 'work', run, wait: blocking }, 7_000],
  ['that does both', { name: 'work', run, burn: { micros: 5 }, wait: blocking }, 12_000],
  ['whose burn is drawn', { name: 'work', run, burn: { micros: DRAWN } }, 40_000],
  [
    'whose wait is drawn beside a burn',
    { name: 'work', run, burn: { micros: 5 }, wait: { micros: DRAWN, blocking: true } },
    45_000,
  ],
])('a stage %s declares its mean time', (_, stage, ns) => {
  expect(declaredNs(stage, drawing)).toBe(ns)
})

test('stages declare the sum of what each declares', () => {
  const stages: Stage[] = [
    { name: 'decode', codec: 'decode' },
    { name: 'burn', run, burn: { micros: 5 } },
    { name: 'wait', run, wait: blocking },
  ]
  expect(declaredNsOf(stages, plain)).toBe(12_000)
  expect(declaredNsOf([], plain)).toBe(0)
})

test.each([
  [64, 0, 64],
  [64, 1_000, 64],
  [64, 100_000, 5],
  [64, 500_000, 1],
  [64, 5_000_000, 1],
  [1, 0, 1],
  [0, 0, 1_000],
  [0, 100_000, 5],
])('a batch of %i requests of %i ns each is bounded to %i', (batch, perRequestNs, bounded) => {
  expect(boundedBatch(batch, perRequestNs)).toBe(bounded)
})

test('a bounded batch is at least one, at most what was asked for, and shrinks as requests grow', () => {
  const works = fc.integer({ min: 0, max: 10_000_000 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_024 }), works, works, (batch, one, other) => {
      const [light, heavy] = [Math.min(one, other), Math.max(one, other)]
      const bounded = boundedBatch(batch, heavy)
      expect(Number.isInteger(bounded)).toBe(true)
      expect(bounded).toBeGreaterThanOrEqual(1)
      expect(bounded).toBeLessThanOrEqual(boundedBatch(batch, light))
      expect(boundedBatch(batch, light)).toBeLessThanOrEqual(batch)
    }),
  )
})

test('only a wait that blocks makes servers independent of processors', () => {
  expect(waitsBlocking([{ name: 'work', run, wait: blocking }])).toBe(true)
  expect(waitsBlocking([{ name: 'work', run, wait: { micros: 7 } }])).toBe(false)
  expect(waitsBlocking([{ name: 'work', run, burn: { micros: 7 } }])).toBe(false)
  expect(waitsBlocking([{ name: 'decode', codec: 'decode' }])).toBe(false)
})

const offload = { ...blocking, offload: true } as const
const device = { micros: 7 } as const

test.each<[string, Partial<HandlerStage>, boolean, boolean]>([
  ['without waits', {}, false, false],
  ['with a blocking wait', { wait: blocking }, false, false],
  ['with a wait for a device', { wait: device }, false, true],
  ['with a call known to block', { wait: offload }, true, true],
  ['with a read', { read: {} }, true, true],
  ['with a read that stays', { read: { offload: false } }, false, false],
])('a stage %s', (_, declared, isOffloaded, sleeps) => {
  const stage = { name: 'work', run, ...declared }
  expect([mayBeOffloaded(stage), sleepsIn(stage)]).toEqual([isOffloaded, sleeps])
  expect(offloadsIn([{ name: 'decode', codec: 'decode' }, stage])).toBe(isOffloaded)
  expect(waitsOrReads([stage])).toBe(Object.keys(declared).length > 0)
})

test('a core is taken up by burns and by waits that block it, for each key', () => {
  const burn = { micros: 5 }
  const occupied = (declared: Partial<HandlerStage>, workload = plain) =>
    occupiedNs({ name: 'work', run, ...declared }, workload)
  expect(occupied({ burn, wait: blocking })).toBe(12_000)
  expect(occupied({ burn, wait: device })).toBe(5_000)
  expect(occupied({ burn, wait: offload })).toBe(5_000)
  const many: Workload = {
    ...plain,
    keysPerRequest: { minimum: 2, maximum: 6, spread: 'neighbours' },
  }
  expect(occupied({ burn, access: 'read', runKey: run, combine: run }, many)).toBe(20_000)
  expect(occupied({ burn }, many)).toBe(5_000)
})

test('a call known to block takes up whoever makes it where nothing is off-loaded', () => {
  const stage: HandlerStage = { name: 'work', run, wait: offload }
  expect([true, false].map((offloads) => occupiedNs(stage, plain, offloads))).toEqual([0, 7_000])
})

test('where one request in many is long, batches are of one, though the mean is short', () => {
  const parts = (longMicros: number, weight = 1) => [
    { weight: 999, micros: 10 },
    { weight, micros: longMicros },
  ]
  const mixed = (longMicros: number, weight?: number): Workload => ({
    ...plain,
    serviceTimes: { kind: 'mixture', parts: parts(longMicros, weight) },
  })
  const burning: HandlerStage = { name: 'work', run, burn: { micros: DRAWN } }
  const calling: HandlerStage = {
    name: 'call',
    run,
    wait: { micros: DRAWN, blocking: true, offload: true },
  }
  expect(batchFor(32, [burning], mixed(50_000))).toBe(1)
  expect(batchFor(32, [burning], mixed(50_000, 0))).toBe(32)
  expect(batchFor(32, [burning], mixed(400))).toBe(32)
  expect(batchFor(32, [{ name: 'decode', codec: 'decode' }], mixed(50_000))).toBe(32)
  expect([true, false].map((offloads) => batchFor(32, [calling], mixed(50_000), offloads))).toEqual(
    [32, 1],
  )
})
