import { NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import type { Stage } from '../contract/stage.ts'
import type { Workload } from '../contract/workload.ts'
import { declaredNsOf } from './declared-work.ts'
import type { LoadRequest } from './run-request.ts'

/** However little its stages declare: far below what any machine serves. */
const MOST_PER_SECOND = 2_000
/** Fewer tell nothing in a short trial. */
const FEWEST_PER_SECOND = 20
/** Of the processors' time, for what stages declare: it leaves room for the architecture and for a busy machine. */
const DECLARED_SHARE = 0.3
/** Generous: a fault of a cold page, an object made and collected, a block read past the page cache. */
const PAGE_NS = 2 * NS_PER_US
const OBJECT_NS = 0.2 * NS_PER_US
const BLOCK_NS = 300 * NS_PER_US

/**
 * An absolute load that any architecture should bear, by what the stages declare and without measuring a capacity:
 * 2,000 requests per second, or 30 % of the cores' time that background work leaves, whichever is less; at least 20.
 */
export function bearableLoad(
  stages: readonly Stage[],
  workload: Workload,
  cores: number,
): Extract<LoadRequest, { kind: 'absolute' }> {
  const keys = workload.keysPerRequest?.maximum ?? 1
  const ns = keys * (declaredNsOf(stages, workload) + stages.reduce(sumOfOther, 0))
  const share = DECLARED_SHARE * (1 - (workload.background?.share ?? 0))
  const bearable = ns === 0 ? MOST_PER_SECOND : (share * cores * NS_PER_SECOND) / ns
  const perSecond = Math.max(FEWEST_PER_SECOND, Math.floor(Math.min(MOST_PER_SECOND, bearable)))
  return { kind: 'absolute', label: `${perSecond}/s`, perSecond }
}

/** What a stage declares without saying how long it takes. */
function sumOfOther(sum: number, stage: Stage): number {
  if (!('run' in stage)) return sum
  const { touch, churn, read } = stage
  return (
    sum +
    (touch?.pages ?? 0) * PAGE_NS +
    (churn?.objects ?? 0) * OBJECT_NS +
    (read === undefined ? 0 : BLOCK_NS)
  )
}
