import { expect, test } from 'vitest'
import { counterRows } from '../../harness/render/counter-rows.ts'
import { sampleReport } from './sample-report.ts'

function hiccupRow(beforeNs: number | null, afterNs: number | null): unknown {
  const report = sampleReport()
  const load = report.loads[0]!
  for (const pair of load.pairs) pair.trials['staged']!.hiccups = { beforeNs, afterNs }
  return counterRows(report, load).find(({ label }) => label === 'longest hiccup beside the trial')
}

test.each([
  [300_000, 20_000, '300 µs'],
  [20_000, 300_000, '300 µs'],
  [null, 300_000, '300 µs'],
  [null, null, '–'],
])(
  'of the hiccups before and after a trial, %j and %j, the longer one counts',
  (before, after, text) => {
    expect(hiccupRow(before, after)).toMatchObject({ first: text })
  },
)

test('what declared waits asked for stands beside what they took, where there were some', () => {
  const report = sampleReport()
  const load = report.loads[0]!
  const row = () => counterRows(report, load).find(({ label }) => label === 'declared wait')
  expect(row()).toBeUndefined()
  for (const pair of load.pairs) {
    const { counters } = pair.trials['staged']!
    const declaredWaits = { count: 10, askedNs: 1_000_000, actualNs: 1_520_000 }
    pair.trials['staged'] = { ...pair.trials['staged']!, counters: { ...counters, declaredWaits } }
  }
  expect(row()).toEqual({ label: 'declared wait', first: 'asked 100 µs, took 152 µs', second: '–' })
})

test('what background work asked for stands beside what was done of it', () => {
  const report = sampleReport()
  const load = report.loads[0]!
  for (const pair of load.pairs)
    for (const trial of Object.values(pair.trials))
      trial.backgroundShare = { asked: 0.2, done: trial.arm === 'staged' ? 0.198 : 0 }
  expect(counterRows(report, load).at(-1)).toEqual({
    label: 'background work',
    first: '20% of the processors asked, 19.8% done',
    second: '20% of the processors asked, 0% done',
  })
})
