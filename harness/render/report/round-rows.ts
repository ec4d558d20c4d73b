import { NS_PER_SECOND } from '../../base/units.ts'
import type { DeploymentFigures, Report } from '../../results/schema.ts'
import { formatEstimate, NOT_AVAILABLE, TIME } from '../../words/format.ts'
import { type Section, tableBlock, textBlock } from '../view/view.ts'
import { medianOf } from './pair-figures.ts'
import type { Subject } from './subject.ts'

/** What it took to make an arm's servers ready: medians over rounds with their range. */
interface RoundRow {
  readonly label: string
  readonly start: string
  readonly warmUp: string
  /** The search of what the arm sustains. */
  readonly capacity: string
  /** `7 of 8`: rounds in which compilers, collectors and medians stood still before anything was measured. */
  readonly quiet: string
}

/** In the order of the arms; empty for a report without rounds. */
export function roundRows({ arms, rounds }: Report): readonly RoundRow[] {
  return arms.flatMap(({ label }) => {
    const deployments = rounds.flatMap(({ deployments: { [label]: one } }) => one ?? [])
    if (deployments.length === 0) return []
    return [
      {
        label,
        start: secondsText(deployments, ({ startSeconds }) => startSeconds),
        warmUp: secondsText(deployments, ({ warmUpSeconds }) => warmUpSeconds),
        capacity: secondsText(deployments, ({ capacitySeconds }) => capacitySeconds),
        quiet: quietText(deployments),
      },
    ]
  })
}

/** `8 of 8 rounds, each 12.1 s (range 10.9–19.4) …`, and where servers did not get quiet; null without rounds. */
export function roundsText({ rounds, run, arms }: Report): string | null {
  if (rounds.length === 0) return null
  const lengths = rounds.flatMap(({ seconds }) => seconds ?? [])
  const each = lengths.length === 0 ? '' : `, each ${rangeText(lengths)}`
  const readiness = arms.flatMap(({ label }) => {
    const all = rounds
      .flatMap(({ deployments: { [label]: one } }) => one ?? [])
      .filter(({ quiet }) => quiet !== null)
    const ready = all.map((one) => one.startSeconds + one.warmUpSeconds)
    if (ready.length === 0) return []
    const restless = all.filter(({ quiet }) => quiet === false).length
    const unquiet = restless === 0 ? '' : `, not quiet in ${restless} of ${all.length}`
    return [`${label} ready after ${rangeText(ready)}${unquiet}`]
  })
  // With a precision the planned number is the most that there can be.
  const planned = run.precision === null ? run.plannedRounds : rounds.length
  return [`${lengths.length} of ${planned} rounds${each}`, ...readiness].join('; ')
}

function quietText(deployments: readonly DeploymentFigures[]): string {
  const warm = deployments.filter(({ quiet }) => quiet !== null)
  return warm.length === 0
    ? NOT_AVAILABLE
    : `${warm.filter(({ quiet }) => quiet).length} of ${warm.length}`
}

function secondsText(
  deployments: readonly DeploymentFigures[],
  read: (deployment: DeploymentFigures) => number,
): string {
  return rangeText(deployments.map(read))
}

/** Median and range of times in seconds. */
function rangeText(seconds: readonly number[]): string {
  const value = medianOf(seconds)
  if (value === null) return NOT_AVAILABLE
  const ns = { value, lower: Math.min(...seconds), upper: Math.max(...seconds) }
  return formatEstimate(
    {
      value: ns.value * NS_PER_SECOND,
      lower: ns.lower * NS_PER_SECOND,
      upper: ns.upper * NS_PER_SECOND,
      level: null,
      n: seconds.length,
      unit: 'ns',
    },
    TIME,
  )
}

const HOW =
  'In each round every arm is started anew and warmed until compilers, collectors and medians stand still; then every load is measured.'

/** What it took to make servers ready, on a page by arm; none for a report without rounds. */
export function roundSections({ report, medium }: Subject): readonly Section[] {
  const text = roundsText(report)
  if (text === null) return []
  const table = tableBlock({
    caption: 'Until servers were ready, medians over rounds',
    corner: 'arm',
    columns: ['start', 'warm-up', 'search of the capacity', 'quiet'].map((heading) => ({
      heading,
    })),
    rows: roundRows(report).map(({ label, start, warmUp, capacity, quiet }) => [
      label,
      start,
      warmUp,
      capacity,
      quiet,
    ]),
  })
  const blocks =
    medium === 'page' ? [textBlock(`${HOW} ${text}.`, 'muted'), table] : [textBlock(`${text}.`)]
  return [{ id: 'rounds', title: 'Rounds', blocks }]
}
