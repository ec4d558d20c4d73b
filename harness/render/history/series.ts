import { BYTES_PER_MEBIBYTE } from '../../base/units.ts'
import { conditionDifferences, type Conditions } from '../../compare/conditions.ts'
import type { Estimate } from '../../results/schema.ts'
import {
  formatEstimate,
  formatQuantity,
  formatRoundQuantity,
  formatShare,
  RATIO,
} from '../../words/format.ts'
import { type LogAxis, logAxis } from '../page/axis.ts'
import { html, type Markup } from '../page/document.ts'
import { breakableLabel, estimateMarkup } from '../page/table.ts'
import type { IndexRow, ReadRow, RowMachine } from './rows.ts'
import { instantText, scenarioAnchor, scenariosAttribute } from './sentence.ts'

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

/** Units of the drawing; it is shown as large as that. */
const WIDTH = 200
const HEIGHT = 60
/** Room for the texts of the axis at the left. */
const LEFT = 34
const RIGHT = 8
const TOP = 8
const BOTTOM = 8
/** Texts nearer to each other than this would touch. */
const TEXT_HEIGHT = 11
const RADIUS = 3
/** Where many points lie close they are smaller. */
const SMALL_RADIUS = 2
const MANY_POINTS = 25

/** A log axis that holds every ratio of the series with its interval, and 1. */
export function ratioAxis(series: readonly RatioSeries[]): LogAxis {
  const bounds = series.flatMap(({ points }) =>
    points.flatMap(({ ratio }) => [ratio.value, ...spanOf(ratio)]),
  )
  return logAxis([1, ...bounds], (tick) => formatRoundQuantity(tick, RATIO))
}

/**
 * A series as a drawing that needs no script: a point per run in the order of time, all equally far apart, thin bars for
 * intervals, a dashed line where both arms are equal. A disc: the first arm wins; a square: the second; hollow: nobody.
 * @param axis of all series that are looked at together. @param description what it shows, for those who do not see it.
 */
export function sparkline({ points }: RatioSeries, axis: LogAxis, description: string): Markup {
  const xOf = (index: number): number => {
    const share = points.length === 1 ? 0.5 : index / (points.length - 1)
    return rounded(LEFT + RADIUS + share * (WIDTH - LEFT - RIGHT - RADIUS))
  }
  const yOf = (ratio: number): number =>
    rounded(TOP + (1 - axis.place(ratio)) * (HEIGHT - TOP - BOTTOM))
  const bars = points.flatMap(({ ratio }, index) => {
    const [lower, upper] = spanOf(ratio)
    return lower === undefined || upper === undefined
      ? []
      : [`M${xOf(index)} ${yOf(upper)}V${yOf(lower)}`]
  })
  const line = points.map(({ ratio }, index) => `${xOf(index)},${yOf(ratio.value)}`)
  return html`<svg
    class="spark"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${description}"
  >
    ${ticks(axis, yOf(1))}
    <path class="equal" d="M${LEFT} ${yOf(1)}H${WIDTH - RIGHT + RADIUS}" />
    <path class="bars" d="${bars.join('')}" />
    <polyline class="line" points="${line.join(' ')}" />
    ${points.map((point, index) => pointMarkup(point, xOf(index), yOf(point.ratio.value), points.length))}
  </svg>`
}

/** `0.31× (0.26–0.38)`, with `not confirmed` where no trial confirmed it. */
export function ratioText(ratio: Estimate | null): string {
  if (ratio === null) return 'no ratio'
  return ratio.n === 0
    ? `${formatQuantity(ratio.value, RATIO)} (not confirmed)`
    : formatEstimate(ratio, RATIO)
}

/** Ends of the interval; none where there is only one value. */
function spanOf({ n, lower, upper }: Estimate): readonly number[] {
  return n > 1 ? [lower, upper] : []
}

/** Both ends of the axis and 1; an end that would touch it is left out. */
function ticks(axis: LogAxis, equalY: number): readonly Markup[] {
  const height = HEIGHT - TOP - BOTTOM
  const ends = [axis.ticks[0]!, axis.ticks.at(-1)!].map(([place, text]) => ({
    y: rounded(TOP + (1 - place) * height),
    text,
  }))
  const shown = ends.filter(({ y }) => Math.abs(y - equalY) >= TEXT_HEIGHT)
  return [...shown, { y: equalY, text: '1×' }].map(
    ({ y, text }) => html`<text x="${LEFT - 4}" y="${rounded(y + 3.5)}">${text}</text>`,
  )
}

function pointMarkup(
  { startedAt, ratio, winner }: RatioPoint,
  x: number,
  y: number,
  count: number,
): Markup {
  const radius = count > MANY_POINTS ? SMALL_RADIUS : RADIUS
  const title = html`<title>${instantText(startedAt)}: ${ratioText(ratio)}</title>`
  if (winner === 1) {
    const [left, top] = [rounded(x - radius), rounded(y - radius)]
    return html`<rect
      class="second"
      x="${left}"
      y="${top}"
      width="${2 * radius}"
      height="${2 * radius}"
      >${title}</rect
    >`
  }
  return html`<circle class="${winner === 0 ? 'first' : 'open'}" cx="${x}" cy="${y}" r="${radius}"
    >${title}</circle
  >`
}

/** A tenth of a unit is enough, and short in the file. */
function rounded(value: number): number {
  return Number(value.toFixed(1))
}

/** A group of a single run is no line over time: it is folded away, unless it is all there is. */
const FEWEST_RUNS_OF_LINE = 2

/** Every scenario's ratio over time; null when no run has one. */
export function seriesSection(all: readonly ScenarioSeries[]): Markup | null {
  if (all.length === 0) return null
  return html`<section id="over-time">
    <h2>Ratio over time</h2>
    ${key()}
    <p class="muted">
      Second arm ÷ first arm of the metric that the run was about, on a log scale, oldest run at the
      left, a place for each run; figures are the newest run’s. Thin bars are intervals. Runs stand
      in one line only if scenario, parameters, arms, load, metric, steady state, transport and
      machine are the same. A load in percent is of that run’s own capacity.
    </p>
    ${all.map(scenarioMarkup)}
  </section>`
}

/** What the signs mean. */
function key(): Markup {
  return html`<ul class="key">
    <li>${sign(html`<circle class="first" cx="6" cy="6" r="4" />`)} the first arm wins</li>
    <li>
      ${sign(html`<rect class="second" x="2" y="2" width="8" height="8" />`)} the second arm wins
    </li>
    <li>${sign(html`<circle class="open" cx="6" cy="6" r="4" />`)} neither, or not surely</li>
    <li>${sign(html`<path class="equal" d="M0 6H12" />`)} both are equal, 1×</li>
  </ul>`
}

function sign(shape: Markup): Markup {
  return html`<svg class="spark sign" viewBox="0 0 12 12" aria-hidden="true">${shape}</svg>`
}

function scenarioMarkup({ scenario, groups }: ScenarioSeries): Markup {
  const isShown = (group: ComparableRuns, index: number): boolean =>
    index === 0 || group.runCount >= FEWEST_RUNS_OF_LINE
  const folded = groups.filter((group, index) => !isShown(group, index))
  return html`<div
    class="scenario"
    id="${scenarioAnchor(scenario)}"
    data-scenarios="${scenariosAttribute([scenario])}"
  >
    ${groups
      .filter(isShown)
      .map((group, index) =>
        groupMarkup(
          scenario,
          group,
          index === 0 ? html`<h3>${breakableLabel(scenario)}</h3>` : null,
        ),
      )}
    ${folded.length === 0 ? null : foldedMarkup(scenario, folded)}
  </div>`
}

function foldedMarkup(scenario: string, groups: readonly ComparableRuns[]): Markup {
  const count = groups.length === 1 ? 'One run' : `${groups.length} runs`
  return html`<details>
    <summary>${count} that cannot be compared with any other</summary>
    ${groups.map((group) => groupMarkup(scenario, group, null))}
  </details>`
}

function groupMarkup(scenario: string, group: ComparableRuns, heading: Markup | null): Markup {
  const axis = ratioAxis(group.series)
  return html`<div class="group">
    <div>
      ${heading}
      <p class="muted">${groupText(group)}</p>
    </div>
    <div class="sparks">
      ${group.series.map((series) => {
        const newest = series.points.at(-1)!
        return html`<figure>
          <figcaption>
            <strong>${series.subject}</strong> ${estimateMarkup(ratioText(newest.ratio))}
          </figcaption>
          ${sparkline(series, axis, seriesDescription(scenario, group, series))}
        </figure>`
      })}
    </div>
  </div>`
}

/** The first group says what it is, the others in what they differ from it. */
function groupText({ arms, machine, runCount, differences }: ComparableRuns): Markup {
  const count = runCount === 1 ? '1 run' : `${runCount} runs`
  return differences.length === 0
    ? html`${count} of ${arms.join(' and ')} on ${machineText(machine)}.`
    : html`${count}, ${runCount === 1 ? 'its' : 'their'} ${differences.join('; ')}.`
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
