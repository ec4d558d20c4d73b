import { CrossoverError, usageError } from '../base/errors.ts'
import type { LoadedReport } from '../results/load.ts'
import { reportOfClass } from '../results/request-class.ts'
import {
  COMPARISON_NAMES,
  type ComparisonName,
  type Load,
  type Report,
  type Trial,
  type TrialSet,
} from '../results/schema.ts'
import { type Change, type ChangeOutcome, judgeChange } from '../stats/change.ts'
import type { Interval } from '../stats/intervals.ts'
import { SMALLEST_RATIO } from '../stats/verdict.ts'
import { formatPercent } from '../words/format.ts'
import { failedGatesOf, isLatency, metricAt } from '../words/metrics.ts'
import {
  armsNamed,
  changedNames,
  type ComparedRun,
  conditionsOf,
  environmentWarnings,
  furthestOwn,
  isOneTime,
  originDifferences,
  otherConditions,
  sameRun,
  unsoundReport,
} from './conditions.ts'
import { ownChange, relativeChange } from './figures.ts'

/** How runs are compared. */
export interface CompareOptions {
  /** Confidence of intervals and verdicts. */
  readonly level: number
  /**
   * What an arm is judged against. `other`: the other arm of its run, and a difference is put down to the one that moved
   * further; `none`: by itself; an arm's label or architecture: this one is known to be unchanged, only the other is judged.
   */
  readonly control: string
  /** The class of requests that latencies are of. @default that of the new run, mostly all requests */
  readonly requestClass?: string
  /** Names of the parameters that were changed on purpose: what the comparison is about. @default none */
  readonly changed?: readonly string[]
  /** Parameters that differ besides have been told, and refuse nothing. @default false */
  readonly areOthersTold?: boolean
}

/** One metric of one arm at one load. */
export interface MetricChange {
  readonly metric: ComparisonName
  /** New ÷ old of the arm's own figures; null where there is none. `upper` is ∞, `lower` 0 where the interval is open. */
  readonly own: Interval | null
  /** New ÷ old of arm ÷ control, where there is a control. */
  readonly relative: Interval | null
  /** What it is judged by; null where it cannot be judged. */
  readonly change: Change | null
}

/** One arm at one load. */
export interface ArmChange {
  readonly label: string
  readonly architecture: string
  /** The arm that it is judged against; null when it is judged by itself. */
  readonly control: string | null
  /** It is the control, known to be unchanged: it is not judged. */
  readonly isUnchanged: boolean
  readonly metrics: readonly MetricChange[]
  /** The verdict on the load's metric; null for an arm that is not judged. */
  readonly outcome: ChangeOutcome | null
}

/** One load that both runs have. */
export interface LoadChange {
  /** Of the new report. */
  readonly label: string
  /** Null for a closed window. */
  readonly oldPerSecond: number | null
  readonly newPerSecond: number | null
  readonly oldPairs: number
  readonly newPairs: number
  /** What its verdicts are about. */
  readonly metric: ComparisonName
  /** How far from 1 an interval must lie for a verdict: 1.05, or what two runs of this machine stray where that is more. */
  readonly threshold: number
  /** Why nothing is judged here; null when it is. */
  readonly openBecause: string | null
  /** Trials that failed a gate: they count, and are no good sign. */
  readonly markedTrials: number
  readonly trials: number
  readonly arms: readonly ArmChange[]
}

/** One scenario: what changed from one run of it to another. */
export interface ScenarioChange {
  readonly scenario: string
  readonly params: Report['scenario']['params']
  readonly old: ComparedRun
  readonly new: ComparedRun
  /** The class of requests that latencies are of; null for all. */
  readonly requestClass: string | null
  /** What was changed on purpose: `keys 100 → 1000`; null where nothing was named. */
  readonly subject: string | null
  /** Texts of what else differs than the machine: parameters, their defaults, files of the scenario, crossover. */
  readonly differences: readonly string[]
  readonly loads: readonly LoadChange[]
  /** Loads and arms that only one of both has: `load 80% of the old report`. */
  readonly withoutPartner: readonly string[]
  readonly warnings: Report['warnings']
}

/** Loads further apart are not compared: latency depends on load more than in proportion. */
const MOST_APART = 1.1
/** Loads further apart are shown and not judged: near saturation, p99 grows by up to five times as much as the load. */
const JUDGED_APART = 1.02

/** From so many per second on a whole number is near enough. */
const ROUNDED_FROM = 1_000

/** A load of the old report and the one of the new report that offers the same. */
interface LoadMatch {
  readonly before: Load
  readonly after: Load
  /** Offered now ÷ then; 1 where both have a closed window. */
  readonly ratio: number
}

/** Loads that can be compared, and the labels of those that cannot, for want of a partner. */
interface LoadMatches {
  readonly matches: readonly LoadMatch[]
  readonly withoutPartner: readonly string[]
}

/**
 * Matches loads by their labels, and the others by what they offer: a run with `--baseline` offers as requests per second
 * what was a share of the capacity in the old one. @returns a usage error when two of one label are further apart than 10 %.
 */
export function matchLoads(
  scenario: string,
  before: readonly Load[],
  after: readonly Load[],
): LoadMatches | CrossoverError {
  const matches = before.flatMap((old) => {
    const partner = after.find(({ label }) => label === old.label)
    return partner === undefined ? [] : [matchOf(old, partner)]
  })
  const far = matches.find(({ ratio }) => apart(ratio) > MOST_APART)
  if (far !== undefined) return tooFar(scenario, far, before)
  const isFree = (load: Load): boolean =>
    !matches.some(({ before: old, after: now }) => old === load || now === load)
  for (const old of before.filter(isFree)) {
    const [nearest] = after
      .filter(isFree)
      .map((load) => matchOf(old, load))
      .toSorted((a, b) => apart(a.ratio) - apart(b.ratio))
    if (nearest !== undefined && apart(nearest.ratio) <= MOST_APART) matches.push(nearest)
  }
  return {
    matches: matches.toSorted((a, b) => before.indexOf(a.before) - before.indexOf(b.before)),
    withoutPartner: [
      ...before.filter(isFree).map(({ label }) => `load ${label} of the old report`),
      ...after.filter(isFree).map(({ label }) => `load ${label} of the new report`),
    ],
  }
}

/** How far from 1 a ratio is, on either side: 0.8 → 1.25. */
export function apart(ratio: number): number {
  return Math.max(ratio, 1 / ratio)
}

/** `40000/s,100000/s,max`: what loads offered, fit for `--loads`. */
export function absoluteLoads(loads: readonly Load[]): string {
  return loads.map(absoluteLoad).join(',')
}

function absoluteLoad({ offeredPerSecond }: Load): string {
  if (offeredPerSecond === null) return 'max'
  return `${Number(offeredPerSecond.toFixed(offeredPerSecond < ROUNDED_FROM ? 2 : 0))}/s`
}

function matchOf(before: Load, after: Load): LoadMatch {
  const [then, now] = [before.offeredPerSecond, after.offeredPerSecond]
  if (then === null || now === null) {
    return { before, after, ratio: then === now ? 1 : Number.POSITIVE_INFINITY }
  }
  return { before, after, ratio: furthestOwn(before, after) ?? now / then }
}

function tooFar(scenario: string, far: LoadMatch, before: readonly Load[]): CrossoverError {
  const { label } = far.before
  const share = formatPercent(apart(far.ratio) - 1, 0)
  return usageError(
    'compare-loads-apart',
    `${scenario}: loads are ${share} apart: ${label} is ${absoluteLoad(far.before)} in the old report, ${absoluteLoad(far.after)} in the new one`,
    `offer what the old run offered: --loads ${absoluteLoads(before)}, or --baseline <old>`,
  )
}

/**
 * Compares two runs of one scenario, load by load and arm by arm. @returns the usage error that says why they must not be
 * compared, when they must not.
 */
export function compareReports(
  before: LoadedReport,
  after: LoadedReport,
  options: CompareOptions,
): ScenarioChange | CrossoverError {
  const requestClass = options.requestClass ?? after.report.run.requestClass
  const old = reportOfClass(before.report, requestClass)
  const now = reportOfClass(after.report, requestClass)
  const [params, newParams] = [old.scenario.params, now.scenario.params]
  const differing = changedNames(params, newParams)
  const named = differing.filter((name) => options.changed?.includes(name))
  const told = options.areOthersTold === true ? differing : named
  const refusal =
    unsoundReport(before, requestClass) ??
    unsoundReport(after, requestClass) ??
    otherConditions(conditionsOf(old), conditionsOf(now), old.run.command, told) ??
    sameRun(before, after)
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
    requestClass,
    subject: named.map((name) => `${name} ${params[name]} → ${newParams[name]}`).join(', ') || null,
    differences: originDifferences(old, now),
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
    const known = COMPARISON_NAMES.filter(
      (name) => name !== 'goodputPerSecond' || isOneTime(old.run.within, now.run.within),
    )
    const metrics = known
      .filter((name) => !isClosed || !isLatency(name))
      .map((name) => metricChange(before.sets, after.sets, subject, name, options.level))
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
    markedTrials: trials.filter((trial) => failedGatesOf(trial).length > 0).length,
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

const apartText = (ratio: number): string => formatPercent(apart(ratio) - 1, 1)
