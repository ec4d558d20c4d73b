import type { LoadRequest } from '../asked/requests.ts'
import { LARGEST_BATCH } from '../contract/common-options.ts'
import { NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import { DRAWN, type HandlerStage, type Stage } from '../contract/stage.ts'
import type { Workload } from '../contract/workload.ts'
import { meanServiceMicros } from '../workload/service-times.ts'

/** Seastar's task quota (`task-quota-ms`): nobody should wait longer for work that others put in front of theirs. */
const QUOTA_NS = 500_000

/** Mean time that a stage declares per request, burn and wait together, in nanoseconds. */
export function declaredNs(stage: Stage, workload: Workload): number {
  return meanNs(stage, 'burn', workload) + meanNs(stage, 'wait', workload)
}

function meanNs(stage: Stage, part: 'burn' | 'wait', { serviceTimes }: Workload): number {
  const declared = 'run' in stage ? stage[part]?.micros : undefined
  if (declared !== DRAWN) return (declared ?? 0) * NS_PER_US
  return serviceTimes === undefined ? 0 : meanServiceMicros(serviceTimes) * NS_PER_US
}

/**
 * The part of it for which somebody's core is taken up: without waits in which nobody needs it. All keys of a request
 * together. @param offloads whether calls known to block are handed on; else they take up whoever makes them.
 */
export function occupiedNs(stage: Stage, workload: Workload, offloads = true): number {
  const waitNs = isFree(stage, offloads) ? 0 : meanNs(stage, 'wait', workload)
  return (meanNs(stage, 'burn', workload) + waitNs) * meanLegs(stage, workload)
}

/** The same over all stages. */
export function occupiedNsOf(
  stages: readonly Stage[],
  workload: Workload,
  offloads = true,
): number {
  return stages.reduce((sum, stage) => sum + occupiedNs(stage, workload, offloads), 0)
}

/** Whether nobody needs the core while the stage waits. */
function isFree(stage: Stage, offloads: boolean): boolean {
  return 'run' in stage && sleepsIn(stage) && (offloads || !mayBeOffloaded(stage))
}

function meanLegs(stage: Stage, { keysPerRequest }: Workload): number {
  if (!('run' in stage) || stage.runKey === undefined || keysPerRequest === undefined) return 1
  return (keysPerRequest.minimum + keysPerRequest.maximum) / 2
}

/** The same over all stages. */
export function declaredNsOf(stages: readonly Stage[], workload: Workload): number {
  return stages.reduce((sum, stage) => sum + declaredNs(stage, workload), 0)
}

/**
 * The batch that a server may take at once: as many requests as the option says, but no more declared work than the
 * task quota, and at least one. A batch is answered as a whole, and in a pool it is taken away from idle threads: of
 * requests of 5 ms each, one at a time. The same rule for both architectures.
 * @param batch 0 for no bound of its own: what is there decides, or a quota
 */
export function boundedBatch(batch: number, perRequestNs: number): number {
  const most = batch === 0 ? LARGEST_BATCH : batch
  if (perRequestNs === 0) return most
  return Math.max(1, Math.min(most, Math.floor(QUOTA_NS / perRequestNs)))
}

/**
 * The batch for requests that go through these stages: bounded by their mean work, and one at a time where one in many takes
 * longer than the quota, though their mean does not. Whoever took a long one together with others would keep these from idle
 * threads, or from being answered. The same rule for both architectures.
 */
export function batchFor(
  batch: number,
  stages: readonly Stage[],
  workload: Workload,
  offloads = true,
): number {
  const longest = stages.filter((stage) => !isFree(stage, offloads) || burnsDrawn(stage))
  if (longest.some(isDrawn) && longestDrawnNs(workload) > QUOTA_NS) return 1
  return boundedBatch(batch, occupiedNsOf(stages, workload, offloads))
}

function burnsDrawn(stage: Stage): boolean {
  return 'run' in stage && stage.burn?.micros === DRAWN
}

function isDrawn(stage: Stage): boolean {
  return burnsDrawn(stage) || ('run' in stage && stage.wait?.micros === DRAWN)
}

/** Of a mixture; an exponential time above the quota is rarer than one in a thousand unless its mean bounds the batch, too. */
function longestDrawnNs({ serviceTimes }: Workload): number {
  if (serviceTimes?.kind !== 'mixture') return 0
  const parts = serviceTimes.parts.filter(({ weight }) => weight > 0)
  return Math.max(...parts.map(({ micros }) => micros)) * NS_PER_US
}

/** Whether a stage makes a call that is known to block, which a reactor hands to its off-load threads. */
export function mayBeOffloaded({ wait, read }: HandlerStage): boolean {
  return wait?.offload === true || (read !== undefined && read.offload !== false)
}

/** Whether a pool thread sleeps in a stage, for a device or in a call known to block: such a stage has many threads. */
export function sleepsIn(stage: HandlerStage): boolean {
  const { wait } = stage
  return mayBeOffloaded(stage) || (wait !== undefined && wait.blocking !== true)
}

/** Whether a request can wait in a stage without anyone's help: the wait is not a call that blocks, and no key is held. */
export function waitsAside({ wait, access }: HandlerStage): boolean {
  return wait !== undefined && wait.blocking !== true && (access ?? 'none') === 'none'
}

/** Whether some stage makes calls known to block. */
export function offloadsIn(stages: readonly Stage[]): boolean {
  return stages.some((stage) => 'run' in stage && mayBeOffloaded(stage))
}

/** Whether requests spend time that no core does: as plain calls one after the other they tell nothing of a server. */
export function waitsOrReads(stages: readonly Stage[]): boolean {
  return stages.some(
    (stage) => 'run' in stage && (stage.wait !== undefined || stage.read !== undefined),
  )
}

/** Whether some stage blocks the thread that executes it: servers need no processors of their own then. */
export function waitsBlocking(stages: readonly Stage[]): boolean {
  return stages.some((stage) => 'run' in stage && stage.wait?.blocking === true)
}

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
