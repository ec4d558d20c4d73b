import { expect, test } from 'vitest'
import {
  failedGates,
  failedGatesInShort,
  voidTrials,
} from '../../../harness/render/report/findings.ts'
import { partialText } from '../../../harness/render/view/measured.ts'
import { sampleReport, troubledReport } from '../sample-report.ts'
import { threeArmReport } from '../three-arm-report.ts'

test('a sound report has no findings', () => {
  const report = sampleReport()
  expect([voidTrials(report), failedGates(report), partialText('run', report)]).toEqual([
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
  for (const { round, trials } of report.loads[1]!.sets.slice(1, 3)) {
    trials['sharded']!.gates.push({
      name: 'saturated',
      passed: false,
      figure: `9${round}%`,
      message: 'requests piled up',
    })
  }
  expect(failedGates(report)).toContainEqual({
    where: '50%, sharded: pairs 2, 3',
    what: 'saturated: requests piled up (91%; 92%)',
  })
})

test('in short a gate is told once for all pairs of an arm at a load', () => {
  const report = sampleReport()
  const { label, sets } = report.loads[1]!
  for (const [index, { trials }] of sets.entries())
    trials['staged']!.gates.push({
      name: 'completed',
      passed: index < 2,
      figure: `${80 + index}.5 % answered`,
      message: 'saturated: the server did not keep up',
    })
  const most = `${80 + sets.length - 1}.5`
  expect(failedGatesInShort(report)).toEqual([
    {
      where: `${label}, staged`,
      what: `gate completed failed in ${sets.length - 2} of ${sets.length} pairs: saturated (82.5–${most} % answered)`,
    },
  ])
})

test('trials of an arm that the report is not about are looked at, too', () => {
  const report = threeArmReport()
  report.loads[1]!.sets[2]!.trials['staged:layout=fused']!.void = 'lost update'
  expect(voidTrials(report)).toEqual([
    { where: '50%, staged:layout=fused: pair 3', what: 'lost update' },
  ])
})

test('a run that goes on is not called stopped', () => {
  const report = { ...sampleReport(), complete: false, ending: null }
  expect(partialText('run', report)).toBe('This run is not finished: what follows may change.')
})
