import { expect, test } from 'vitest'
import { classNames, reportOfClass, trialOfClass } from '../../harness/results/request-class.ts'
import { FIRST, sampleReport, sampleTrial } from '../render/sample-report.ts'

const whole = sampleTrial(FIRST, 1, 1_000, 0, 10)
const innocent = {
  name: 'innocent',
  counts: { due: 3, completed: 2, refused: 1, unanswered: 0 },
  histogram: 'of the innocent',
  minNs: 1,
  maxNs: 2,
  percentiles: { ...whole.percentiles, p99: { ns: 2, atLeast: true } },
}
const trial = { ...whole, classes: [innocent] }

test('a trial seen for a class has its counts and latencies; all else is of all requests', () => {
  const { name: _, ...latencies } = innocent
  expect(trialOfClass(trial, 'innocent')).toEqual({ ...trial, ...latencies })
  expect(trialOfClass(trial, null)).toBe(trial)
})

test('a trial that counted no such class has no figures of it', () => {
  for (const other of [whole, trial]) {
    const { counts, percentiles, achievedPerSecond } = trialOfClass(other, 'guilty')
    expect(counts.due).toBe(0)
    expect(percentiles.p99).toEqual({ ns: 0, atLeast: false })
    expect(achievedPerSecond).toBe(other.achievedPerSecond)
  }
})

test('a report is seen for a class in every trial, and names those that it has', () => {
  const report = sampleReport()
  expect(classNames(report)).toEqual([])
  for (const { sets } of report.loads)
    for (const set of sets) for (const one of Object.values(set.trials)) one.classes = [innocent]
  expect(classNames(report)).toEqual(['innocent'])
  const seen = reportOfClass(report, 'innocent')
  const p99s = seen.loads.flatMap(({ sets }) =>
    sets.flatMap(({ trials }) => Object.values(trials).map(({ percentiles }) => percentiles.p99)),
  )
  expect(new Set(p99s)).toEqual(new Set([innocent.percentiles.p99]))
  expect(report.loads[0]!.sets[0]!.trials[FIRST]!.percentiles.p99.ns).not.toBe(2)
})
