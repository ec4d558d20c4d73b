import type { Estimate, Report } from '../results/schema.ts'
import { formatEstimate, NOT_AVAILABLE, PER_SECOND, TIME } from './format.ts'

/** One arm's capacity and what the architecture adds to each request. */
export interface CapacityRow {
  readonly label: string
  readonly capacity: string
  /** CPU time of all server threads at capacity. */
  readonly cpuPerRequest: string
  readonly overhead: string
}

/** Capacities in the order of the arms; empty when none was measured. */
export function capacityRows(report: Report): readonly CapacityRow[] {
  const { capacity } = report
  return report.arms.flatMap(({ label }) => {
    const estimate = capacity?.arms[label]
    if (estimate === undefined) return []
    return [
      {
        label,
        capacity: formatEstimate(estimate, PER_SECOND),
        cpuPerRequest: timeText(capacity?.cpuPerRequestNs[label]),
        overhead: timeText(capacity?.overheadNs[label]),
      },
    ]
  })
}

function timeText(estimate: Estimate | undefined): string {
  return estimate === undefined ? NOT_AVAILABLE : formatEstimate(estimate, TIME)
}

/** What the same functions do without any architecture around them; null when it was not measured. */
export function inlineCeilingText(report: Report): string | null {
  const ceiling = report.capacity?.inlineCeiling ?? null
  return ceiling === null ? null : formatEstimate(ceiling, PER_SECOND)
}

/** The reference arm with what was measured of it; null without one. */
export function referenceText(report: Report): string | null {
  const { reference } = report
  if (reference === null) return null
  const at = reference.loadLabel === null ? '' : ` at ${reference.loadLabel}`
  const figures = [
    reference.capacity === null
      ? null
      : `capacity ${formatEstimate(reference.capacity, PER_SECOND)}`,
    reference.p99 === null ? null : `p99 latency${at} ${formatEstimate(reference.p99, TIME)}`,
  ].filter((figure) => figure !== null)
  return figures.length === 0 ? null : `${reference.arm.label}: ${figures.join(', ')}`
}
