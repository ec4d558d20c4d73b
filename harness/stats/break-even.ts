import { partitionedPercentile, sustainableUtilisation } from './response-times.ts'

/**
 * How much CPU per request a server with a queue per core may spend, as a share of what a server with one shared queue
 * spends (`stagedServiceNs`), to sustain the same load on `servers` cores with the percentile `fraction` of the response
 * time at most `limitNs`. Above this ratio the shared queue carries more. M/M/k against k × M/M/1; in (0, 1].
 * NaN when even an idle shared queue misses the limit.
 *
 * Both meet the limit at load λ: ρ = λS/k is the shared queue's highest utilisation, and the partitioned S′ solves
 * S′·ln(1/(1 − p)) / (1 − ρS′/S) = limit.
 */
export function breakEvenRatio(
  servers: number,
  limitNs: number,
  stagedServiceNs: number,
  fraction: number,
): number {
  const utilisation = sustainableUtilisation(servers, limitNs / stagedServiceNs, fraction, true)
  if (utilisation === 0) return Number.NaN
  const idle = { servers, utilisation: 0, meanServiceNs: stagedServiceNs }
  return 1 / (partitionedPercentile(idle, fraction) / limitNs + utilisation)
}
