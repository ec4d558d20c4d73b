import { expect, test } from 'vitest'
import { breakEvenText } from '../../../harness/render/report/capacity-rows.ts'
import { sampleReport } from '../sample-report.ts'

test('the break-even says on which side the run lies, and that it is theory', () => {
  expect(breakEvenText(sampleReport())).toBe(
    'Break-even on 2 cores: sharded wins under p99 ≤ 84 µs (ten times staged’s CPU per request) if it spends less ' +
      'than 6.89 µs (0.82× staged’s 8.40 µs) of CPU per request; measured 3.10 µs (0.37×, range 0.36–0.38): below. ' +
      'This is theory: it assumes Poisson arrivals and exponential service.',
  )
})

test('a single measurement has no range', () => {
  const report = sampleReport()
  report.breakEven!.measuredRatio.n = 1
  expect(breakEvenText(report)).toContain('; measured 3.10 µs (0.37×, n = 1): below.')
})

test('without the times there are the shares', () => {
  expect(breakEvenText({ ...sampleReport(), capacity: null })).toContain(
    'less than 0.82× staged’s CPU per request; measured 0.37× (range 0.36–0.38): below.',
  )
})

test.each([
  [0.35, ': above.'],
  [0.36, ': too close to tell.'],
  [0.37, ': too close to tell.'],
  [0.38, ': too close to tell.'],
  [0.39, ': below.'],
])('with a break-even ratio of %d the measured 0.36–0.38 is%s', (breakEvenRatio, side) => {
  const report = sampleReport()
  report.breakEven!.breakEvenRatio = breakEvenRatio
  expect(breakEvenText(report)).toContain(side)
})

test('an objective of the user is called one', () => {
  const report = sampleReport()
  report.breakEven!.objective = { percentile: 'p99_9', ns: 1_500_000, source: 'slo' }
  expect(breakEvenText(report)).toContain('wins under p99.9 ≤ 1.5 ms (the objective) if')
})

test('without theory there is no sentence', () => {
  expect(breakEvenText({ ...sampleReport(), breakEven: null })).toBeNull()
})
