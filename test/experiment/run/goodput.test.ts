import { expect, test } from 'vitest'
import { encodeHistogram, histogramFromBuckets } from '../../../harness/results/histogram.ts'
import type { Report, Trial } from '../../../harness/results/schema.ts'
import { Goodput } from '../../../harness/experiment/run/goodput.ts'
import { sampleReport, sampleTrial } from '../../render/sample-report.ts'

const MS = 1_000_000

/** A trial with so many answers at 1 and at 30 ms. */
function answering(fast: number, slow: number, p99Ns = 1 * MS): Trial {
  const trial = sampleTrial('staged', 1, 1_000, 0, 10)
  return {
    ...trial,
    histogram: encodeHistogram(
      histogramFromBuckets([
        [1 * MS, fast],
        [30 * MS, slow],
      ]),
    ),
    percentiles: { ...trial.percentiles, p99: { ns: p99Ns, atLeast: false } },
  }
}

function reportWithin(ns: number | null): Report {
  const report = sampleReport()
  report.run.within = { asked: ns === null ? '10x' : `${ns}ns`, ns }
  return report
}

test('a stated time splits the answers of each trial', () => {
  const report = reportWithin(20 * MS)
  const goodput = new Goodput({ kind: 'time', text: '20ms', ns: 20 * MS }, report)
  expect(goodput.isOpen).toBe(false)
  expect(goodput.counted(answering(70, 30)).useful).toEqual({ withinNs: 20 * MS, count: 70 })
})

test('a multiple is fixed by the first set of the first load, for all that was and will be played', () => {
  const report = reportWithin(null)
  const goodput = new Goodput({ kind: 'times', text: '10x', factor: 10 }, report)
  expect(goodput.isOpen).toBe(true)
  expect(goodput.openWarning()).toMatchObject({ code: 'within' })
  const before = answering(5, 5)
  expect(goodput.counted(before)).toBe(before)
  const [first, second] = report.loads
  first!.sets[0]!.trials = { staged: answering(70, 30, 1 * MS), sharded: answering(1, 1, 4 * MS) }
  second!.sets[0]!.trials = { staged: answering(3, 4) }
  goodput.fixBy(first!.sets[0]!)
  expect(report.run.within!.ns).toBe(40 * MS)
  expect(goodput.isOpen).toBe(false)
  expect(goodput.openWarning()).toBeNull()
  expect(first!.sets[0]!.trials['staged']!.useful).toEqual({ withinNs: 40 * MS, count: 100 })
  expect(second!.sets[0]!.trials['staged']!.useful).toEqual({ withinNs: 40 * MS, count: 7 })
  // Later sets change nothing.
  goodput.fixBy({ ...first!.sets[0]!, trials: { staged: answering(1, 1, 9 * MS) } })
  expect(report.run.within!.ns).toBe(40 * MS)
})

test.each([
  ['left its p99 unanswered', (trial: Trial) => (trial.percentiles.p99.atLeast = true)],
  ['answered wrongly', (trial: Trial) => (trial.void = 'lost updates')],
])('a set in which an arm %s fixes nothing: the next one may', (_, spoil) => {
  const report = reportWithin(null)
  const goodput = new Goodput({ kind: 'times', text: '10x', factor: 10 }, report)
  const [set, next] = report.loads[0]!.sets
  set!.trials = { staged: answering(1, 1), sharded: answering(1, 1) }
  spoil(set!.trials['sharded']!)
  goodput.fixBy(set!)
  expect(goodput.isOpen).toBe(true)
  expect(goodput.openWarning()!.message).toContain('in no round all arms had one there')
  next!.trials = { staged: answering(1, 1), sharded: answering(1, 1, 2 * MS) }
  goodput.fixBy(next!)
  expect(report.run.within!.ns).toBe(20 * MS)
})
