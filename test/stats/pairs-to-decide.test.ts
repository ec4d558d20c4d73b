import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import { fewestPairs, judge, pairsToDecide } from '../../harness/stats/verdict.ts'
import { pairedRatio } from './paired-ratio.ts'
import { normal } from './variates.ts'

/** Eight log-ratios with exactly this centre and standard deviation. */
function logRatios(centre: number, spread: number): number[] {
  const shape = [-1.4, -0.9, -0.5, -0.2, 0.2, 0.5, 0.9, 1.4]
  const deviation = Math.sqrt(shape.reduce((sum, value) => sum + value * value, 0) / 7)
  return shape.map((value) => centre + (spread * value) / deviation)
}

test('more spread, a centre nearer to its bound and a higher level need more pairs', () => {
  const pairs = (centre: number, spread: number, level = 0.95) =>
    pairsToDecide(logRatios(centre, spread), level, 1.05) ?? Number.POSITIVE_INFINITY
  const ascending = (values: number[]) => expect(values).toEqual(values.toSorted((a, b) => a - b))
  ascending([0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].map((spread) => pairs(0.1, spread)))
  ascending([0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].map((spread) => pairs(0, spread)))
  ascending([0.3, 0.2, 0.1, 0.07, 0.055].map((centre) => pairs(centre, 0.05)))
  ascending([0, 0.01, 0.03, 0.045].map((centre) => pairs(centre, 0.05)))
  ascending([0.9, 0.95, 0.99].map((level) => pairs(0.1, 0.1, level)))
  expect(pairs(0.1, 0.1)).toBeLessThan(Number.POSITIVE_INFINITY)
})

test('a faster first architecture needs as many pairs as a faster second one', () => {
  expect(pairsToDecide(logRatios(-0.1, 0.08), 0.95, 1.05)).toBe(
    pairsToDecide(logRatios(0.1, 0.08), 0.95, 1.05),
  )
})

test('clear log-ratios need no more than the level does', () => {
  expect(pairsToDecide(logRatios(1, 0.01), 0.95, 1.05)).toBe(fewestPairs(0.95))
  expect(pairsToDecide(logRatios(1, 0.01), 0.99, 1.05)).toBe(fewestPairs(0.99))
  expect(pairsToDecide([0, 0], 0.95, 1.05)).toBe(fewestPairs(0.95))
})

test('nothing decides a centre at a bound, or between none and the band of the machine', () => {
  expect(pairsToDecide(logRatios(Math.log(1.05), 0.05), 0.95, 1.05)).toBeNull()
  expect(pairsToDecide(logRatios(Math.log(1.1), 0.001), 0.95, 1.2)).toBeNull()
  expect(pairsToDecide([0.1, 0.1], 0.95, 1.2)).toBeNull()
  expect(pairsToDecide(logRatios(0.06, 1), 0.95, 1.05)).toBeNull()
})

// By the formula in the comment, computed apart from it.
test.each([
  [Math.log(1.1), 0.06, 16, 24],
  [Math.log(1.2), 0.2, 21, 31],
  [0, 0.06, 19, 27],
  [0.1, 0.1, 34, 50],
  [0.12, 0.05, 6, 9],
])(
  'centre %f and spread %f need %i pairs at 95 percent, %i at 99 percent',
  (centre, spread, pairs, surer) => {
    expect(pairsToDecide(logRatios(centre, spread), 0.95, 1.05)).toBe(pairs)
    expect(pairsToDecide(logRatios(centre, spread), 0.99, 1.05)).toBe(surer)
  },
)

test('one log-ratio has no spread to plan with', () => {
  expect(pairsToDecide([1], 0.95, 1.05)).toBeNull()
  expect(pairsToDecide([], 0.95, 1.05)).toBeNull()
})

test.each([
  [Math.log(1.1), 0.06],
  [Math.log(1.2), 0.2],
  [0, 0.06],
  [0.02, 0.05],
])(
  'with the pairs it names, centre %f and spread %f are decided about four times in five',
  (centre, spread) => {
    const pairs = pairsToDecide(logRatios(centre, spread), 0.95, 1.05)!
    expect(pairs).toBeGreaterThan(8)
    expect(pairs).toBeLessThanOrEqual(64)
    const random = seededRandom(1)
    let decided = 0
    for (let run = 0; run < 1_000; run++) {
      const differences = Array.from({ length: pairs }, () => centre + spread * normal(random))
      const ratio = pairedRatio(
        differences.map(() => 1),
        differences.map((value) => Math.exp(value)),
        0.95,
      )
      decided += Number(judge(ratio, 0.95) !== 'inconclusive')
    }
    expect(decided / 1_000).toBeGreaterThan(0.75)
    expect(decided / 1_000).toBeLessThan(0.85)
  },
)
