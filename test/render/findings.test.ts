import { expect, test } from 'vitest'
import { failedGates, incompleteNotice, voidTrials } from '../../harness/render/findings.ts'
import { sampleReport, troubledReport } from './sample-report.ts'

test('a sound report has no findings', () => {
  const report = sampleReport()
  expect([voidTrials(report), failedGates(report), incompleteNotice(report)]).toEqual([
    [],
    [],
    null,
  ])
})

test('void trials are named with their load, arm and pair', () => {
  expect(voidTrials(troubledReport())).toEqual([
    { where: '20%, sharded: pair 1', what: '3 of 2,000 answers carry a wrong checksum' },
  ])
})

test('trials that failed the same gate share an entry', () => {
  const report = troubledReport()
  for (const pair of report.loads[1]!.pairs.slice(1, 3)) {
    pair.trials['sharded']!.gates.push({
      name: 'saturated',
      passed: false,
      figure: `9${pair.index}%`,
      message: 'requests piled up',
    })
  }
  expect(failedGates(report)).toContainEqual({
    where: '50%, sharded: pairs 2, 3',
    what: 'saturated: requests piled up (91%; 92%)',
  })
})

test('trials of the reference arm are looked at, too', () => {
  const report = sampleReport()
  report.reference!.trials[2]!.void = 'lost update'
  expect(voidTrials(report)).toEqual([
    { where: '50%, staged:layout=fused: pair 3', what: 'lost update' },
  ])
})

test('a run that goes on is not called stopped', () => {
  const report = { ...sampleReport(), complete: false, ending: null }
  expect(incompleteNotice(report)).toBe('This run is not finished: what follows may change.')
})
