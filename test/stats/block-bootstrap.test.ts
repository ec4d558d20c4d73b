import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../harness/base/random.ts'
import { compareHalves, halvesAgree } from '../../harness/stats/block-bootstrap.ts'
import { exponential, normal } from './variates.ts'

const BUCKETS = 500
/** Lower edge of a bucket: 2 % wide, from 0.001. */
const edge = (bucket: number) => 0.001 * 1.02 ** bucket

/** A block of observations drawn by `draw`. */
function block(count: number, draw: () => number): Int32Array {
  const counts = new Int32Array(BUCKETS)
  for (let index = 0; index < count; index++) {
    const bucket = Math.floor(Math.log(draw() / 0.001) / Math.log(1.02))
    counts[Math.min(BUCKETS - 1, Math.max(0, bucket))]!++
  }
  return counts
}

function half(random: Random, scale: number, blocks = 20, count = 200): Int32Array[] {
  return Array.from({ length: blocks }, () => block(count, () => scale * exponential(random)))
}

test('medians are linear within their bucket', () => {
  const tenTimes = (bucket: number) => 10 * bucket
  const first = [
    [0, 4, 0, 0],
    [0, 0, 0, 2],
  ]
  const second = [[1, 1, 1, 1]]
  // Of six, three: three quarters into the bucket 10 … 20. Of four, two: the end of bucket 10 … 20.
  expect(compareHalves(first, second, tenTimes, seededRandom(1))).toEqual({
    firstMedian: 17.5,
    secondMedian: 20,
    standardError: null,
  })
  const edges = [[[5, 0, 0, 0]], [[0, 0, 0, 5]]] as const
  expect(compareHalves(...edges, tenTimes, seededRandom(1))).toMatchObject({
    firstMedian: 5,
    secondMedian: 35,
  })
  // One before the bucket 10 … 20 and 1.5 of the four in it; an even split across a gap ends before the gap.
  const inner = [[[1, 4, 0, 0]], [[2, 0, 0, 2]]] as const
  expect(compareHalves(...inner, tenTimes, seededRandom(1))).toMatchObject({
    firstMedian: 13.75,
    secondMedian: 10,
  })
})

test('fewer than three blocks with observations have no standard error', () => {
  const [full, empty] = [
    [1, 2, 3],
    [0, 0, 0],
  ]
  const compare = (first: number[][], second: number[][]) =>
    compareHalves(first, second, (bucket) => bucket, seededRandom(1)).standardError
  expect(compare([full, full, empty], [full, full, full])).toBeNull()
  expect(compare([full, full, full], [full, full, empty])).toBeNull()
  expect(compare([full, full, full, empty], [full, full, full])).toBe(0)
  expect(compare([], [])).toBeNull()
})

test('the standard error of independent exponential latencies is that of theory', () => {
  // The median of n has the standard error 1/(2 f √n), which is 1/√n here; two halves of 4,000.
  const random = seededRandom(3)
  const comparison = compareHalves(half(random, 1), half(random, 1), edge, random)
  expect(comparison.firstMedian).toBeCloseTo(Math.LN2, 1)
  expect(comparison.standardError! / Math.sqrt(2 / 4_000)).toBeGreaterThan(0.7)
  expect(comparison.standardError! / Math.sqrt(2 / 4_000)).toBeLessThan(1.3)
})

test('latencies that share the state of their block have the standard error of blocks, not of requests', () => {
  const random = seededRandom(4)
  const wavering = () =>
    Array.from({ length: 30 }, () => {
      const scale = Math.exp(0.3 * normal(random))
      return block(500, () => scale * exponential(random))
    })
  const { standardError } = compareHalves(wavering(), wavering(), edge, random)
  // 0.3·ln 2·√(2/30) = 0.054 against 0.012 of 15,000 independent requests.
  expect(standardError).toBeGreaterThan(0.03)
  expect(standardError).toBeLessThan(0.09)
})

test('equal halves agree', () => {
  const random = seededRandom(5)
  let agreed = 0
  for (let run = 0; run < 100; run++) {
    const comparison = compareHalves(half(random, 1), half(random, 1), edge, random)
    agreed += Number(halvesAgree(comparison))
  }
  expect(agreed).toBe(100)
})

test('halves that differ by a quarter disagree, in both directions', () => {
  const random = seededRandom(6)
  for (const scale of [0.75, 1.25]) {
    const comparison = compareHalves(half(random, 1), half(random, scale), edge, random)
    expect(halvesAgree(comparison)).toBe(false)
  }
})

test('ten per cent are always allowed, more only within three standard errors', () => {
  const shift = (secondMedian: number, standardError: number | null) =>
    halvesAgree({ firstMedian: 100, secondMedian, standardError })
  expect(shift(110, 0)).toBe(true)
  expect(shift(90, null)).toBe(true)
  expect(shift(111, null)).toBe(false)
  expect(shift(89, 3)).toBe(false)
  expect(shift(115, 5)).toBe(true)
  expect(shift(116, 5)).toBe(false)
  expect(shift(Number.NaN, null)).toBe(false)
})

test('the same seed gives the same standard error', () => {
  const blocks = half(seededRandom(7), 1)
  const once = () => compareHalves(blocks, blocks.toReversed(), edge, seededRandom(8))
  expect(once()).toEqual(once())
})
