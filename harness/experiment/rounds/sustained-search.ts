import type { Bracket } from './server-under-test.ts'

/** A search ends when the bounds are this close. */
const PRECISION = 1.03
/** Of the closed window's throughput: where a whole search begins. */
const FIRST_SHARE = 0.9
/** Steps behind the first probe: of a whole search, enough for a thousandth of where it began; of one from an earlier bracket. */
const WHOLE_STEPS = 10
const LATER_STEPS = 3
/** A step is never longer than this factor. */
const LONGEST_STEP = 4
/** A load that a trial of full length does not confirm is lowered by so much, so many times. */
const CONFIRM_STEPS = 4

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
 * load, or lowers it by 3 % until one does. From an earlier bracket it is stepped out once: a round's figure is one of many, so
 * that what is left need not be narrowed or confirmed. Null when no load was sustained.
 */
export async function searchSustained(probe: Probe, start: SearchStart): Promise<Bracket | null> {
  const keeps = async (perSecond: number, seconds?: number): Promise<boolean> => {
    const outcome = await probe(perSecond, seconds)
    const last = outcome.isDisturbed ? await probe(perSecond, seconds) : outcome
    return last.kept
  }
  if (start.around !== null) {
    const { bracket, lowest } = await stepOut(keeps, start.around.kept, LATER_STEPS)
    // Not met from above: what lies below the lowest probe is not known.
    return bracket ?? { kept: lowest / PRECISION, failed: lowest }
  }
  const { bracket } = await stepOut(keeps, start.saturatedPerSecond * FIRST_SHARE, WHOLE_STEPS)
  if (bracket === null) return null
  return confirm(keeps, await bisect(keeps, bracket), start.confirmSeconds)
}

type Keeps = (perSecond: number, seconds?: number) => Promise<boolean>

/** From a load 3 % up or down, then 6 %, 12 %, … until the other side is met; null when it is not met from above. */
async function stepOut(
  keeps: Keeps,
  start: number,
  most: number,
): Promise<{ readonly bracket: Bracket | null; readonly lowest: number }> {
  const isKept = await keeps(start)
  let known = start
  let step = PRECISION
  for (let steps = 0; steps < most; steps++) {
    const load = isKept ? known * step : known / step
    if ((await keeps(load)) !== isKept) {
      const bracket = isKept ? { kept: known, failed: load } : { kept: load, failed: known }
      return { bracket, lowest: load }
    }
    known = load
    step = Math.min(LONGEST_STEP, step * step)
  }
  return { bracket: isKept ? { kept: known, failed: null } : null, lowest: known }
}

async function bisect(keeps: Keeps, bracket: Bracket): Promise<Bracket> {
  if (bracket.failed === null) return bracket
  let { kept, failed } = { ...bracket, failed: bracket.failed }
  while (failed / kept > PRECISION * PRECISION ** 0.5) {
    const middle = Math.sqrt(kept * failed)
    if (await keeps(middle)) kept = middle
    else failed = middle
  }
  return { kept, failed }
}

async function confirm(keeps: Keeps, { kept, failed }: Bracket, seconds: number): Promise<Bracket> {
  let load = kept
  let above = failed
  for (let step = 0; step < CONFIRM_STEPS; step++) {
    if (await keeps(load, seconds)) return { kept: load, failed: above }
    above = load
    load /= PRECISION
  }
  return { kept: load, failed: above }
}
