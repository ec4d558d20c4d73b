import { CrossoverError } from '../base/errors.ts'
import { judgeChange } from '../stats/change.ts'
import { SMALLEST_RATIO } from '../stats/verdict.ts'
import {
  type ArmChange,
  armsNamed,
  type CompareOptions,
  type ComparedRun,
  type LoadChange,
  type MetricChange,
  type ScenarioChange,
} from './compare-change.ts'
import { conditionsOf, otherConditions } from './compare-conditions.ts'
import { environmentWarnings } from './compare-environments.ts'
import { ownChange, relativeChange } from './compare-figures.ts'
import { isLatency, metricAt } from '../words/metrics.ts'
import { apart, JUDGED_APART, type LoadMatch, matchLoads } from './compare-loads.ts'
import { unsoundReport } from './compare-sound.ts'
import type { LoadedReport } from './load.ts'
import {
  COMPARISON_NAMES,
  type ComparisonName,
  type Load,
  type Report,
  type Trial,
  type TrialSet,
} from './schema.ts'

/**
 * Compares two runs of one scenario, load by load and arm by arm. @returns the usage error that says why they must not be
 * compared, when they must not.
 */
export function compareReports(
  before: LoadedReport,
  after: LoadedReport,
  options: CompareOptions,
): ScenarioChange | CrossoverError {
  const [old, now] = [before.report, after.report]
  const refusal =
    unsoundReport(before) ??
    unsoundReport(after) ??
    otherConditions(conditionsOf(old), conditionsOf(now), old.run.command)
  if (refusal !== undefined) return refusal
  const loads = matchLoads(now.scenario.name, old.loads, now.loads)
  if (loads instanceof CrossoverError) return loads
  const labels = now.arms.map(({ label }) => label)
  const oldLabels = old.arms.map(({ label }) => label)
  return {
    scenario: now.scenario.name,
    params: now.scenario.params,
    old: runOf(before),
    new: runOf(after),
    loads: loads.matches.map((match) => loadChange(old, now, match, options)),
    withoutPartner: [
      ...loads.withoutPartner,
      ...missing(oldLabels, labels).map((label) => `arm ${label} of the old report`),
      ...missing(labels, oldLabels).map((label) => `arm ${label} of the new report`),
    ],
    warnings: [...environmentWarnings(old, now), ...loadWarnings(loads.matches)],
  }
}

function runOf({ report, file }: LoadedReport): ComparedRun {
  return { file, startedAt: report.run.startedAt, crossover: report.environment.crossover }
}

function missing(labels: readonly string[], from: readonly string[]): readonly string[] {
  return labels.filter((label) => !from.includes(label))
}

function loadChange(
  old: Report,
  now: Report,
  { before, after, ratio }: LoadMatch,
  options: CompareOptions,
): LoadChange {
  const isClosed = after.offeredPerSecond === null
  const metric = metricAt(after, now.run.metric)
  const isAboutMetric = metric === old.run.metric && metric === now.run.metric
  const bands = [old.band?.ratios[before.label], now.band?.ratios[after.label]]
  const threshold = thresholdOf(isAboutMetric ? bands : [])
  const openBecause = apart(ratio) > JUDGED_APART ? `its loads are ${apartText(ratio)} apart` : null
  const both = now.arms.filter(({ label }) => old.arms.some((arm) => arm.label === label))
  const trials = [before, after].flatMap(({ sets }) => trialsOf(sets, both))
  const arms = subjectsOf(both, now.comparisons, options.control).map((subject): ArmChange => {
    const metrics = COMPARISON_NAMES.filter((name) => !isClosed || !isLatency(name)).map((name) =>
      metricChange(before.sets, after.sets, subject, name, options.level),
    )
    const { label, architecture, control, isUnchanged } = subject
    const judged = metrics.find((change) => change.metric === metric)?.change ?? null
    const outcome =
      judged === null || openBecause !== null
        ? 'inconclusive'
        : judgeChange(judged, options.level, threshold)
    return {
      label,
      architecture,
      control,
      isUnchanged,
      metrics,
      outcome: isUnchanged ? null : outcome,
    }
  })
  return {
    label: after.label,
    oldPerSecond: before.offeredPerSecond,
    newPerSecond: after.offeredPerSecond,
    oldPairs: before.sets.length,
    newPairs: after.sets.length,
    metric,
    threshold,
    openBecause,
    markedTrials: trials.filter(({ gates }) => gates.some(({ passed }) => !passed)).length,
    trials: trials.length,
    arms,
  }
}

/** An arm, and what it is judged against. */
interface Subject {
  readonly label: string
  readonly architecture: string
  readonly control: string | null
  readonly isControlUnchanged: boolean
  readonly isUnchanged: boolean
}

function subjectsOf(
  arms: Report['arms'],
  comparisons: Report['comparisons'],
  control: string,
): readonly Subject[] {
  const unchanged = armsNamed(control, arms)
  return arms.map(({ label, architecture }) => {
    const other = partnerOf(label, arms, comparisons)
    const isUnchanged = unchanged.includes(label)
    return {
      label,
      architecture,
      control: control === 'none' || isUnchanged ? null : other,
      isControlUnchanged: other !== null && unchanged.includes(other),
      isUnchanged,
    }
  })
}

/** The arm with which the run compared it first; of more than two not every one is compared with every other. */
function partnerOf(
  label: string,
  arms: Report['arms'],
  comparisons: Report['comparisons'],
): string | null {
  const partners = comparisons.flatMap(({ first, second }) =>
    first === label ? [second] : second === label ? [first] : [],
  )
  const others = arms.map((arm) => arm.label).filter((other) => other !== label)
  return partners.find((partner) => others.includes(partner)) ?? others[0] ?? null
}

function metricChange(
  before: readonly TrialSet[],
  after: readonly TrialSet[],
  { label, control, isControlUnchanged }: Subject,
  metric: ComparisonName,
  level: number,
): MetricChange {
  const own = ownChange(before, after, label, metric, level)
  if (control === null) {
    const change = own === null ? null : { own, control: null, isControlUnchanged }
    return { metric, own, relative: null, change }
  }
  const relative = relativeChange(before, after, label, control, metric, level)
  const controlOwn = ownChange(before, after, control, metric, level)
  const change =
    own === null || relative === null || controlOwn === null
      ? null
      : { own, control: { own: controlOwn, relative }, isControlUnchanged }
  return { metric, own, relative, change }
}

/**
 * What two runs of this machine stray from each other: variances add up, so of two bands it is the root of the sum of
 * their logarithms' squares, and a missing one is taken to be like the other.
 */
function thresholdOf(bands: readonly (number | undefined)[]): number {
  const known = bands.filter((band) => band !== undefined)
  if (known.length === 0) return SMALLEST_RATIO
  const squares = known.reduce((sum, band) => sum + Math.log(band) ** 2, 0)
  return Math.max(SMALLEST_RATIO, Math.exp(Math.sqrt((squares * 2) / known.length)))
}

function trialsOf(
  sets: Load['sets'],
  arms: readonly { readonly label: string }[],
): readonly Trial[] {
  return sets.flatMap(({ trials }) =>
    arms.flatMap(({ label }) => (trials[label] === undefined ? [] : [trials[label]])),
  )
}

function loadWarnings(matches: readonly LoadMatch[]): Report['warnings'] {
  const byShare = Map.groupBy(
    matches.filter(({ ratio }) => apart(ratio) > JUDGED_APART),
    ({ ratio }) => apartText(ratio),
  )
  return [...byShare].map(([share, of]) => ({
    code: 'loads-apart',
    message: `loads are ${share} apart, so nothing is judged there: ${of.map(({ before }) => before.label).join(', ')}; a share of a capacity that was measured anew is another load`,
    cure: 'offer the same: crossover run --baseline <old>, or --loads in requests per second',
  }))
}

function apartText(ratio: number): string {
  return `${((apart(ratio) - 1) * 100).toFixed(1)} %`
}
