import type { CellCriterion, FigureOf, RoundFigure } from '../../contract/claim.ts'
import { type CellSet, type ClaimResult, soundCells } from '../../results/claims.ts'
import { gridOf, isOnRatioScale, readsOf, roundValue } from '../../stats/round-figure.ts'
import { type SoundRound, wholeRounds } from '../../stats/sound-rounds.ts'
import { metricKey } from '../../words/claim-metrics.ts'

/*
 * A screen: some rounds of all cells choose those of a grid whose extremes are worth estimating, further rounds play these alone. What
 * chose is part of no interval: the largest of many cells in rounds that chose it is too large.
 */

/** The trials of a round by cell. */
export type Cells = SoundRound<string, string>

/** The trials of each round by cell, whichever set they were played in. */
export function roundsOf(sets: readonly CellSet[]): readonly Cells[] {
  const byRound = Map.groupBy(sets, ({ round }) => round)
  return [...byRound.values()].map(
    (ofRound) => new Map(ofRound.flatMap((set) => [...soundCells(set)])),
  )
}

/** A round as figures read it. */
export function cellsOf(
  { cells }: Pick<ClaimResult, 'cells'>,
  round: Cells,
): Parameters<typeof roundValue>[1] {
  return {
    read: (of) => round.get(of.cell)!.figureOf(metricKey(of)),
    placeOf: (name, parameter) =>
      Number(cells.find((cell) => cell.name === name)!.params[parameter]),
  }
}

/** Sets that figures are estimated of: those behind the screen, if there is one. */
export function decidingSets(
  { sets }: Pick<ClaimResult, 'sets'>,
  { screen }: Pick<CellCriterion, 'screen'>,
): CellSet[] {
  return sets.filter(({ round }) => round >= (screen?.rounds ?? 0))
}

/**
 * Of a grid, the figures of cells that went on that the screen says are its extremes: to the largest the smallest are no look that
 * could be wrong. Anything else as it is.
 */
export function amongScreened(
  of: FigureOf,
  claim: Pick<ClaimResult, 'cells' | 'sets' | 'screened'>,
  { screen }: Pick<CellCriterion, 'screen'>,
): FigureOf {
  const { screened } = claim
  if (screen === undefined || screened === null) return of
  const ranked = (grid: readonly RoundFigure[]) =>
    rankedByScreen(
      grid.filter((figure) => cellsRead(figure).every((cell) => screened.includes(cell))),
      claim,
      screen.rounds,
    )
  if ('largest' in of) return { largest: ranked(of.largest).slice(-screen.keep) }
  return 'smallest' in of ? { smallest: ranked(of.smallest).slice(0, screen.keep) } : of
}

/**
 * Names of the cells that go on: those of the first figure's largest and smallest in the mean over the screen's rounds, and what is no
 * grid reads.
 */
export function screenedCells(
  claim: Pick<ClaimResult, 'cells' | 'sets'>,
  criterion: CellCriterion,
): string[] {
  const { screen, figures } = criterion
  if (screen === undefined) return Object.keys(criterion.cells)
  const ranked = rankedByScreen(gridOf(figures[0]!.of), claim, screen.rounds)
  const chosen = [...ranked.slice(0, screen.keep), ...ranked.slice(-screen.keep)]
  const names = new Set([...chosen.flatMap(cellsRead), ...cellsBeside(criterion)])
  return Object.keys(criterion.cells).filter((name) => names.has(name))
}

/** From the smallest in the mean over the screen's rounds. A figure that nothing is known of counts as the smallest. */
function rankedByScreen(
  grid: readonly RoundFigure[],
  claim: Pick<ClaimResult, 'cells' | 'sets'>,
  screening: number,
): readonly RoundFigure[] {
  const rounds = roundsOf(claim.sets.filter(({ round }) => round < screening))
  const meanOf = (figure: RoundFigure) => {
    const values = wholeRounds(rounds, cellsRead(figure))
      .map((round) => roundValue(figure, cellsOf(claim, round), isOnRatioScale(figure)))
      .filter((value) => typeof value === 'number')
    return values.length === 0
      ? -Infinity
      : values.reduce((sum, value) => sum + value, 0) / values.length
  }
  return grid
    .map((figure) => ({ figure, mean: meanOf(figure) }))
    .toSorted((a, b) => (a.mean === b.mean ? 0 : a.mean - b.mean))
    .map(({ figure }) => figure)
}

function cellsRead(figure: RoundFigure): readonly string[] {
  return [...new Set(readsOf(figure).map(({ cell }) => cell))]
}

/** Cells that go on whatever the screen says. */
function cellsBeside({ figures, onlyIf = [], usefulWithin }: CellCriterion): readonly string[] {
  const single = [...figures, ...onlyIf].flatMap(({ of }) =>
    'largest' in of || 'smallest' in of ? [] : cellsRead(of),
  )
  const useful = usefulWithin && 'largest' in usefulWithin ? usefulWithin.largest : []
  return [...single, ...useful.map(({ cell }) => cell)]
}

/** How many cells go on at most. */
export function mostScreened(criterion: CellCriterion): number {
  const { screen, figures, cells } = criterion
  const count = Object.keys(cells).length
  if (screen === undefined) return count
  const perFigure = Math.max(...gridOf(figures[0]!.of).map((figure) => cellsRead(figure).length))
  const beside = new Set(cellsBeside(criterion)).size
  return Math.min(count, 2 * screen.keep * perFigure + beside)
}
