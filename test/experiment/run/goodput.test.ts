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

test('a multiple is fixed by the first set of the first load, for all that comes later', () => {
  const report = reportWithin(null)
  const goodput = new Goodput({ kind: 'times', text: '10x', factor: 10 }, report)
  expect(goodput.isOpen).toBe(true)
  const before = answering(5, 5)
  expect(goodput.counted(before)).toBe(before)
  const set = {
    ...report.loads[0]!.sets[0]!,
    trials: { staged: answering(70, 30, 1 * MS), sharded: answering(1, 1, 4 * MS) },
  }
  goodput.fixBy(set)
  expect(report.run.within!.ns).toBe(40 * MS)
  expect(set.trials.staged.useful).toEqual({ withinNs: 40 * MS, count: 100 })
  // Later sets change nothing.
  goodput.fixBy({ ...set, trials: { staged: answering(1, 1, 9 * MS) } })
  expect(report.run.within!.ns).toBe(40 * MS)
})

test('an arm that left its p99 unanswered at the first load has nothing to multiply', () => {
  const report = reportWithin(null)
  const goodput = new Goodput({ kind: 'times', text: '10x', factor: 10 }, report)
  const trial = answering(1, 1)
  trial.percentiles.p99.atLeast = true
  const set = { ...report.loads[0]!.sets[0]!, trials: { staged: trial } }
  expect(() => goodput.fixBy(set)).toThrow(/--within 10x .* arm=staged left requests unanswered/)
})
