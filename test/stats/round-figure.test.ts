import { expect, test } from 'vitest'
import type { RoundFigure } from '../../harness/contract/claim.ts'
import { extremeOverPairs, type Figure } from '../../harness/stats/ratio-over-pairs.ts'
import { isOnRatioScale, readsOf, roundValue } from '../../harness/stats/round-figure.ts'

/** Cells `c1`, `c2` … of which the n-th has this p99, and n as its place on any axis. */
function valueIn(figure: RoundFigure, ...values: readonly (Figure | null)[]) {
  const numberOf = (cell: string) => Number(cell.slice(1))
  const read = ({ cell }: { cell: string }) => values[numberOf(cell) - 1] ?? null
  return roundValue(figure, { read, placeOf: numberOf }, isOnRatioScale(figure))
}

const [c1, c2, c3] = [1, 2, 3].map((cell) => ({ cell: `c${cell}`, metric: 'p99' }) as const) as [
  RoundFigure,
  RoundFigure,
  RoundFigure,
]
const ratio: RoundFigure = { ratio: [c1, c2] }

test('a ratio is estimated on a scale of logarithms, what differs or grows is not', () => {
  expect(valueIn(ratio, 6, 2)).toBeCloseTo(Math.log(3))
  expect(valueIn({ ratio: [ratio, { ratio: [c3, c2] }] }, 6, 2, 3)).toBeCloseTo(Math.log(2))
  expect(valueIn({ difference: [c1, c2], times: 5 }, 16, 2)).toBe(6)
  const growth: RoundFigure = {
    growth: { over: 'stages', cells: ['c1', 'c2', 'c3'], metric: 'p99' },
  }
  expect(valueIn(growth, 10, 13, 16)).toBeCloseTo(3)
  const perHop: RoundFigure = { ratio: [growth, c1] }
  expect(isOnRatioScale(perHop)).toBe(false)
  expect(valueIn(perHop, 10, 9, 8)).toBeCloseTo(-0.1)
})

test('a share of a gap is one of logarithms: 100 to 1 by way of 10 is half', () => {
  const share: RoundFigure = { share: { from: c1, by: c2, to: c3 } }
  expect(valueIn(share, 100, 10, 1)).toBeCloseTo(0.5)
  expect(valueIn(share, 100, 200, 1)).toBeLessThan(0)
  expect(valueIn(share, 100, 10, 100)).toBe('neither')
  expect(valueIn(share, 'unanswered', 10, 1)).toBe('neither')
})

test('what was never answered is a bound, and two of them say nothing', () => {
  expect(valueIn(ratio, 'unanswered', 2)).toBe(Infinity)
  expect(valueIn(ratio, 2, 'unanswered')).toBe(-Infinity)
  expect(valueIn(ratio, 'unanswered', 'unanswered')).toBe('neither')
  expect(valueIn(ratio, 0, 0)).toBe('neither')
  expect(valueIn({ difference: [c1, c2] }, 5, 'unanswered')).toBe(-Infinity)
  expect(valueIn({ difference: [c1, c2] }, 'unanswered', 'unanswered')).toBe('neither')
  expect(valueIn(ratio, 5, null)).toBeNull()
})

test('a figure tells everything that it reads', () => {
  const figure: RoundFigure = {
    difference: [{ growth: { over: 'x', cells: ['c1', 'c2'], metric: 'p50', class: 'short' } }, c3],
  }
  expect(readsOf(figure)).toEqual([
    { cell: 'c1', metric: 'p50', class: 'short' },
    { cell: 'c2', metric: 'p50', class: 'short' },
    c3,
  ])
})

test('the interval of the largest of a grid is no narrower than that of its largest', () => {
  const around = (centre: number) => [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2].map((by) => centre + by)
  const alone = extremeOverPairs([around(10)], 'largest', 0.95)!
  const of3 = extremeOverPairs([around(1), around(10), around(9)], 'largest', 0.95)!
  expect(of3.value).toBe(alone.value)
  expect(of3.lower).toBeLessThan(alone.lower)
  expect(of3.upper).toBe(alone.upper)
  expect(of3.level).toBeGreaterThanOrEqual(0.95)
  const least = extremeOverPairs([around(1), around(10), around(10)], 'smallest', 0.95)!
  expect(least.value).toBe(1)
  expect(least.upper).toBeGreaterThan(extremeOverPairs([around(1)], 'smallest', 0.95)!.upper)
})

test('too few rounds for a grid are told by the level', () => {
  const six = [1, 2, 3, 4, 5, 6]
  expect(extremeOverPairs([six, six], 'largest', 0.95)!.level).toBeLessThan(0.95)
  expect(extremeOverPairs([six, [null]], 'largest', 0.95)).toBeNull()
})
