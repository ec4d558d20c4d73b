import { formatQuantity, formatShare, RATIO } from '../format.ts'
import {
  type ComparableRuns,
  machineText,
  type RatioSeries,
  type ScenarioSeries,
} from '../index-series.ts'
import { breakableLabel } from './breakable-label.ts'
import { estimateMarkup } from './estimate-markup.ts'
import { scenarioAnchor, scenariosAttribute } from './index-filter-names.ts'
import { html, type Markup } from './markup.ts'
import { ratioAxis, ratioText, sparkline } from './sparkline.ts'

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
