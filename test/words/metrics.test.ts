import { expect, test } from 'vitest'
import { COMPARISON_NAMES } from '../../harness/results/schema.ts'
import { figureOf, isLatency, metricAt, METRICS } from '../../harness/words/metrics.ts'
import { sampleTrial } from '../experiment/sample-trial.ts'

test('at max a latency is not judged, throughput is', () => {
  expect(metricAt({ offeredPerSecond: null }, 'p99')).toBe('achievedPerSecond')
  expect(metricAt({ offeredPerSecond: null }, 'cpuPerRequest')).toBe('cpuPerRequest')
  expect(metricAt({ offeredPerSecond: 1_000 }, 'p99')).toBe('p99')
})

test('of throughput and goodput alone more is better, and they and CPU time are no latencies', () => {
  expect(COMPARISON_NAMES.filter((name) => METRICS[name].isMoreBetter)).toEqual([
    'achievedPerSecond',
    'goodputPerSecond',
  ])
  expect(COMPARISON_NAMES.filter((name) => !isLatency(name))).toEqual([
    'achievedPerSecond',
    'goodputPerSecond',
    'cpuPerRequest',
  ])
})

test('no two metrics are called alike', () => {
  for (const word of ['label', 'noun', 'flag'] as const) {
    const words = COMPARISON_NAMES.map((name) => METRICS[name][word])
    expect(new Set(words).size).toBe(words.length)
  }
})

test('a trial’s figure is known, unanswered, or none', () => {
  const trial = sampleTrial({}, 1_234)
  expect(figureOf(trial, 'p99')).toBe(1_234)
  expect(figureOf(trial, 'cpuPerRequest')).toBeNull()
  trial.percentiles.p99_9 = { ns: 9, atLeast: true }
  expect(figureOf(trial, 'p99_9')).toBe('unanswered')
  expect(figureOf({ ...trial, achievedPerSecond: 0 }, 'achievedPerSecond')).toBeNull()
})
