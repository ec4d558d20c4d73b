import type { Estimate, Report } from '../results/schema.ts'
import { formatEstimate, NOT_AVAILABLE, PER_SECOND, RATIO, TIME } from './format.ts'

/** What one arm can bear, and what the architecture adds to each request. */
export interface CapacityRow {
  readonly label: string
  /** The highest open-loop load that it keeps. */
  readonly sustained: string
  /** What a closed window completes. */
  readonly saturated: string
  /** CPU time of all server threads when it is saturated. */
  readonly cpuPerRequest: string
  readonly overhead: string
}

type Capacity = NonNullable<Report['capacity']>

/** In the order of the arms; empty when none was measured. */
export function capacityRows({ arms, capacity }: Report): readonly CapacityRow[] {
  if (capacity === null) return []
  const { sustained, saturated, cpuPerRequestNs, overheadNs } = capacity
  return arms.flatMap(({ label }) =>
    sustained[label] === undefined && saturated[label] === undefined
      ? []
      : [
          {
            label,
            sustained: textOf(sustained[label], PER_SECOND),
            saturated: textOf(saturated[label], PER_SECOND),
            cpuPerRequest: textOf(cpuPerRequestNs[label], TIME),
            overhead: textOf(overheadNs[label], TIME),
          },
        ],
  )
}

/** Second ÷ first of what the arms sustain, one for each comparison that has it: `sharded ÷ staged: 2.91× (2.77–3.01)`. */
export function sustainedRatioTexts({ capacity, comparisons }: Report): readonly string[] {
  return comparisons.flatMap(({ first, second }, index) => {
    const ratio = capacity?.sustainedRatios[index] ?? null
    return ratio === null ? [] : [`${second} ÷ ${first}: ${formatEstimate(ratio, RATIO)}`]
  })
}

/** Whether any arm's sustained load is known: reports before version 4 have none. */
export function hasSustained({ sustained }: Capacity): boolean {
  return Object.keys(sustained).length > 0
}

/** What the same functions do without any architecture around them; null when it was not measured. */
export function inlineCeilingText(report: Report): string | null {
  const ceiling = report.capacity?.inlineCeiling ?? null
  return ceiling === null ? null : formatEstimate(ceiling, PER_SECOND)
}

function textOf(estimate: Estimate | undefined, scales: typeof PER_SECOND): string {
  return estimate === undefined ? NOT_AVAILABLE : formatEstimate(estimate, scales)
}
