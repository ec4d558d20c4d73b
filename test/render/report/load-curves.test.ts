import { expect, test } from 'vitest'
import { loadCurves } from '../../../harness/render/report/percentiles.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { repeatedSet, sampleReport } from '../sample-report.ts'

test('repeated trials enter no curve', () => {
  const report = sampleReport()
  const curves = () => loadCurves(pairReport(report), pairReport(report).loads[0]!)
  const before = curves()
  report.loads[0]!.sets[0]!.discarded.push(repeatedSet('staged', 1, ['noise']))
  expect(curves()).toEqual(before)
})
