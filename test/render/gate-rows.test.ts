import { expect, test } from 'vitest'
import { gateRows } from '../../harness/render/report/gates.ts'
import { sampleReport, troubledReport } from './sample-report.ts'

test('every gate has the trials that passed of those that it was applied to', () => {
  expect(gateRows(sampleReport())).toEqual([
    { label: 'saturated', cells: ['18 of 18', '18 of 18'] },
  ])
  expect(gateRows(troubledReport())).toEqual([
    { label: 'saturated', cells: ['12 of 12', '12 of 12'] },
    { label: 'noisy machine', cells: ['0 of 1', '–'] },
  ])
})
