import { expect, test } from 'vitest'
import { scalingOf, slopeOf } from '../../../harness/experiment/sweep/summary.ts'
import { coresSweep, stagesSweep } from '../../render/sample-sweep.ts'
import { samplePair } from '../sample-pair.ts'

const LEVEL = 0.95

test('the coefficients that made the capacities lie in their intervals', () => {
  const { staged, sharded } = coresSweep().scaling!
  expect(staged!.contention!.lower).toBeLessThan(0.2)
  expect(staged!.contention!.upper).toBeGreaterThan(0.19)
  expect(staged!.coherency!.value).toBeCloseTo(0.05, 1)
  expect(sharded!.speedUps.at(-1)!.speedUp.value).toBeGreaterThan(3.6)
  expect(sharded!.speedUps[0]).toMatchObject({ cores: 1, speedUp: { value: 1, n: 3 } })
})

test('two numbers of cores leave coherency open', () => {
  const { staged } = coresSweep([1, 2]).scaling!
  expect(staged!.contention).not.toBeNull()
  expect(staged!.coherency).toBeNull()
})

test('without one core there is neither speed-up nor law', () => {
  expect(coresSweep([2, 4]).scaling).toMatchObject({
    staged: { speedUps: [], contention: null, coherency: null },
  })
})

test('what slows a whole round down cancels', () => {
  const pairs = [1, 0.5, 0.25].flatMap((speed) => [
    samplePair({ perSecond: 100 * speed }, {}, 1),
    samplePair({ perSecond: 160 * speed }, {}, 2),
  ])
  const { speedUps, contention } = scalingOf(pairs, 'staged', LEVEL)
  expect(speedUps[1]?.speedUp).toMatchObject({ value: 1.6, lower: 1.6, upper: 1.6, n: 3 })
  expect(contention?.value).toBeCloseTo(0.25)
})

test('a round that is not whole counts nowhere', () => {
  const whole = [samplePair({ perSecond: 100 }, {}, 1), samplePair({ perSecond: 160 }, {}, 2)]
  const { speedUps } = scalingOf([...whole, samplePair({}, {}, 1)], 'staged', LEVEL)
  expect(speedUps[1]?.speedUp.n).toBe(1)
})

test('the slope of the median is what each one more adds', () => {
  const { staged, sharded } = stagesSweep().slopes!
  expect(staged!.lower).toBeLessThan(20_300)
  expect(staged!.value).toBeCloseTo(20_000, -3)
  expect(sharded!.lower).toBeLessThan(0)
  expect(sharded!.upper).toBeGreaterThan(0)
})

test('there is no slope through a median that was never answered', () => {
  const { values } = stagesSweep()
  values[0]!.pairs[0]!.trials.find(({ arm }) => arm === 'staged')!.percentiles.p50.atLeast = true
  expect(slopeOf(values, 'staged', LEVEL)).toBeNull()
  expect(slopeOf(values, 'sharded', LEVEL)).not.toBeNull()
})
