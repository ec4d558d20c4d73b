import { expect, test } from 'vitest'
import { pairRatio } from '../../../harness/experiment/points/pair-ratio.ts'
import type { PointPair } from '../../../harness/results/point-pair.ts'
import type { ComparisonName } from '../../../harness/results/schema.ts'
import { samplePair } from '../sample-pair.ts'

const ratio = (pair: PointPair, metric: ComparisonName = 'p99') =>
  pairRatio(pair, 'staged', 'sharded', metric)

test('is the logarithm of second ÷ first', () => {
  expect(ratio(samplePair({ ns: 100 }, { ns: 200 }))).toEqual({ log: Math.log(2), bound: 'exact' })
  expect(ratio(samplePair({ perSecond: 4 }, { perSecond: 2 }), 'achievedPerSecond')).toEqual({
    log: Math.log(0.5),
    bound: 'exact',
  })
})

test('what the second arm never answered makes the ratio at least so large, the first arm’s at most', () => {
  const late = { ns: 400, atLeast: true }
  expect(ratio(samplePair({ ns: 100 }, late))).toEqual({ log: Math.log(4), bound: 'at-least' })
  expect(ratio(samplePair(late, { ns: 100 }))).toEqual({ log: -Math.log(4), bound: 'at-most' })
})

test('the bound is the longest answered latency, not the age of what waits', () => {
  const pair = samplePair({ ns: 100 }, { ns: 400, atLeast: true })
  pair.trials[1]!.percentiles.p99.ns = 50
  expect(ratio(pair)?.log).toBeCloseTo(Math.log(4))
})

test('when both left them unanswered, or a figure is missing, the pair has none', () => {
  const late = { ns: 400, atLeast: true }
  expect(ratio(samplePair(late, late))).toBeNull()
  expect(ratio(samplePair({}, {}), 'cpuPerRequest')).toBeNull()
  expect(ratio(samplePair({ ns: 0 }, {}))).toBeNull()
})

test('a pair that is not whole, or void, says nothing', () => {
  const pair = samplePair({}, {})
  expect(ratio({ ...pair, trials: pair.trials.slice(0, 1) })).toBeUndefined()
  expect(ratio(samplePair({ isVoid: true }, {}))).toBeUndefined()
})
