import fc from 'fast-check'
import { expect, test } from 'vitest'
import { extremeRows, timeLine, windowPerSecond } from '../../../harness/render/report/time-line.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { detailedReport } from '../detailed-report.ts'
import { sampleReport } from '../sample-report.ts'

const report = pairReport(detailedReport())
const load = report.loads[0]!

test('trials lie one after the other in the order in which they ran', () => {
  const { trials, length, pairsLeftOut } = timeLine(report, load)!
  expect(trials.map(({ pair, arm }) => `${pair}${report.arms[arm]!.label}`)).toEqual(
    load.pairs.flatMap(({ order }, index) => order.map((label) => `${index + 1}${label}`)),
  )
  for (const [index, { from, to, windows }] of trials.entries()) {
    expect(from).toBeGreaterThanOrEqual(trials[index - 1]?.to ?? 0)
    expect(to).toBe(from + 10)
    expect(windows[0]!.position).toBe(from + 0.5)
    expect(windows.at(-1)!.position).toBe(to - 0.5)
  }
  expect(length).toBe(trials.at(-1)!.to)
  expect(pairsLeftOut).toBe(0)
})

test('windows of a shorter end count per second of their own length', () => {
  const window = { startMs: 200, completed: 50, p50Ns: 1, p99Ns: 1, maxNs: 1 }
  expect(windowPerSecond({ steadySeconds: 1 }, window)).toBe(500)
  expect(windowPerSecond({ steadySeconds: 0.25 }, window)).toBe(1_000)
})

test('a window without any answer has no p99', () => {
  const other = pairReport(detailedReport())
  other.loads[0]!.pairs[0]!.trials['staged']!.series[3]!.completed = 0
  const windows = timeLine(other, other.loads[0]!)!.trials[0]!.windows
  expect(windows[3]).toMatchObject({ perSecond: 0, p99Ns: null })
  expect(windows[4]!.p99Ns).not.toBeNull()
})

test('short hiccups are not marked', () => {
  const trials = timeLine(report, load)!.trials
  expect(trials.every(({ hiccupBeforeNs }) => hiccupBeforeNs === null)).toBe(true)
  expect(trials.some(({ hiccupAfterNs }) => (hiccupAfterNs ?? 0) >= 200_000)).toBe(true)
})

test('pairs for which there is no room are counted, and the first one is always there', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), (windows) => {
      const other = pairReport(detailedReport()).loads[0]!
      for (const { trials } of other.pairs)
        for (const trial of Object.values(trials))
          trial.series = Array.from({ length: windows }, () => trial.series[0]!)
      const { trials, pairsLeftOut } = timeLine(report, other)!
      expect(trials.length / 2 + pairsLeftOut).toBe(6)
      expect(trials.length).toBeGreaterThan(0)
      expect(trials.length * windows).toBeLessThanOrEqual(1_500)
    }),
    { numRuns: 20 },
  )
})

test('void pairs and trials without windows have no time line', () => {
  const plain = pairReport(sampleReport())
  expect(timeLine(plain, plain.loads[0]!)).toBeNull()
  const other = pairReport(detailedReport())
  other.loads[0]!.pairs[0]!.trials['staged']!.void = 'wrong'
  expect(timeLine(other, other.loads[0]!)!.trials[0]!.pair).toBe(2)
})

test('extremes say in which pair and window they were', () => {
  const other = pairReport(detailedReport())
  const trial = other.loads[0]!.pairs[2]!.trials['staged']!
  trial.series[4]!.completed = 1
  trial.series[7]!.p99Ns = 7_000_000_000
  trial.counters.longestGapNs = 8_000_000_000
  trial.hiccups.beforeNs = 9_000_000_000
  expect(extremeRows(other)[0]).toEqual([
    '20% (800/s), staged',
    '10/s (pair 3, 400 ms)',
    '7.00 s (pair 3, 700 ms)',
    '8.00 s (pair 3)',
    '9.00 s (pair 3, before)',
  ])
})
