import { describe, expect, test } from 'vitest'
import type { CellCriterion } from '../../../harness/contract/claim.ts'
import { concluded } from '../../../harness/experiment/claims/outcome.ts'
import { judgedFigure } from '../../../harness/experiment/claims/summary.ts'
import { listScenarios, loadScenario } from '../../../harness/scenario/load.ts'
import { limitEnds } from '../../../harness/stats/limits.ts'
import { centreOverPairs } from '../../../harness/stats/ratio-over-pairs.ts'
import { plantedClaim, plantedValues } from './planted-claim.ts'

/** The table of claims has so many rows. */
const ROWS = Array.from({ length: 26 }, (_, index) => `C${String(index + 1).padStart(2, '0')}`)

const SCENARIOS = await Promise.all(
  listScenarios().map(async (name) => (await loadScenario(name, {})).scenario),
)
const CRITERIA = SCENARIOS.flatMap((scenario) =>
  (scenario.criteria ?? []).map((criterion) => ({ id: criterion.id, criterion, scenario })),
)

test('every claim of the table has a criterion, and none is in two scenarios', () => {
  const ids = CRITERIA.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...new Set(ids.map((id) => id.slice(0, 3)))].toSorted()).toEqual(ROWS)
  // A row is one criterion, or has a word behind each.
  for (const row of ROWS)
    expect(ids.includes(row) && ids.some((id) => id.startsWith(`${row}-`))).toBe(false)
})

const BY_CELLS = CRITERIA.flatMap(({ criterion, ...beside }) =>
  'cells' in criterion ? [{ criterion, ...beside }] : [],
)
const BY_MEASUREMENT = CRITERIA.flatMap(({ id, criterion }) =>
  'by' in criterion ? [{ id, criterion }] : [],
)

/** False where one limit begins where the other ends, and nothing else decides. */
function leavesRoom({ figures }: CellCriterion): boolean {
  const deciding = figures.filter(({ confirmed, refuted }) => confirmed ?? refuted)
  const ends = [deciding[0]!.confirmed, deciding[0]!.refuted].map(
    (limit) => limit && limitEnds(limit),
  )
  return deciding.length > 1 || String(ends[0]) !== String(ends[1])
}

describe.each(BY_CELLS)('$id', ({ criterion, scenario }) => {
  test.each(['confirmed', 'refuted'] as const)('can be %s', (outcome) => {
    const ways = plantedValues(outcome, criterion, scenario)
    expect(ways).not.toEqual([])
    for (const values of ways)
      expect(plantedClaim(criterion, scenario, [values])).toMatchObject({ outcome, reason: '' })
  })

  test('can be between where its limits leave room for it', () => {
    const outcomes = plantedValues('between', criterion, scenario).map(
      (values) => plantedClaim(criterion, scenario, [values]).outcome,
    )
    expect(outcomes.includes('between')).toBe(leavesRoom(criterion))
  })

  test('is undecided where rounds contradict each other', () => {
    const turns = (['confirmed', 'refuted'] as const).map(
      (outcome) => plantedValues(outcome, criterion, scenario)[0]!,
    )
    expect(plantedClaim(criterion, scenario, turns).outcome).toBe('undecided')
  })
})

describe.each(BY_MEASUREMENT)('$id', ({ criterion }) => {
  const [figure] = criterion.figures
  const [confirming, refuting] = [figure.confirmed, figure.refuted].map(
    (limit) => limitEnds(limit!)[0]!,
  )
  const isAbove = 'above' in figure.confirmed!
  const [far, near] = isAbove ? [2, 0.5] : [0.5, 2]

  test.each([
    ['confirmed', [confirming! * far]],
    ['refuted', [refuting! * near]],
    ['undecided', [confirming! * far, refuting! * near]],
  ] as const)('can be %s', (outcome, values) => {
    const rounds = Array.from({ length: 8 }, (_, round) => values[round % values.length]!)
    const estimate = { ...centreOverPairs(rounds, 0.95)!, unit: figure.unit }
    const found = { estimate, note: '', values: rounds, isLogarithm: false }
    const figures = [judgedFigure(figure, found, 0.95)]
    expect(
      concluded({ figures, conditions: [], complete: true, ending: null }, criterion),
    ).toMatchObject({
      outcome,
    })
  })
})
