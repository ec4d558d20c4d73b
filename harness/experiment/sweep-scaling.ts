import { linearRegression } from 'simple-statistics'
import type { PointPair } from '../results/point-pair.ts'
import type { Estimate } from '../results/schema.ts'
import type { Scaling, SweepValue } from '../results/sweep.ts'
import { medianInterval } from '../stats/median-interval.ts'
import { hodgesLehmann } from '../stats/signed-rank.ts'
import { fitScalability, type ScalingPoint } from '../stats/usl.ts'
import { figureOf } from './points/pair-ratio.ts'
import { estimated } from './sweep-figures.ts'

/*
 * Both go through the values of one round, and are then estimated over rounds: what the machine does to a whole round
 * cancels in the speed-up, and what remains is in the interval.
 */

/** How an arm's capacity grows with the cores, from the rounds that measured it at every number of cores. */
export function scalingOf(
  capacityPairs: readonly PointPair[],
  arm: string,
  level: number,
): Scaling {
  const rounds = roundsOf(capacityPairs, arm)
  const fits = rounds.map(fitScalability).filter((fit) => fit !== null)
  const coherencies = fits.map(({ coherency }) => coherency).filter((value) => value !== null)
  const numbers = [...new Set(rounds.flat().map(({ cores }) => cores))].toSorted((a, b) => a - b)
  const speedUps = numbers.flatMap((cores) => {
    const perRound = rounds.flatMap((round) => speedUpIn(round, cores))
    const speedUp = medianOver(perRound, level, '×')
    return speedUp === null ? [] : [{ cores, speedUp }]
  })
  return {
    speedUps,
    contention: medianOver(
      fits.map(({ contention }) => contention),
      level,
      '',
    ),
    coherency: medianOver(coherencies, level, ''),
  }
}

/** The slope of an arm's median latency over the values, nanoseconds per unit: least squares in each round, then over rounds. */
export function slopeOf(
  values: readonly SweepValue[],
  arm: string,
  level: number,
): Estimate | null {
  const rounds = Math.min(...values.map(({ pairs }) => pairs.length))
  const slopes = Array.from({ length: rounds }, (_, round) => {
    const points = values.map(({ value, pairs }) => [value, medianIn(pairs[round], arm)] as const)
    const known = points.filter((point): point is [number, number] => point[1] !== null)
    return known.length < points.length ? null : linearRegression(known).m
  })
  const known = slopes.filter((slope) => slope !== null)
  if (known.length === 0 || known.length < slopes.length) return null
  return estimated(hodgesLehmann(known, level), known.length, 'ns')
}

function medianIn(pair: PointPair | undefined, arm: string): number | null {
  const trial = pair?.trials.find((candidate) => candidate.arm === arm)
  const median = trial && figureOf(trial, 'p50')
  return median === undefined || median.atLeast ? null : median.value
}

/** The i-th pair of every number of cores, for each i that all of them have. */
function roundsOf(pairs: readonly PointPair[], arm: string): ScalingPoint[][] {
  const byCores = [...Map.groupBy(pairs, (pair) => pair.value)].map(([cores, ofCores]) =>
    ofCores.flatMap(({ trials }) =>
      trials.flatMap(({ arm: label, achievedPerSecond }) =>
        label === arm ? [{ cores: cores ?? 1, perSecond: achievedPerSecond }] : [],
      ),
    ),
  )
  const rounds = byCores.length === 0 ? 0 : Math.min(...byCores.map((points) => points.length))
  return Array.from({ length: rounds }, (_, round) => byCores.map((points) => points[round]!))
}

function speedUpIn(round: readonly ScalingPoint[], cores: number): number[] {
  const [alone, these] = [1, cores].map((number) => round.find((point) => point.cores === number))
  return alone === undefined || these === undefined ? [] : [these.perSecond / alone.perSecond]
}

function medianOver(values: readonly number[], level: number, unit: string): Estimate | null {
  return values.length === 0 ? null : estimated(medianInterval(values, level), values.length, unit)
}
