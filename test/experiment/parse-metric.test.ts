import { expect, test } from 'vitest'
import { METRIC_NAMES, metricName, parseMetric } from '../../harness/asked/quantities.ts'
import { COMPARISON_NAMES } from '../../harness/results/schema.ts'
import { caughtFailure } from './caught-failure.ts'

test.each([
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p99', 'p99'],
  ['p99.9', 'p99_9'],
  ['p99_9', 'p99_9'],
  ['max', 'max'],
  ['throughput', 'achievedPerSecond'],
  ['cpu', 'cpuPerRequest'],
])('%j is the metric %s', (text, metric) => {
  expect(parseMetric(text)).toBe(metric)
})

test('every metric of a report has a name that is read back', () => {
  const names = COMPARISON_NAMES.map((metric) => metricName(metric))
  expect(names.map((name) => parseMetric(name))).toEqual([...COMPARISON_NAMES])
  expect(names.toSorted()).toEqual(METRIC_NAMES.toSorted())
})

test.each(['nonsense', '', 'p42', 'P 99', 'constructor'])('%j is no metric', (text) => {
  const failure = caughtFailure(() => parseMetric(text))
  expect(failure.kind).toBe('usage')
  expect(failure.message).toBe(`--metric: no metric has this name: ${text || '(empty)'}`)
  expect(failure.cure).toContain('metrics: p50, p90, p99, p99.9, max, throughput, cpu')
})

test('a mistyped name is answered with the nearest one', () => {
  expect(caughtFailure(() => parseMetric('troughput')).cure).toMatch(/^did you mean throughput\?/)
})
