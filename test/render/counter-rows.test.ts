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
