import type { BreakEven, Estimate, Report } from '../../results/schema.ts'
import {
  formatEstimate,
  formatQuantity,
  formatRoundTime,
  formatTime,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
  TIME,
} from '../../words/format.ts'
import { METRIC_LABELS } from '../../words/metrics.ts'
import { type Block, listBlock, tableBlock, textBlock, textIf } from '../view/view.ts'
import type { SectionsOf } from './pair-figures.ts'

type Capacity = NonNullable<Report['capacity']>

/** The highest open-loop load that an arm keeps, what a closed window completes, and what a request costs then. */
const COLUMNS = ['sustained', 'saturated throughput', 'CPU per request', 'overhead per request']
type CapacityRow = readonly [label: string, ...cells: string[]]

/** In the order of the arms; empty when none was measured. */
function capacityRows({ arms, capacity }: Report): readonly CapacityRow[] {
  if (capacity === null) return []
  const { sustained, saturated, cpuPerRequestNs, overheadNs } = capacity
  return arms.flatMap(({ label }) => {
    if (sustained[label] === undefined && saturated[label] === undefined) return []
    const loads = [sustained, saturated].map((all) => textOf(all[label], PER_SECOND))
    const costs = [cpuPerRequestNs, overheadNs].map((all) => textOf(all[label], TIME))
    return [[label, ...loads, ...costs] as const]
  })
}

/** Second ÷ first of what the arms sustain, one for each comparison that has it: `sharded ÷ staged: 2.91× (2.77–3.01)`. */
function sustainedRatioTexts({ capacity, comparisons }: Report): readonly string[] {
  return comparisons.flatMap(({ first, second }, index) => {
    const ratio = capacity?.sustainedRatios[index] ?? null
    return ratio === null ? [] : [`${second} ÷ ${first}: ${formatEstimate(ratio, RATIO)}`]
  })
}

/** Whether any arm's sustained load is known: reports before version 4 have none. */
function hasSustained({ sustained }: Capacity): boolean {
  return Object.keys(sustained).length > 0
}

function textOf(estimate: Estimate | undefined, scales: typeof PER_SECOND): string {
  return estimate === undefined ? NOT_AVAILABLE : formatEstimate(estimate, scales)
}

/**
 * Where theory sees the winner change and on which side of it this run lies, e.g. `Break-even on 2 cores: sharded wins
 * under p99 ≤ 24 µs … measured 354 ns (0.76×, range 0.60–0.81): below.`; null when there is none.
 */
export function breakEvenText({
  breakEven,
  capacity,
}: Pick<Report, 'breakEven' | 'capacity'>): string | null {
  if (breakEven === null) return null
  const { cores, staged, sharded, objective } = breakEven
  const limit = `${METRIC_LABELS[objective.percentile]} ≤ ${formatRoundTime(objective.ns)}`
  const source =
    objective.source === 'slo' ? 'the objective' : `ten times ${staged}’s CPU per request`
  return [
    `Break-even on ${cores} ${cores === 1 ? 'core' : 'cores'}: ${sharded} wins under ${limit} (${source})`,
    `if it spends less than ${costText(breakEven, capacity)}: ${sideText(breakEven)}.`,
    'This is theory: it assumes Poisson arrivals and exponential service.',
  ].join(' ')
}

/** In time units, and as shares of what staged spends; only the latter when the times are missing. */
function costText(
  { staged, sharded, breakEvenRatio, measuredRatio }: BreakEven,
  capacity: Report['capacity'],
): string {
  const share = formatQuantity(breakEvenRatio, RATIO)
  const measured = formatEstimate(measuredRatio, RATIO)
  const stagedNs = capacity?.cpuPerRequestNs[staged]?.value
  const shardedNs = capacity?.cpuPerRequestNs[sharded]?.value
  if (stagedNs === undefined || shardedNs === undefined)
    return `${share} ${staged}’s CPU per request; measured ${measured}`
  const limit = `${formatTime(breakEvenRatio * stagedNs)} (${share} ${staged}’s ${formatTime(stagedNs)})`
  // One pair of brackets around both, in place of the estimate's own.
  const inner = measured.replace(' (', ', ')
  return `${limit} of CPU per request; measured ${formatTime(shardedNs)} (${inner}`
}

/** A range that holds the break-even itself decides nothing. */
function sideText({ breakEvenRatio, measuredRatio }: BreakEven): string {
  if (measuredRatio.upper < breakEvenRatio) return 'below'
  return measuredRatio.lower > breakEvenRatio ? 'above' : 'too close to tell'
}

/** What the arms can bear, and what an architecture adds to a request; none when neither was measured. */
export const capacitySections: SectionsOf = ({ report, medium }) => {
  const rows = capacityRows(report)
  const measured = report.capacity?.inlineCeiling ?? null
  const ceiling = measured === null ? null : formatEstimate(measured, PER_SECOND)
  const ratios = sustainedRatioTexts(report)
  const breakEven = breakEvenText(report)
  if (rows.length === 0 && breakEven === null) return []
  return [
    {
      id: 'capacity',
      title: 'Capacity',
      blocks: [
        medium === 'page' ? textBlock(meaningText(report), 'muted') : null,
        medium === 'terminal' ? rowList(report, rows, ceiling) : rowTable(rows, ceiling),
        textIf(ratios.length === 0 ? null : `Sustained, ${ratios.join('; ')}.`),
        textIf(breakEven),
      ],
    },
  ]
}

/** Reports before version 4 knew the closed window only. */
function meaningText({ capacity }: Report): string {
  const sustained =
    capacity !== null && hasSustained(capacity)
      ? 'Sustained is the highest load, requests at their own instants, that was kept: loads in percent are shares of the smallest. '
      : ''
  const window = capacity === null ? '' : ` of ${capacity.windowPerPort} requests per port`
  return `${sustained}Saturated throughput is what a closed window${window} completes. Overhead is what an architecture adds to each request: cores ÷ saturated throughput − cores ÷ inline ceiling.`
}

const CEILING = 'inline ceiling: the same functions, no architecture'

function rowTable(rows: readonly CapacityRow[], ceiling: string | null): Block {
  return tableBlock({
    caption: 'Capacity and cost per request',
    corner: 'arm',
    columns: COLUMNS.map((heading) => ({ heading })),
    rows: ceiling === null ? rows : [...rows, [CEILING, '', ceiling, '', '']],
  })
}

/** The same for a terminal, which has no room for so many columns. */
function rowList(
  { capacity }: Report,
  rows: readonly CapacityRow[],
  ceiling: string | null,
): Block {
  const from = capacity !== null && hasSustained(capacity) ? 0 : 1
  const names = ['sustains', ...COLUMNS.slice(1)]
  const items = rows.map(([label, ...cells]) => {
    const texts = cells.map((cell, column) => `${names[column]} ${cell}`)
    return `${label}: ${texts.slice(from).join(', ')}`
  })
  if (ceiling !== null) items.push(`inline ceiling, no architecture: ${ceiling}`)
  return listBlock(items)
}
