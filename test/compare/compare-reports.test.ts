import { expect, test } from 'vitest'
import { CrossoverError } from '../../harness/base/errors.ts'
import {
  type CompareOptions,
  compareReports,
  type ScenarioChange,
} from '../../harness/compare/reports.ts'
import type { Report } from '../../harness/results/schema.ts'
import { sampleReport } from '../render/sample-report.ts'
import { threeArmReport } from '../render/three-arm-report.ts'
import { asLoaded, earlier, scaledReport } from '../results/scaled-report.ts'

const OTHER: CompareOptions = { level: 0.95, control: 'other' }

function compare(after: Report, options = OTHER, before = scaledReport()): ScenarioChange {
  const change = compareReports(
    asLoaded(earlier(before), 'old/report.json'),
    asLoaded(after),
    options,
  )
  if (change instanceof CrossoverError) throw change
  return change
}

/** `staged none, sharded larger` at the middle load. */
const outcomes = ({ loads }: ScenarioChange) =>
  loads[1]!.arms.map(({ label, outcome }) => `${label} ${outcome}`)

test('a run of the same is no change', () => {
  const change = compare(scaledReport({ seed: 2 }))
  expect(change.loads.map(({ label }) => label)).toEqual(['20%', '50%', '80%'])
  expect(outcomes(change)).toEqual(['staged none', 'sharded none'])
  expect(change).toMatchObject({ withoutPartner: [], warnings: [] })
})

test('an arm that got slower is found, also on a machine that is slower as a whole', () => {
  const slower = compare(scaledReport({ sharded: 1.2, seed: 2 }))
  expect(outcomes(slower)).toEqual(['staged none', 'sharded larger'])
  const drifted = compare(scaledReport({ staged: 1.05, sharded: 1.05 * 1.2, seed: 2 }))
  expect(outcomes(drifted)[1]).toBe('sharded larger')
  const p99 = drifted.loads[1]!.arms[1]!.metrics.find(({ metric }) => metric === 'p99')
  expect(p99?.own?.value).toBeCloseTo(1.26, 1)
  expect(p99?.relative?.value).toBeCloseTo(1.2, 1)
})

test('what both did alike is told as that; by themselves both changed', () => {
  const both = scaledReport({ staged: 1.3, sharded: 1.3, seed: 2 })
  expect(outcomes(compare(both))).toEqual(['staged alike', 'sharded alike'])
  const alone = compare(both, { level: 0.95, control: 'none' })
  expect(outcomes(alone)).toEqual(['staged larger', 'sharded larger'])
  expect(alone.loads[0]!.arms[0]).toMatchObject({ control: null, isUnchanged: false })
})

test('of an arm that is known to be unchanged every difference is the other’s', () => {
  const faster = scaledReport({ staged: 0.8, seed: 2 })
  expect(outcomes(compare(faster))).toEqual(['staged smaller', 'sharded none'])
  const unchanged = compare(faster, { level: 0.95, control: 'staged' })
  expect(outcomes(unchanged)).toEqual(['staged null', 'sharded larger'])
  expect(unchanged.loads[0]!.arms[0]).toMatchObject({ isUnchanged: true, control: null })
})

test('an arm alone in both reports is judged by itself', () => {
  const fused = scaledReport({ sharded: 1.2, seed: 2 })
  fused.arms[0] = { ...fused.arms[0]!, label: 'staged:layout=fused' }
  for (const { sets } of fused.loads) {
    for (const { trials } of sets) {
      trials['staged:layout=fused'] = trials['staged']!
      delete trials['staged']
    }
  }
  const change = compare(fused)
  expect(change.withoutPartner).toEqual([
    'arm staged of the old report',
    'arm staged:layout=fused of the new report',
  ])
  expect(change.loads[1]!.arms).toMatchObject([
    { label: 'sharded', control: null, outcome: 'larger' },
  ])
})

test('loads that are a little apart are shown, warned of and not judged', () => {
  const change = compare(scaledReport({ sharded: 1.5, load: 1.05, seed: 2 }))
  expect(outcomes(change)).toEqual(['staged inconclusive', 'sharded inconclusive'])
  expect(change.loads[1]).toMatchObject({
    oldPerSecond: 2_000,
    newPerSecond: 2_100,
    openBecause: 'its loads are 5.0 % apart',
  })
  expect(change.warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^loads are 5\.0 % apart, so nothing is judged there: 20%, 50%, 80%; /),
  ])
  expect(outcomes(compare(scaledReport({ sharded: 1.5, load: 1.01, seed: 2 })))[1]).toBe(
    'sharded larger',
  )
})

test('with a closed window throughput is judged, and latency is not compared', () => {
  const closed = (report: Report): Report => {
    report.loads = [{ ...report.loads[1]!, label: 'max', offeredPerSecond: null }]
    return report
  }
  const slower = closed(scaledReport({ seed: 2 }))
  for (const { trials } of slower.loads[0]!.sets) trials['sharded']!.achievedPerSecond *= 0.8
  const { loads } = compare(slower, OTHER, closed(scaledReport()))
  expect(loads).toMatchObject([{ label: 'max', metric: 'achievedPerSecond', oldPerSecond: null }])
  expect(loads[0]!.arms.map(({ outcome }) => outcome)).toEqual(['none', 'smaller'])
  expect(loads[0]!.arms[0]!.metrics.map(({ metric }) => metric)).toEqual([
    'achievedPerSecond',
    'cpuPerRequest',
  ])
})

test('bands of a machine raise the threshold: their squares add up, a missing one is like the other', () => {
  const banded = (ratio?: number): Report => {
    const report = scaledReport()
    if (ratio !== undefined) report.band = { ...sampleReport().band!, ratios: { '50%': ratio } }
    return report
  }
  const threshold = (before: Report, after: Report) =>
    compare(after, OTHER, before).loads[1]!.threshold
  expect(threshold(banded(Math.exp(0.3)), banded(Math.exp(0.4)))).toBeCloseTo(Math.exp(0.5), 12)
  expect(threshold(banded(), banded(Math.exp(0.1)))).toBeCloseTo(Math.exp(0.1 * Math.SQRT2), 12)
  expect(threshold(banded(), banded())).toBe(1.05)
  const otherMetric = banded(2)
  otherMetric.run.metric = 'p50'
  expect(threshold(banded(), otherMetric)).toBe(1.05)
})

test('trials that failed a gate are counted', () => {
  const doubtful = scaledReport({ seed: 2 })
  doubtful.loads[1]!.sets[0]!.trials['staged']!.gates[0]!.passed = false
  expect(compare(doubtful).loads[1]).toMatchObject({ markedTrials: 1, trials: 24 })
})

test('too few trials have no verdict', () => {
  const few = scaledReport({ sharded: 2, seed: 2 })
  for (const load of few.loads) load.sets = load.sets.slice(0, 1)
  expect(outcomes(compare(few))).toEqual(['staged inconclusive', 'sharded inconclusive'])
})

test('what must not be compared is returned as the reason', () => {
  const other = scaledReport()
  other.run.durationSeconds = 2
  const reason = compareReports(asLoaded(scaledReport()), asLoaded(other), OTHER)
  expect(reason).toMatchObject({ kind: 'usage', code: 'compare-duration' })
  const far = compareReports(
    asLoaded(earlier(scaledReport())),
    asLoaded(scaledReport({ load: 2 })),
    OTHER,
  )
  expect(far).toMatchObject({ kind: 'usage', code: 'compare-loads-apart' })
})

test('of three arms each is judged against the one with which its run compared it', () => {
  const change = compare(threeArmReport(), OTHER, threeArmReport())
  expect(change.withoutPartner).toEqual([])
  expect(change.loads[0]!.arms).toMatchObject([
    { label: 'staged', control: 'sharded' },
    { label: 'sharded', control: 'staged' },
    { label: 'staged:layout=fused', control: 'sharded' },
  ])
})

/** The same report, whose every trial counted a class that has `factor` times the latencies of all requests. */
function withClass(report: Report, factor: number): Report {
  for (const { sets } of report.loads)
    for (const { trials } of sets)
      for (const trial of Object.values(trials)) {
        const { counts, histogram, minNs, maxNs } = trial
        const percentiles = structuredClone(trial.percentiles)
        for (const latency of Object.values(percentiles)) latency.ns *= factor
        trial.classes = [{ name: 'light', counts, histogram, minNs, maxNs, percentiles }]
      }
  return report
}

test('latencies of a class are compared where it is asked for, or the new run was about it', () => {
  const before = withClass(scaledReport(), 1)
  const after = withClass(scaledReport({ seed: 2 }), 1.5)
  const none = { level: 0.95, control: 'none' }
  expect(outcomes(compare(after, none, before))).toEqual(['staged none', 'sharded none'])
  const seen = compare(after, { ...none, requestClass: 'light' }, before)
  expect(outcomes(seen)).toEqual(['staged larger', 'sharded larger'])
  expect(seen.requestClass).toBe('light')
  after.run.requestClass = 'light'
  expect(outcomes(compare(after, none, before))).toEqual(outcomes(seen))
})

test('a class that a run has not is refused with those that it has', () => {
  const [before, after] = [scaledReport(), withClass(scaledReport({ seed: 2 }), 1)]
  const asked = { ...OTHER, requestClass: 'heavy' }
  expect(() => compare(after, asked, withClass(scaledReport(), 1))).toThrow(
    expect.objectContaining({ kind: 'usage', cure: 'classes: light' }),
  )
  expect(() => compare(after, asked, before)).toThrow(
    expect.objectContaining({
      message: 'report has no class of requests heavy: path=old/report.json',
      cure: 'leave out --class',
    }),
  )
})
