import { expect, test } from 'vitest'
import { pairRatio, soundPair } from '../../harness/experiment/ratios.ts'
import type { PointPair } from '../../harness/results/points.ts'
import type { ComparisonName } from '../../harness/results/schema.ts'
import { logsOver } from '../../harness/stats/sound-rounds.ts'
import { samplePair } from './sample-pair.ts'

const log = (pair: PointPair, metric: ComparisonName = 'p99') =>
  logsOver([soundPair(pair)], 'staged', 'sharded', metric)[0]
const ratio = (pair: PointPair) => pairRatio(pair, 'staged', 'sharded', 'p99')

test('is the logarithm of second ÷ first', () => {
  expect(log(samplePair({ ns: 100 }, { ns: 200 }))).toBe(Math.log(2))
  expect(log(samplePair({ perSecond: 4 }, { perSecond: 2 }), 'achievedPerSecond')).toBe(
    Math.log(0.5),
  )
})

test('what an arm never answered ranks beyond all others; a picture shows the longest answered latency', () => {
  const late = { ns: 400, atLeast: true }
  expect(log(samplePair({ ns: 100 }, late))).toBe(Infinity)
  expect(log(samplePair(late, { ns: 100 }))).toBe(-Infinity)
  // As in a run, also where nothing at all was answered.
  expect(log(samplePair({ ns: 100 }, { ns: 0, atLeast: true }))).toBe(Infinity)
  const pair = samplePair({ ns: 100 }, late)
  pair.trials[1]!.percentiles.p99.ns = 50
  expect(ratio(pair)).toEqual({ ratio: 4, bound: 'at-least' })
  expect(ratio(samplePair(late, { ns: 100 }))).toEqual({ ratio: 0.25, bound: 'at-most' })
})

test('when both left them unanswered the pair says nothing, when a figure is missing there is none', () => {
  const late = { ns: 400, atLeast: true }
  expect(log(samplePair(late, late))).toBe('neither')
  expect(ratio(samplePair(late, late))).toBeNull()
  expect(log(samplePair({}, {}), 'cpuPerRequest')).toBeNull()
  expect(log(samplePair({ ns: 0 }, {}))).toBeNull()
})

test('a pair that is not whole, or void, is none', () => {
  const pair = samplePair({}, {})
  expect(log({ ...pair, trials: pair.trials.slice(0, 1) })).toBeUndefined()
  expect(log(samplePair({ isVoid: true }, {}))).toBeUndefined()
})
