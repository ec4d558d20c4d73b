import { expect, test } from 'vitest'
import { predictabilityRows } from '../../../harness/render/report/summary-rows.ts'
import { soundTrials } from '../../../harness/render/report/pair-figures.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import type { Trial } from '../../../harness/results/schema.ts'
import { sampleReport } from '../sample-report.ts'

function trialsOf(p99s: readonly number[], tail = 4): Trial[] {
  const report = pairReport(sampleReport())
  const [first] = soundTrials(report, report.loads[0]!)
  return p99s.map((ns) => {
    const trial = structuredClone(first[0]!)
    const known = { atLeast: false }
    trial.percentiles.p50 = { ns: 100, ...known }
    trial.percentiles.p99 = { ns, ...known }
    trial.percentiles.p99_9 = { ns: 100 * tail, ...known }
    return trial
  })
}

test('tells tail over median of each arm, and how far p99 wandered', () => {
  const rows = predictabilityRows([trialsOf([200, 300], 4), trialsOf([200, 220], 2)])
  expect(rows.map(([, first, second]) => [first, second])).toEqual([
    ['4.00×', '2.00×'],
    ['1.50×', '1.10×'],
  ])
  expect(rows[0]![3]).toContain('0.50×')
})

test('a percentile on unanswered requests has no such figure, one trial no spread', () => {
  const [trial] = trialsOf([200])
  trial!.percentiles.p99_9 = { ns: 1_000, atLeast: true }
  const rows = predictabilityRows([[trial!], trialsOf([200])])
  expect(rows.map(([, first]) => first)).toEqual(['–', '–'])
})

test('nothing is told of no trials', () => {
  expect(predictabilityRows([[], []])).toEqual([])
})
