import { NS_PER_SECOND } from '../../base/units.ts'
import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import type { DeploymentFigures, Report } from '../../results/schema.ts'
import { formatEstimate, NOT_AVAILABLE, TIME } from '../../words/format.ts'
import { metricOf, ofClass } from '../../words/metrics.ts'
import type { Forest } from '../view/forest.ts'
import { tableBlock, textBlock, type ViewTable } from '../view/view.ts'
import { armColumns, loadName, medianOf, pairFigures, type SectionsOf } from './pair-figures.ts'
import { ratioChart } from './ratios.ts'

const COLUMNS = ['start', 'warm-up', 'search of the capacity', 'quiet']

/**
 * What it took to make an arm's servers ready, medians over rounds with their range, and in how many rounds compilers, collectors
 * and medians stood still before anything was measured. In the order of the arms; empty for a report without rounds.
 */
export function roundRows({
  arms,
  rounds,
}: Report): readonly (readonly [label: string, ...cells: string[]])[] {
  return arms.flatMap(({ label }) => {
    const deployments = deploymentsOf(rounds, label)
    if (deployments.length === 0) return []
    const seconds = (['startSeconds', 'warmUpSeconds', 'capacitySeconds'] as const).map((name) =>
      rangeText(deployments.map((deployment) => deployment[name])),
    )
    const warm = deployments.filter(({ quiet }) => quiet !== null)
    const quiet = `${warm.filter((one) => one.quiet).length} of ${warm.length}`
    return [[label, ...seconds, warm.length === 0 ? NOT_AVAILABLE : quiet] as const]
  })
}

function deploymentsOf(rounds: Report['rounds'], label: string): readonly DeploymentFigures[] {
  return rounds.flatMap(({ deployments: { [label]: one } }) => one ?? [])
}

/** `8 of 8 rounds, each 12.1 s (range 10.9–19.4) …`, and where servers did not get quiet; null without rounds. */
export function roundsText({ rounds, run, arms }: Report): string | null {
  if (rounds.length === 0) return null
  const lengths = rounds.flatMap(({ seconds }) => seconds ?? [])
  const each = lengths.length === 0 ? '' : `, each ${rangeText(lengths)}`
  const readiness = arms.flatMap(({ label }) => {
    const all = deploymentsOf(rounds, label).filter(({ quiet }) => quiet !== null)
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

/** Median and range of times in seconds. */
function rangeText(seconds: readonly number[]): string {
  const value = medianOf(seconds)
  if (value === null) return NOT_AVAILABLE
  const [median, lower, upper] = [value, Math.min(...seconds), Math.max(...seconds)].map(
    (each) => each * NS_PER_SECOND,
  ) as [number, number, number]
  const n = seconds.length
  return formatEstimate({ value: median, lower, upper, level: null, n, unit: 'ns' }, TIME)
}

const HOW =
  'In each round every arm is started anew and warmed until compilers, collectors and medians stand still; then every load is measured.'

/** What it took to make servers ready, on a page by arm; none for a report without rounds. */
export const roundSections: SectionsOf = ({ report, medium }) => {
  const text = roundsText(report)
  if (text === null) return []
  const table = tableBlock({
    caption: 'Until servers were ready, medians over rounds',
    corner: 'arm',
    columns: COLUMNS.map((heading) => ({ heading })),
    rows: roundRows(report),
  })
  const blocks =
    medium === 'page' ? [textBlock(`${HOW} ${text}.`, 'muted'), table] : [textBlock(`${text}.`)]
  return [{ id: 'rounds', title: 'Rounds', blocks }]
}

/** Every pair as a dot and as a row; none when no pair has a ratio. */
export const pairSections: SectionsOf = ({ pair: report }) => {
  const chart = ratioChart(report, 'pair-dots', true, () => null)
  if (chart === null) return []
  const hasDoubtful = (chart.data as Forest).rows.some(({ dots }) =>
    dots.some(({ isDoubtful }) => isDoubtful),
  )
  const hollow = hasDoubtful ? ' Hollow dots: a trial of the pair failed a validity gate.' : ''
  const text = `A dot is one pair: both arms in one round on the same requests. The first pair is at the top of its row, below the estimate over all of them.${hollow}`
  const all = report.loads.map((load) => pairTable(report, load))
  const tables = all.filter(({ rows }) => rows.length > 0)
  return [
    {
      id: 'pairs',
      title: 'Every pair',
      isDetail: true,
      blocks: [textBlock(text, 'muted'), chart, { kind: 'tables', tables, note: null }],
    },
  ]
}

function pairTable(report: PairReport, load: PairLoad): ViewTable {
  const metric = metricOf(report, load)
  const [first, second] = armLabels(report)
  return {
    caption: `Pairs at ${loadName(load)}: ${ofClass(metric, report.run.requestClass).label}`,
    corner: 'pair',
    columns: [
      { heading: 'ran first' },
      ...armColumns(report),
      { heading: `${second} ÷ ${first}` },
      { heading: 'gates' },
    ],
    rows: pairFigures(report, load, metric).map((pair) => [
      String(pair.pair),
      pair.ranFirst,
      pair.first,
      pair.second,
      pair.ratioText,
      pair.isDoubtful ? 'failed' : 'passed',
    ]),
  }
}
