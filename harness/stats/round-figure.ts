import { linearRegression } from 'simple-statistics'
import type {
  CellMetric,
  CriterionMetric,
  FigureOf,
  Growth,
  RoundFigure,
} from '../contract/claim.ts'
import type { Figure, PairLog } from './ratio-over-pairs.ts'

/*
 * What a criterion computes of the cells of one round. A percentile that falls on requests which were never answered is later than
 * anything, so it counts as infinite: what follows from it is a bound, or says nothing where two of them meet.
 */

/** What a cell's trial of the round says of a metric. */
export interface RoundCells {
  /** Null where it has no such figure. */
  read(of: CellMetric): Figure | null
  /** Place of a cell on a parameter's axis. */
  placeOf(cell: string, parameter: string): number
}

/** The figures of a grid; of anything else that alone. */
export function gridOf(of: FigureOf): readonly RoundFigure[] {
  if ('largest' in of) return of.largest
  return 'smallest' in of ? of.smallest : [of]
}

/** Everything that a figure reads, in the order in which it names it. */
export function readsOf(figure: RoundFigure): readonly CellMetric[] {
  if ('cell' in figure) return [figure]
  if ('ratio' in figure) return figure.ratio.flatMap(readsOf)
  if ('difference' in figure) return figure.difference.flatMap(readsOf)
  if ('growth' in figure) return figure.growth.cells.map((cell) => readOf(figure.growth, cell))
  const { from, by, to } = figure.share
  return [from, by, to].flatMap(readsOf)
}

/** Whether it is positive and estimated on a scale of logarithms, as ratios of what is measured are; else as it is. */
export function isOnRatioScale(figure: RoundFigure): boolean {
  return 'ratio' in figure && figure.ratio.every((part) => 'cell' in part || isOnRatioScale(part))
}

/**
 * `neither` where bounds leave it open, null where a figure is missing.
 * @param isLogarithm whether it is estimated on a scale of ratios
 */
export function roundValue(
  figure: RoundFigure,
  cells: RoundCells,
  isLogarithm: boolean,
): PairLog | null {
  const value = valueOf(figure, cells)
  if (value === null) return null
  const scaled = isLogarithm ? Math.log(value) : value
  return Number.isNaN(scaled) ? 'neither' : scaled
}

/** Infinite of what was never answered, NaN where that leaves it open. */
function valueOf(figure: RoundFigure, cells: RoundCells): number | null {
  if ('cell' in figure) {
    const known = cells.read(figure)
    return known === 'unanswered' ? Infinity : known
  }
  if ('growth' in figure) return growthOf(figure.growth, cells)
  if ('ratio' in figure) return combined(figure.ratio, cells, ([first, second]) => first! / second!)
  if ('difference' in figure) {
    const { difference, times = 1 } = figure
    return combined(difference, cells, ([first, second]) => first! - times * second!)
  }
  const { from, by, to } = figure.share
  return combined([from, by, to], cells, (values) => shareOf(values))
}

function combined(
  figures: readonly RoundFigure[],
  cells: RoundCells,
  combine: (values: readonly number[]) => number,
): number | null {
  const values = figures.map((figure) => valueOf(figure, cells))
  return values.includes(null) ? null : combine(values as number[])
}

/** What is only bounded says nothing of a share, and neither does a gap of nothing. */
function shareOf([from, by, to]: readonly number[]): number {
  const [closed, gap] = [Math.log(by! / from!), Math.log(to! / from!)]
  return Number.isFinite(closed) && Number.isFinite(gap) && gap !== 0 ? closed / gap : Number.NaN
}

function growthOf(growth: Growth, cells: RoundCells): number | null {
  const points = growth.cells.map((cell) => ({
    place: cells.placeOf(cell, growth.over),
    value: valueOf(readOf(growth, cell), cells),
  }))
  if (points.some(({ value }) => value === null)) return null
  return linearRegression(points.map(({ place, value }) => [place, value!])).m
}

function readOf(
  { metric, class: ofClass }: { readonly metric: CriterionMetric; readonly class?: string },
  cell: string,
): CellMetric {
  return { cell, metric, ...(ofClass !== undefined && { class: ofClass }) }
}
