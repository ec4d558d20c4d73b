import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combineSeeds, drawSeed, seededRandom } from '../../harness/base/random.ts'

const SEED = 20_260_101
const DRAWS = 100_000

test('generators of the same seed give the same numbers, those of different seeds do not', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 20 }, () => [random.int32(), random.unit()])
  }
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (seed, other) => {
      expect(draw(seed)).toEqual(draw(seed))
      fc.pre(seed !== other)
      expect(draw(seed)).not.toEqual(draw(other))
    }),
    { numRuns: 30, seed: SEED },
  )
})

test('the first numbers of a seed are these, on every machine', () => {
  const random = seededRandom(1)
  expect([random.int32(), random.int32(), random.unit()]).toMatchInlineSnapshot(`
    [
      1440032331,
      -217668834,
      0.9551671657143882,
    ]
  `)
})

test('integers use all 32 bits equally', () => {
  const random = seededRandom(SEED)
  const ones = new Float64Array(32)
  for (let draw = 0; draw < DRAWS; draw++) {
    const value = random.int32()
    expect(value | 0).toBe(value)
    for (let bit = 0; bit < 32; bit++) ones[bit]! += (value >>> bit) & 1
  }
  // Five standard deviations of a fair coin: √DRAWS ÷ 2 each.
  const tolerance = (5 * Math.sqrt(DRAWS)) / 2
  for (const count of ones) expect(Math.abs(count - DRAWS / 2)).toBeLessThan(tolerance)
})

test('units are uniform in [0, 1)', () => {
  const random = seededRandom(SEED)
  const cells = new Float64Array(100)
  for (let draw = 0; draw < DRAWS; draw++) cells[Math.floor(random.unit() * cells.length)]!++
  const expected = DRAWS / cells.length
  const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  // The 99.9 % quantile of χ² with 99 degrees of freedom.
  expect(chiSquare).toBeLessThan(148.23)
})

test('combined seeds depend on every part, its upper half and its place', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (first, second) => {
      fc.pre(first !== second)
      const distinct = new Set([
        combineSeeds(first, second),
        combineSeeds(second, first),
        combineSeeds(first),
        combineSeeds(second),
        combineSeeds(first + 2 ** 32),
        combineSeeds(first, second, 0),
      ])
      expect(distinct.size).toBe(6)
    }),
    { seed: SEED },
  )
})

test('a drawn seed has 31 bits', () => {
  for (let draw = 0; draw < 100; draw++) {
    const seed = drawSeed()
    expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31).toBe(true)
  }
})
