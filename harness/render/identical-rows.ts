import { bandOf, FEWEST_BAND_RUNS } from '../stats/band.ts'
import type { ComparisonName } from '../results/schema.ts'
import type { IdenticalRun } from '../results/validation.ts'
import { formatQuantity, NOT_AVAILABLE, RATIO } from './format.ts'
import { medianOf } from './median.ts'

/** What the A/A runs of one arm at one load showed of a metric, formatted. */
export interface IdenticalRow {
  readonly arm: string
  readonly load: string
  readonly runs: string
  /** Runs whose verdict, falsely, named a winner. */
  readonly winnersNamed: string
  /** Trials that failed a gate. */
  readonly marked: string
  /** Farthest point estimate from 1, as a ratio ≥ 1. */
  readonly largest: string
  readonly median: string
  /** Nineteen of twenty runs stayed within this ratio; not available for fewer than twenty. */
  readonly band: string
}

const NO_WINNER = new Set(['none', 'inconclusive'])

/** One row per arm and load, in the order in which they were first measured. */
export function identicalRows(
  runs: readonly IdenticalRun[],
  metric: ComparisonName,
): readonly IdenticalRow[] {
  const groups = Map.groupBy(runs, ({ arm, load }) => JSON.stringify([arm, load]))
  return [...groups.values()].map((group) => {
    const ratios = group.flatMap((run) => run.ratios[metric]?.value ?? [])
    // The band is that of a load, whoever met itself at it.
    const ofLoad = runs
      .filter(({ load }) => load === group[0]?.load)
      .flatMap((run) => run.ratios[metric]?.value ?? [])
    const distances = ratios.map((ratio) => Math.abs(Math.log(ratio))).toSorted((a, b) => a - b)
    return {
      arm: group[0]?.arm ?? '',
      load: group[0]?.load ?? '',
      runs: String(group.length),
      winnersNamed: String(group.filter(({ winner }) => !NO_WINNER.has(winner)).length),
      marked: String(group.reduce((sum, run) => sum + run.markedTrials, 0)),
      largest: ratioText(distances.at(-1) ?? null),
      median: ratioText(medianOf(distances)),
      band:
        ofLoad.length < FEWEST_BAND_RUNS ? NOT_AVAILABLE : formatQuantity(bandOf(ofLoad), RATIO),
    }
  })
}

function ratioText(distance: number | null): string {
  return distance === null ? NOT_AVAILABLE : formatQuantity(Math.exp(distance), RATIO)
}
