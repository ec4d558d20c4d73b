import { usageError } from '../base/errors.ts'
import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import { OBJECTIVE_PERCENTILES } from '../results/schema.ts'
import type { ObjectiveRequest } from './run-request.ts'

const OBJECTIVE = /^(p[\d._]+)=(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|μs|ms|s)$/
/** Largest first, as a limit is printed; both letters that look like a micro sign are taken. */
const UNITS: readonly (readonly [string, number])[] = [
  ['s', NS_PER_SECOND],
  ['ms', NS_PER_MS],
  ['µs', NS_PER_US],
  ['μs', NS_PER_US],
  ['us', NS_PER_US],
  ['ns', 1],
]
const LONGEST_LIMIT_NS = 60 * NS_PER_SECOND

/** Reads `p99=1ms` or `p99.9=500us`: the latency that must be kept. The unit must be given. */
export function parseObjective(text: string): ObjectiveRequest {
  const [, name = '', digits, unit] = OBJECTIVE.exec(text) ?? []
  const percentile = OBJECTIVE_PERCENTILES.find((known) => known === name.replace('.', '_'))
  const size = UNITS.find(([symbol]) => symbol === unit)?.[1] ?? Number.NaN
  const limitNs = Number(digits) * size
  if (percentile !== undefined && limitNs > 0 && limitNs <= LONGEST_LIMIT_NS) {
    return { percentile, limitNs }
  }
  throw usageError(
    'objective',
    `--slo ${text}: not an objective`,
    '--slo takes a percentile (p50, p90, p99 or p99.9) and a time up to 60s in ns, us, ms or s, e.g. --slo p99=1ms',
  )
}

/** An objective for people: `p99 ≤ 1 ms`. */
export function describeObjective({ percentile, limitNs }: ObjectiveRequest): string {
  const [symbol, size] = UNITS.find(([, unitNs]) => limitNs >= unitNs) ?? ['ns', 1]
  return `${percentile.replace('_', '.')} ≤ ${Number((limitNs / size).toPrecision(6))} ${symbol}`
}
