import { expect, test } from 'vitest'
import { loadCurves } from '../../harness/render/load-curves.ts'
import { repeatedTrial, sampleReport } from './sample-report.ts'

test('repeated trials enter no curve', () => {
  const report = sampleReport()
  const load = report.loads[0]!
  const before = loadCurves(report, load)
  load.pairs[0]!.discarded.push(repeatedTrial('staged', 1, ['halves']))
  expect(loadCurves(report, load)).toEqual(before)
})
