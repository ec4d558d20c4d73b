import fc from 'fast-check'
import { expect, test } from 'vitest'
import { betterDirection, isotonicFit, monotoneFit } from '../../harness/stats/crossing.ts'

const value = fc.double({ min: -100, max: 100, noNaN: true })
const weighted = fc.array(fc.tuple(value, fc.integer({ min: 1, max: 20 })), {
  minLength: 1,
  maxLength: 12,
})

/** The min-max formula (Robertson, Wright & Dykstra 1988, theorem 1.4.4): slow, and nothing is pooled. */
function minMaxFit(values: readonly number[], weights: readonly number[]): number[] {
  const mean = (from: number, to: number): number => {
    let [sum, weight] = [0, 0]
    for (let index = from; index <= to; index++) {
      sum += weights[index]! * values[index]!
      weight += weights[index]!
    }
    return sum / weight
  }
  const last = values.length - 1
  return values.map((_, at) => {
    const lowest = Array.from({ length: at + 1 }, (_from, from) =>
      Math.min(...Array.from({ length: last - at + 1 }, (_to, to) => mean(from, at + to))),
    )
    return Math.max(...lowest)
  })
}

test('pools neighbours in the wrong order into their weighted mean', () => {
  expect(isotonicFit([1, 3, 2, 4], [1, 1, 3, 1])).toEqual([1, 2.25, 2.25, 4])
})

test('a pooled block that falls below the one before is pooled with it, too', () => {
  expect(isotonicFit([2, 3, 0], [1, 1, 1])).toEqual([5 / 3, 5 / 3, 5 / 3])
})

test('agrees with the min-max formula', () => {
  fc.assert(
    fc.property(weighted, (entries) => {
      const [values, weights] = [entries.map(([each]) => each), entries.map(([, each]) => each)]
      const expected = minMaxFit(values, weights)
      for (const [index, fitted] of isotonicFit(values, weights).entries()) {
        expect(fitted).toBeCloseTo(expected[index]!, 8)
      }
    }),
  )
})

test('never goes against its direction, and leaves alone what never did', () => {
  fc.assert(
    fc.property(weighted, (entries) => {
      const [values, weights] = [entries.map(([each]) => each), entries.map(([, each]) => each)]
      const up = monotoneFit(values, weights, 'increasing')
      const down = monotoneFit(values, weights, 'decreasing')
      expect(up).toEqual(up.toSorted((a, b) => a - b))
      expect(down).toEqual(down.toSorted((a, b) => b - a))
      const sorted = values.toSorted((a, b) => a - b)
      expect(isotonicFit(sorted, weights).map((each, index) => each - sorted[index]!)).toSatisfy(
        (differences: number[]) => differences.every((difference) => Math.abs(difference) < 1e-9),
      )
    }),
  )
})

test('the better direction is the one whose fit is nearer', () => {
  expect(betterDirection([1, 2, 1.9, 3], [1, 1, 1, 1])).toBe('increasing')
  expect(betterDirection([3, 2, 2.1, 1], [1, 1, 1, 1])).toBe('decreasing')
  // One heavy value outweighs two light ones.
  expect(betterDirection([0, 1, 0.5], [1, 1, 9])).toBe('increasing')
  expect(betterDirection([5, 5], [1, 1])).toBe('increasing')
})
