import type { Load } from '../results/schema.ts'

/** Of the share that is asked for: how much more of it one arm may do than the other. */
const LARGEST_GAP = 0.1

/** Background work that the arms did at a load: shares of the processors' time, means over sound trials. */
export interface BackgroundGap {
  readonly asked: number
  /** In the order of the arms. */
  readonly done: readonly [number, number]
}

/**
 * The background work of both arms when one did more of it than the other, by over a tenth of what was asked for: then it
 * paid with its latencies for work that the other left undone. Else null, as without such work.
 */
export function backgroundGap(
  { sets }: Pick<Load, 'sets'>,
  arms: readonly string[],
): BackgroundGap | null {
  const shares = arms.map((arm) =>
    sets.flatMap(({ trials: { [arm]: trial } }) =>
      trial === undefined || trial.void !== null ? [] : (trial.backgroundShare ?? []),
    ),
  )
  const [first, second] = shares.map((of) => mean(of.map(({ done }) => done)))
  const asked = shares[0]?.[0]?.asked
  if (asked === undefined || first === undefined || second === undefined) return null
  return Math.abs(first - second) > LARGEST_GAP * asked ? { asked, done: [first, second] } : null
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** `of 20 % of background work staged did 3.1 %, sharded 20 %`. */
export function backgroundGapText({ asked, done }: BackgroundGap, arms: readonly string[]): string {
  const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`
  return `of ${percent(asked)} of background work ${arms[0]} did ${percent(done[0])}, ${arms[1]} ${percent(done[1])}`
}
