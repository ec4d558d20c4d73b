import { BYTES_PER_MEBIBYTE } from '../../base/units.ts'
import { conditionDifferences, type Conditions } from '../../compare/conditions.ts'
import type { Estimate } from '../../results/schema.ts'
import {
  counted,
  formatQuantity,
  formatRoundQuantity,
  formatShare,
  RATIO,
} from '../../words/format.ts'
import { type LogAxis, logAxis } from '../page/axis.ts'
import type { Spark } from '../page/sparkline.ts'
import { confirmedText } from '../report/objective-rows.ts'
import type { Block, SparkBlock, TitledBlocks } from '../view/view.ts'
import { type IndexRow, instantText, type ReadRow, type RowMachine } from './rows.ts'

/** One run's ratio at one load. */
interface RatioPoint {
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
interface ComparableRuns {
  readonly arms: readonly string[]
  readonly machine: RowMachine
  readonly runCount: number
  /** In what it differs from the first of its scenario: `parameter keys is 5, not 100`; empty for that one itself. */
  readonly differences: readonly string[]
  /** At least one. */
  readonly series: readonly RatioSeries[]
}

/** The ratios of one scenario over time. */
interface ScenarioSeries {
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
function machineText({ cpu, cores, memoryBytes, platform }: RowMachine): string {
  const memory = `${Math.round(memoryBytes / BYTES_PER_GIBIBYTE)} GiB`
  return `${cpu}, ${counted(cores, 'core')}, ${memory}, ${platform}`
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

/** A log axis that holds every ratio of the series with its interval, and 1. */
export function ratioAxis(series: readonly RatioSeries[]): LogAxis {
  const bounds = series.flatMap(({ points }) =>
    points.flatMap(({ ratio }) => [ratio.value, ...(spanOf(ratio) ?? [])]),
  )
  return logAxis([1, ...bounds], (tick) => formatRoundQuantity(tick, RATIO))
}

/** A series as a picture, a point per run. @param axis of all series that are looked at together. */
export function ratioSpark({ points }: RatioSeries, axis: LogAxis, description: string): Spark {
  return {
    ends: [axis.ticks[0]!, axis.ticks.at(-1)!],
    line: [axis.place(1), '1×'],
    points: points.map(({ startedAt, ratio, winner }) => {
      const span = spanOf(ratio)
      return {
        place: axis.place(ratio.value),
        interval: span && [axis.place(span[0]), axis.place(span[1])],
        sign: winner === null ? 'open' : winner === 0 ? 'first' : 'second',
        text: `${instantText(startedAt)}: ${ratioText(ratio)}`,
      }
    }),
    description,
  }
}

/** `0.31× (0.26–0.38)`, with `not confirmed` where no trial confirmed it. */
export function ratioText(ratio: Estimate | null): string {
  return ratio === null ? 'no ratio' : confirmedText(ratio, RATIO)
}

/** Ends of the interval; null where there is only one value. */
function spanOf({ n, lower, upper }: Estimate): readonly [number, number] | null {
  return n > 1 ? [lower, upper] : null
}

/** A group of a single run is no line over time: it is folded away, unless it is all there is. */
const FEWEST_RUNS_OF_LINE = 2

/** Every scenario's ratio over time; null when no run has one. */
export function seriesSection(all: readonly ScenarioSeries[]): TitledBlocks | null {
  if (all.length === 0) return null
  return {
    id: 'over-time',
    title: 'Ratio over time',
    blocks: [
      {
        kind: 'signs',
        entries: [
          ['first', 'the first arm wins'],
          ['second', 'the second arm wins'],
          ['open', 'neither, or not surely'],
          ['equal', 'both are equal, 1×'],
        ],
      },
      {
        kind: 'text',
        text: 'Second arm ÷ first arm of the metric that the run was about, on a log scale, oldest run at the left, a place for each run; figures are the newest run’s. Thin bars are intervals. Runs stand in one line only if scenario, parameters, arms, load, metric, steady state, transport and machine are the same. A load in percent is of that run’s own capacity.',
        tone: 'muted',
      },
      ...all.map(scenarioBlock),
    ],
  }
}

function scenarioBlock({ scenario, groups }: ScenarioSeries): Block {
  const isShown = (group: ComparableRuns, index: number): boolean =>
    index === 0 || group.runCount >= FEWEST_RUNS_OF_LINE
  const folded = groups.filter((group, index) => !isShown(group, index))
  return {
    kind: 'scenario',
    scenario,
    blocks: [
      ...groups
        .filter(isShown)
        .map((group, index) => sparkBlock(scenario, group, index === 0 ? scenario : null)),
      ...(folded.length === 0
        ? []
        : [
            {
              kind: 'folded' as const,
              summary: `${folded.length === 1 ? 'One run' : `${folded.length} runs`} that cannot be compared with any other`,
              blocks: folded.map((group) => sparkBlock(scenario, group, null)),
            },
          ]),
    ],
  }
}

function sparkBlock(scenario: string, group: ComparableRuns, heading: string | null): SparkBlock {
  const axis = ratioAxis(group.series)
  return {
    kind: 'sparks',
    heading,
    text: groupText(group),
    pictures: group.series.map((series) => ({
      label: series.subject,
      figure: ratioText(series.points.at(-1)!.ratio),
      ...ratioSpark(series, axis, seriesDescription(scenario, group, series)),
    })),
  }
}

/** The first group says what it is, the others in what they differ from it. */
function groupText({ arms, machine, runCount, differences }: ComparableRuns): string {
  const count = counted(runCount, 'run')
  return differences.length === 0
    ? `${count} of ${arms.join(' and ')} on ${machineText(machine)}.`
    : `${count}, ${runCount === 1 ? 'its' : 'their'} ${differences.join('; ')}.`
}

function seriesDescription(
  scenario: string,
  { arms }: ComparableRuns,
  { subject, points }: RatioSeries,
): string {
  const [first, second] = arms
  const values = points.map(({ ratio }) => ratio.value)
  const { startedAt, ratio } = points.at(-1)!
  const level = ratio.level === null ? '' : `, ${formatShare(ratio.level)} interval`
  const newest = `${ratioText(ratio)}${level}`
  const what = `${scenario}, ${second ?? ''} ÷ ${first ?? ''}, ${subject}`
  if (points.length === 1) return `${what}: one run, ${startedAt.slice(0, 10)}: ${newest}.`
  const range = [Math.min(...values), Math.max(...values)].map((value) =>
    formatQuantity(value, RATIO),
  )
  const days = [points[0]!.startedAt, startedAt].map((start) => start.slice(0, 10))
  return `${what}: ${points.length} runs from ${days[0]} to ${days[1]}, values from ${range[0]} to ${range[1]}, the newest ${newest}.`
}
