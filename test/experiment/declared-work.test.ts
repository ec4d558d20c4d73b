import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DRAWN, type Stage, type Workload } from '../../harness/contract/scenario.ts'
import {
  boundedBatch,
  declaredNs,
  declaredNsOf,
  waitsBlocking,
} from '../../harness/experiment/declared-work.ts'

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
