import { expect, test } from 'vitest'
import {
  failedGates,
  failedGatesInShort,
  incompleteNotice,
  repeatedTrials,
  voidTrials,
} from '../../harness/render/findings.ts'
import { repeatedTrial, sampleReport, troubledReport } from './sample-report.ts'

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

test('in short a gate is told once for all pairs of an arm at a load', () => {
  const report = sampleReport()
  const { label, pairs } = report.loads[1]!
  for (const [index, { trials }] of pairs.entries())
    trials['staged']!.gates.push({
      name: 'completed',
      passed: index < 2,
      figure: `${80 + index}.5 % answered`,
      message: 'saturated: the server did not keep up',
    })
  const most = `${80 + pairs.length - 1}.5`
  expect(failedGatesInShort(report)).toEqual([
    {
      where: `${label}, staged`,
      what: `gate completed failed in ${pairs.length - 2} of ${pairs.length} pairs: saturated (82.5–${most} % answered)`,
    },
  ])
})

test('repeated trials are counted by gate, and nowhere else', () => {
  const report = sampleReport()
  expect(repeatedTrials(report)).toBeNull()
  report.loads[0]!.pairs[0]!.discarded.push(repeatedTrial('sharded', 1, ['halves']))
  expect(repeatedTrials(report)).toBe('1 trial failed a gate and was repeated (halves ×1)')
  for (const load of report.loads.slice(1)) {
    load.pairs[3]!.discarded.push(repeatedTrial('staged', 1, ['noisy machine']))
  }
  expect(repeatedTrials(report)).toBe(
    '3 trials failed a gate and were repeated (noisy machine ×2, halves ×1)',
  )
  expect(failedGates(report)).toEqual([])
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
