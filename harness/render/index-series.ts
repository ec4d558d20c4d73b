import { BYTES_PER_MEBIBYTE } from '../base/units.ts'
import { conditionDifferences, type Conditions } from '../results/compare-conditions.ts'
import type { Estimate } from '../results/schema.ts'
import type { IndexRow, ReadRow, RowMachine } from './index-row.ts'

/** One run's ratio at one load. */
export interface RatioPoint {
  readonly startedAt: string
  readonly ratio: Estimate
  /** Place of the arm that wins; null when none does. */
  readonly winner: 0 | 1 | null
}

/** A load's ratio over runs that may stand in one line. */
export interface RatioSeries {
  readonly subject: string
  /** Oldest first, at least one. */
  readonly points: readonly RatioPoint[]
}

/** Runs of one scenario that may be compared: parameters, arms and machine are the same. */
export interface ComparableRuns {
  readonly arms: readonly string[]
  readonly machine: RowMachine
  readonly runCount: number
  /** In what it differs from the first of its scenario: `parameter keys is 5, not 100`; empty for that one itself. */
  readonly differences: readonly string[]
  /** At least one. */
  readonly series: readonly RatioSeries[]
}

/** The ratios of one scenario over time. */
export interface ScenarioSeries {
  readonly scenario: string
  /** The largest group first, of equal ones the one with the newest run; at least one. */
  readonly groups: readonly ComparableRuns[]
}

/** What groups are told apart by. */
interface Setting {
  readonly conditions: Conditions
  readonly machine: RowMachine
}
type Member = ReadRow & Setting & { readonly startedAt: string }

/** Memory that a virtual machine reports varies a little from one start to the next. */
const BYTES_PER_GIBIBYTE = 1_024 * BYTES_PER_MEBIBYTE

/**
 * All scenarios by name, each with its ratios over time. Points share a series only when everything is the same that
 * `crossover compare` asks to be, and arms, load, metric and machine, too. Kernel, node and crossover may differ: what they
 * change is what a reader looks for.
 * @param rows newest first. Time grows with the square of the rows of a scenario: about 0.1 s for 300.
 */
export function ratioSeries(rows: readonly IndexRow[]): readonly ScenarioSeries[] {
  const members = rows.flatMap((row) => (isMember(row) ? [row] : []))
  const byScenario = Map.groupBy(members, ({ conditions }) => conditions.scenario)
  return [...byScenario]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([scenario, runs]) => ({ scenario, groups: groupsOf(runs) }))
}

/** In what the ratios of two runs must not stand in one line, in words: none when they may. */
function* settingDifferences(one: Setting, other: Setting): Generator<string> {
  const [arms, otherArms] = [one, other].map(({ conditions }) =>
    conditions.arms.map(({ label }) => label).join(' and '),
  ) as [string, string]
  if (arms !== otherArms) yield `arms are ${arms}, not ${otherArms}`
  for (const [, what, here, there] of conditionDifferences(one.conditions, other.conditions)) {
    yield `${what} ${here}, not ${there}`
  }
  const [machine, otherMachine] = [machineText(one.machine), machineText(other.machine)]
  if (machine !== otherMachine) yield `machine is ${machine}, not ${otherMachine}`
}

/** `AMD EPYC, 2 cores, 24 GiB, linux x64`: what machines are told apart by. */
export function machineText({ cpu, cores, memoryBytes, platform }: RowMachine): string {
  const memory = `${Math.round(memoryBytes / BYTES_PER_GIBIBYTE)} GiB`
  return `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${memory}, ${platform}`
}

function isMember(row: IndexRow): row is Member {
  return (
    row.state === 'read' &&
    row.startedAt !== null &&
    row.conditions !== null &&
    row.machine !== null &&
    row.ratios.some(({ ratio }) => ratio !== null)
  )
}

function groupsOf(runs: readonly Member[]): readonly ComparableRuns[] {
  const groups: Member[][] = []
  for (const run of runs) {
    // With every one: a parameter that one of them does not know says nothing of those that do.
    const group = groups.find((members) =>
      members.every((member) => settingDifferences(run, member).next().done === true),
    )
    if (group === undefined) groups.push([run])
    else group.push(run)
  }
  const [first, ...others] = groups.toSorted((a, b) => b.length - a.length)
  if (first === undefined) return []
  return [
    comparable(first, []),
    ...others.map((group) => comparable(group, [...settingDifferences(group[0]!, first[0]!)])),
  ]
}

function comparable(runs: readonly Member[], differences: readonly string[]): ComparableRuns {
  const newest = runs[0]!
  const subjects = new Set(
    runs.flatMap(({ ratios }) =>
      ratios.flatMap(({ subject, ratio }) => (ratio === null ? [] : [subject])),
    ),
  )
  return {
    arms: newest.arms,
    machine: newest.machine,
    runCount: runs.length,
    differences,
    series: [...subjects].map((subject) => ({ subject, points: pointsOf(runs, subject) })),
  }
}

function pointsOf(runs: readonly Member[], subject: string): readonly RatioPoint[] {
  return runs.toReversed().flatMap(({ startedAt, ratios, arms }) => {
    const found = ratios.find((each) => each.subject === subject)
    if (found === undefined || found.ratio === null) return []
    const place = arms.indexOf(found.winner ?? '')
    return [{ startedAt, ratio: found.ratio, winner: place === 0 || place === 1 ? place : null }]
  })
}
