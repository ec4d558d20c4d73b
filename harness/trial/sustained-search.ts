import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import { declaredNsOf, occupiedNsOf } from '../scenario/declared-work.ts'
import type { TrialContext } from './measured.ts'
import type { Bracket } from './server-under-test.ts'

/** A search ends when the bounds are this close. */
const PRECISION = 1.03
/** Of the closed window's throughput: where a whole search begins. */
const FIRST_SHARE = 0.9
/** Steps behind the first probe: enough for a thousandth of where it began. */
const MOST_STEPS = 10
/** From an earlier bracket, bounds that are so close are close enough. */
const LATER_PRECISION = 1.27
/** Its first step: a machine's speed moves by more than 3 % from one round to the next. */
const LATER_STEP = 1.06
/** A step is never longer than this factor. */
const LONGEST_STEP = 4
/** A load that a trial of full length does not confirm is lowered by 3 % so many times, then in longer steps. */
const SHORT_STEPS = 2

/** What one probe says about a load. */
export interface ProbeOutcome {
  readonly kept: boolean
  /** A gate of the machine failed: it is played once more, whatever it said. */
  readonly isDisturbed: boolean
  /** Why its answers were wrong; then it counts as not kept. */
  readonly void: string | null
}

/** Tries a load, requests per second. @param steadySeconds @default as long as it takes to say */
export type Probe = (perSecond: number, steadySeconds?: number) => Promise<ProbeOutcome>

/** Where a search starts. */
export interface SearchStart {
  /** Of an earlier round; null for a whole search. */
  readonly around: Bracket | null
  readonly saturatedPerSecond: number
  readonly confirmSeconds: number
}

/**
 * The highest open-loop load that a server sustains. A whole search begins a little below what a closed window gets through,
 * steps out until it has met both sides, narrows by bisection to 3 %, and ends with a trial of full length that confirms the
 * load, or lowers it until one does. From an earlier bracket it steps out, too, until it has met both sides, however far that
 * is; a round's figure is one of many, so that what is left is narrowed to a quarter and not confirmed. Null when no load was
 * sustained; a bracket is open above only when everything up to thousands of its beginning was kept.
 */
export async function searchSustained(probe: Probe, start: SearchStart): Promise<Bracket | null> {
  const keeps = async (perSecond: number, seconds?: number): Promise<boolean> => {
    const outcome = await probe(perSecond, seconds)
    const last = outcome.isDisturbed ? await probe(perSecond, seconds) : outcome
    return last.kept
  }
  const first = start.around?.kept ?? start.saturatedPerSecond * FIRST_SHARE
  const isLater = start.around !== null
  const bracket = await stepOut(keeps, first, isLater ? LATER_STEP : PRECISION)
  if (bracket === null) return null
  if (isLater) return bisect(keeps, bracket, LATER_PRECISION)
  return confirm(keeps, await bisect(keeps, bracket, PRECISION ** 1.5), start.confirmSeconds)
}

type Keeps = (perSecond: number, seconds?: number) => Promise<boolean>

/**
 * From a load up or down by a step, then by its square, … until the other side is met; null when it is not met from above.
 * @param first step, as a factor
 */
async function stepOut(keeps: Keeps, start: number, first: number): Promise<Bracket | null> {
  const isKept = await keeps(start)
  let known = start
  let step = first
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const load = isKept ? known * step : known / step
    if ((await keeps(load)) !== isKept)
      return isKept ? { kept: known, failed: load } : { kept: load, failed: known }
    known = load
    step = Math.min(LONGEST_STEP, step * step)
  }
  return isKept ? { kept: known, failed: null } : null
}

/** @param precision factor between the bounds that is small enough */
async function bisect(keeps: Keeps, bracket: Bracket, precision: number): Promise<Bracket> {
  if (bracket.failed === null) return bracket
  let { kept, failed } = { ...bracket, failed: bracket.failed }
  while (failed / kept > precision) {
    const middle = Math.sqrt(kept * failed)
    if (await keeps(middle)) kept = middle
    else failed = middle
  }
  return { kept, failed }
}

async function confirm(
  keeps: Keeps,
  { kept, failed }: Bracket,
  seconds: number,
): Promise<Bracket | null> {
  let load = kept
  let above = failed
  let factor = PRECISION
  for (let step = 1; step <= MOST_STEPS; step++) {
    if (await keeps(load, seconds)) return { kept: load, failed: above }
    above = load
    load /= factor
    if (step >= SHORT_STEPS) factor = Math.min(LONGEST_STEP, factor * factor)
  }
  return null
}

/** Work that the closed window may hold per core: what is in flight at the end must be answered, too. */
const LONGEST_WINDOW_NS = 0.2 * NS_PER_SECOND
const SMALLEST_WINDOW = 8
/** Threads of a stage that sleeps, where the arm does not say otherwise: so many requests sleep at once. */
const SLEEPERS = 32

/** Requests in flight per port at capacity: the permits, fewer when requests are long; the clients' over real sockets. */
export function capacityWindow(context: TrialContext, arm: Arm): number {
  const { loaded, workload, transport, cores } = context
  if (transport.kind === 'http')
    return Math.round((transport.connections * transport.pipelining) / cores.length)
  const permits = Number(arm.options['permits'])
  const stages = loaded.scenario.stages(loaded.params)
  const occupiedNs = occupiedNsOf(stages, workload)
  // Waits in which nobody needs a core overlap; of all ports' together, as many as there are threads for them.
  const asleepNs = Math.max(0, declaredNsOf(stages, workload) - occupiedNs)
  const perRequestNs = occupiedNs + (asleepNs * cores.length) / SLEEPERS
  if (perRequestNs === 0) return permits
  const bounded = Math.floor(LONGEST_WINDOW_NS / perRequestNs)
  return Math.min(permits, Math.max(SMALLEST_WINDOW, bounded))
}
