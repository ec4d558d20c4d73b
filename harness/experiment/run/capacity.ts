import type { ObjectiveRequest } from '../../asked/requests.ts'
import type { BreakEven, Report } from '../../results/schema.ts'
import { breakEvenRatio } from '../../stats/queueing.ts'

/** Without an objective of the user's: so many times the staged arm's CPU per request (FAIRNESS: p99 ≤ 10·S). */
const SERVICES = 10

const FRACTIONS = { p50: 0.5, p90: 0.9, p99: 0.99, p99_9: 0.999 } as const

/**
 * Where queueing theory puts the change of winner, beside the CPU per request that both arms spent at capacity. Null
 * unless one arm is staged, the other sharded, and the machine tells CPU times. Theory takes arrivals as Poisson and
 * service times as exponential, staged as one M/M/k and sharded as k × M/M/1.
 */
export function estimateBreakEven(
  report: Pick<Report, 'arms' | 'capacity'>,
  cores: number,
  asked: ObjectiveRequest | null,
): BreakEven | null {
  const labelOf = (architecture: string) =>
    report.arms.find((arm) => arm.architecture === architecture)?.label
  const staged = labelOf('staged')
  const sharded = labelOf('sharded')
  if (staged === undefined || sharded === undefined) return null
  const stagedNs = report.capacity?.cpuPerRequestNs[staged]
  const shardedNs = report.capacity?.cpuPerRequestNs[sharded]
  if (stagedNs === undefined || shardedNs === undefined) return null
  const percentile = asked?.percentile ?? 'p99'
  const limitNs = asked?.limitNs ?? SERVICES * stagedNs.value
  const ratio = breakEvenRatio(cores, limitNs, stagedNs.value, FRACTIONS[percentile])
  // Not even an idle server keeps the objective.
  if (!Number.isFinite(ratio)) return null
  return {
    cores,
    objective: { percentile, ns: limitNs, source: asked === null ? 'ten-services' : 'slo' },
    staged,
    sharded,
    breakEvenRatio: ratio,
    measuredRatio: {
      value: shardedNs.value / stagedNs.value,
      lower: shardedNs.lower / stagedNs.upper,
      upper: shardedNs.upper / stagedNs.lower,
      level: null,
      n: Math.min(shardedNs.n, stagedNs.n),
      unit: '×',
    },
  }
}
