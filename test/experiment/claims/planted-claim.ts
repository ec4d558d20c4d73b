import type {
  CellCriterion,
  CellMetric,
  CriterionFigure,
  Limit,
  RoundFigure,
} from '../../../harness/contract/claim.ts'
import type { Scenario } from '../../../harness/contract/scenario.ts'
import { playedCells } from '../../../harness/experiment/claims/places.ts'
import { summarizeClaim } from '../../../harness/experiment/claims/summary.ts'
import type { ClaimResult } from '../../../harness/results/claims.ts'
import { plannedCells, readsOfCriterion } from '../../../harness/scenario/criteria.ts'
import { gridOf, roundValue } from '../../../harness/stats/round-figure.ts'
import {
  CLAIM_METRICS,
  FIGURE_UNIT_SIZES,
  metricKey,
} from '../../../harness/words/claim-metrics.ts'
import { begunMeasurement, sampleRequest } from './sample-claim.ts'

const BEGUN = begunMeasurement(await sampleRequest()).claim

/** What is looked for of one figure of a round, in its unit. */
interface Goal {
  readonly of: RoundFigure
  readonly size: number
  readonly limit: Limit
}

/** Values by cell and metric. */
export type Values = ReadonlyMap<string, number>

const keyOf = (of: CellMetric) => `${of.cell} / ${metricKey(of)}`

/** Metrics of cells such that each goal is surely reached; null where the search finds none. */
function valuesFor(
  criterion: CellCriterion,
  scenario: Scenario,
  goals: readonly Goal[],
): Values | null {
  const reads = readsOfCriterion(criterion)
  const values = new Map(reads.map((of) => [keyOf(of), baseOf(of)]))
  const params = new Map(
    plannedCells(criterion, scenario, '').map((cell) => [cell.name, cell.params]),
  )
  const cells = {
    read: (of: CellMetric) => values.get(keyOf(of))!,
    placeOf: (cell: string, parameter: string) => Number(params.get(cell)![parameter]),
  }
  const missedOf = ({ of, size, limit }: Goal) => {
    const value = roundValue(of, cells, false)
    return typeof value === 'number' ? missed(limit, value / size) : 1
  }
  const missedByAll = () => goals.reduce((sum, goal) => sum + missedOf(goal), 0)
  // One value after the other is put where the goals are missed by the least, as long as that gains anything.
  for (let least = missedByAll(), before = Infinity; least < before;) {
    before = least
    for (const [key, kept] of values) {
      let best = kept
      for (let step = -STEPS; step <= STEPS; step++) {
        values.set(key, kept * STEP ** step)
        const now = missedByAll()
        if (now < least) [least, best] = [now, values.get(key)!]
      }
      values.set(key, best)
    }
    if (least === 0) return values
  }
  return null
}

const STEP = 1.04
const STEPS = 200

function baseOf({ metric }: CellMetric): number {
  return { time: 1_000_000, rate: 10_000, number: 0.1 }[CLAIM_METRICS[metric].dimension]
}

/** How far a value is from lying in a limit with something to spare, as a share of what is nearer to 1. */
function missed(limit: Limit, value: number): number {
  const spare = (end: number) => Math.max(0.01 * Math.abs(end), 0.001)
  const above = (end: number) => Math.max(0, end + spare(end) - value)
  const below = (end: number) => Math.max(0, value - end + spare(end))
  if ('above' in limit) return above(limit.above)
  if ('below' in limit) return below(limit.below)
  const [from, to] = 'within' in limit ? limit.within : limit.outside
  if ('outside' in limit) return Math.min(below(from), above(to))
  return from === to ? Math.abs(value - from) : Math.max(above(from), below(to))
}

/** That a figure lies in a limit: of the largest of a grid the first is above something, all are below. */
function goalsOf(
  { of, unit }: Pick<CriterionFigure, 'of' | 'unit'>,
  limit: Limit,
): readonly Goal[] {
  const { size } = FIGURE_UNIT_SIZES[unit]
  const isByOne = ('largest' in of && 'above' in limit) || ('smallest' in of && 'below' in limit)
  const figures = isByOne ? gridOf(of).slice(0, 1) : gridOf(of)
  return figures.map((figure) => ({ of: figure, size, limit }))
}

/** Where a figure is surely neither; null where its limits leave nothing. */
function gapOf({ confirmed, refuted }: CriterionFigure): Limit | null {
  if (confirmed === undefined || refuted === undefined) return otherSide(confirmed ?? refuted)
  if ('above' in confirmed && 'below' in refuted)
    return confirmed.above > refuted.below ? { within: [refuted.below, confirmed.above] } : null
  if ('below' in confirmed && 'above' in refuted)
    return confirmed.below < refuted.above ? { within: [confirmed.below, refuted.above] } : null
  return null
}

function otherSide(limit: Limit | undefined): Limit | null {
  if (limit === undefined) return null
  if ('above' in limit) return { below: limit.above }
  if ('below' in limit) return { above: limit.below }
  return 'within' in limit ? { outside: limit.within } : { within: limit.outside }
}

/** Always the same side of a stretch that is left out, so that different outcomes have the same conditions. */
function oneSide(limit: Limit): Limit {
  return 'outside' in limit ? { above: limit.outside[1] } : limit
}

/** The goals of an outcome, each way to it. */
function waysTo(
  outcome: 'confirmed' | 'refuted' | 'between',
  { figures, refutedBy = 'any' }: CellCriterion,
): readonly (readonly Goal[])[] {
  const lying = (limitOf: (figure: CriterionFigure) => Limit | null | undefined) =>
    figures.map((figure) => {
      const limit = limitOf(figure)
      return limit ? goalsOf(figure, limit) : []
    })
  const confirmed = lying((figure) => figure.confirmed)
  if (outcome === 'confirmed') return [confirmed.flat()]
  if (outcome === 'refuted') {
    const refuted = lying((figure) => figure.refuted).filter((goals) => goals.length > 0)
    return refutedBy === 'all' ? [refuted.flat()] : refuted
  }
  // One is between its limits, and no other stands against the claim.
  return lying(gapOf).flatMap((gap, index) =>
    gap.length === 0 ? [] : [[...gap, ...confirmed.filter((_, other) => other !== index).flat()]],
  )
}

/** Values that should come to an outcome, of each way to it that there is; none where its limits leave no room for it. */
export function plantedValues(
  outcome: 'confirmed' | 'refuted' | 'between',
  criterion: CellCriterion,
  scenario: Scenario,
): readonly Values[] {
  const conditions = (criterion.onlyIf ?? []).flatMap((one) => goalsOf(one, oneSide(one.holds)))
  return waysTo(outcome, criterion).flatMap((goals) =>
    goals.length === 0 ? [] : (valuesFor(criterion, scenario, [...conditions, ...goals]) ?? []),
  )
}

/** A claim all of whose rounds have these values, or turn by turn each of several, give or take next to nothing. */
export function plantedClaim(
  criterion: CellCriterion,
  scenario: Scenario,
  turns: readonly Values[],
): ClaimResult {
  const cells = playedCells(plannedCells(criterion, scenario, ''), 2)
  const claim: ClaimResult = {
    ...BEGUN,
    cells,
    screened: criterion.screen === undefined ? null : cells.map(({ name }) => name),
    sets: Array.from({ length: ROUNDS }, (_, round) => ({
      round,
      place: 0,
      seed: round,
      offeredPerSecond: 1_000,
      order: cells.map(({ name }) => name),
      trials: cells.map(({ name }, cell) => ({
        cell: name,
        startedAtSeconds: round,
        figures: Object.fromEntries(
          readsOfCriterion(criterion)
            .filter((of) => of.cell === name)
            .map((of) => [
              metricKey(of),
              turns[round % turns.length]!.get(keyOf(of))! *
                (1 + NOISE * Math.sin(7 * round + cell)),
            ]),
        ),
        failedGates: [],
        void: null,
      })),
      discarded: [],
    })),
  }
  summarizeClaim(claim, criterion, 0.95)
  return claim
}

/** Enough for a grid of twelve. */
const ROUNDS = 12
const NOISE = 1e-7
