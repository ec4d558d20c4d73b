import { expect, test } from 'vitest'
import { gateRows } from '../../../harness/render/report/findings.ts'
import { sampleReport, troubledReport } from '../sample-report.ts'

test('every gate has the trials that passed of those that it was applied to', () => {
  expect(gateRows(sampleReport())).toEqual([['saturated', '18 of 18', '18 of 18']])
  expect(gateRows(troubledReport())).toEqual([
    ['saturated', '12 of 12', '12 of 12'],
    ['noisy machine', '0 of 1', '–'],
  ])
})
