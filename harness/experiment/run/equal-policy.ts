import type { Arm } from '../../contract/architecture.ts'
import type { ComparedArms, Load, Ratios, Trial } from '../../results/schema.ts'
import { median } from '../../stats/intervals.ts'
import { compareArms } from './judge.ts'

/** What every arm can do, whatever its own policy is. */
export const EQUAL_POLICY = 'park'
/** Arms whose parks per request differ by so many times differ in more than their architecture. */
const PARKS_RATIO = 10

/**
 * Arms that are to be played with `park` as well in the next set at a load: those whose own policy lets them spin, where they are
 * compared with one that parks ten times as often per request, or a tenth as often. By the sets so far: none before the first.
 */
export function spinningArms(
  load: Load,
  comparisons: readonly ComparedArms[],
  arms: readonly Arm[],
): readonly Arm[] {
  const differing = comparisons.filter(({ first, second }) => {
    const parks = [first, second].map((arm) => parksPerRequest(load, arm))
    const [fewer, more] = [Math.min(...parks), Math.max(...parks)]
    return more > PARKS_RATIO * fewer
  })
  return arms.filter(
    ({ label }) =>
      differing.some(({ first, second }) => first === label || second === label) &&
      trialsOf(load, label).some(({ idle }) => idle !== undefined && idle !== EQUAL_POLICY),
  )
}

/**
 * Second ÷ first of two arms that both park: of an arm that does so by itself its own trial, of the others that behind it. Null
 * where none was played so, or too few pairs have figures.
 */
export function ratiosAtEqualPolicy(
  { sets }: Load,
  { first, second }: ComparedArms,
  level: number,
): Ratios | null {
  const parked = sets.flatMap((set) => {
    const trials = { ...set.trials, ...set.atEqualPolicy }
    const bothPark = [first, second].every((arm) => trials[arm]?.idle === EQUAL_POLICY)
    const isRow = [first, second].some((arm) => set.atEqualPolicy?.[arm] !== undefined)
    return bothPark && isRow ? [{ ...set, trials }] : []
  })
  return parked.length === 0 ? null : compareArms(parked, first, second, level)
}

function trialsOf({ sets }: Load, arm: string): readonly Trial[] {
  return sets.flatMap(({ trials }) => trials[arm] ?? [])
}

/** Median over sets; 0 where it is not known. */
function parksPerRequest(load: Load, arm: string): number {
  const parks = trialsOf(load, arm).flatMap(({ counters, counts }) =>
    counters.parks === null || counts.completed === 0 ? [] : [counters.parks / counts.completed],
  )
  return parks.length === 0 ? 0 : median(parks.toSorted((a, b) => a - b))
}
