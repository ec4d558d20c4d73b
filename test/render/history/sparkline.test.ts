import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ratioAxis,
  type RatioSeries,
  ratioSpark,
  ratioText,
} from '../../../harness/render/history/series.ts'
import { sparkline } from '../../../harness/render/page/sparkline.ts'

const WIDTH = 200
const HEIGHT = 60

function seriesOf(
  ...points: readonly (readonly [value: number, lower: number, upper: number, winner?: 0 | 1])[]
): RatioSeries {
  return {
    subject: '50%: p99',
    points: points.map(([value, lower, upper, winner], day) => ({
      startedAt: `2026-11-${10 + day}T08:00:00.000Z`,
      ratio: { value, lower, upper, level: 0.95, n: 6, unit: '×' },
      winner: winner ?? null,
    })),
  }
}
const draw = (series: RatioSeries): string =>
  sparkline(ratioSpark(series, ratioAxis([series]), 'about <it>')).text
const numbers = (svg: string, pattern: RegExp): readonly number[] =>
  [...svg.matchAll(pattern)].map(([, number]) => Number(number))
const centres = /<circle[^>]* cy="([\d.]+)"/g

test('a disc is for the first arm, a square for the second, a hollow disc for nobody', () => {
  const svg = draw(seriesOf([2, 1.8, 2.2, 0], [0.5, 0.4, 0.6, 1], [1, 0.9, 1.1]))
  expect(svg.match(/<circle\s+class="first"/g)).toHaveLength(1)
  expect(svg.match(/<rect\s+class="second"/g)).toHaveLength(1)
  expect(svg.match(/<circle\s+class="open"/g)).toHaveLength(1)
})

test('larger ratios lie higher, at equal distances for equal factors', () => {
  const [low, middle, high] = numbers(
    draw(seriesOf([0.5, 0.5, 0.5], [1, 1, 1], [2, 2, 2])),
    centres,
  )
  expect(low! - middle!).toBeCloseTo(middle! - high!, 0)
  expect(low!).toBeGreaterThan(high!)
})

test('the line at 1 is where a ratio of 1 lies', () => {
  const svg = draw(seriesOf([1, 1, 1], [8, 7, 9]))
  expect(numbers(svg, /class="equal" d="M[\d.]+ ([\d.]+)H/g)).toEqual([numbers(svg, centres)[0]])
})

test('every run has a bar from end to end of its interval; one pair alone has none', () => {
  const series = seriesOf([1, 0.5, 2], [1, 0.8, 1.2])
  expect(draw(series).match(/M[\d.]+ [\d.]+V[\d.]+/g)).toHaveLength(2)
  const [first] = series.points
  const single = { ...series, points: [{ ...first!, ratio: { ...first!.ratio, n: 1 } }] }
  expect(draw(single)).not.toMatch(/V[\d.]+/)
})

test('it is an image with a text, which is text', () => {
  expect(draw(seriesOf([1, 0.5, 2]))).toMatch(/role="img"\s+aria-label="about &lt;it&gt;"/)
  expect(draw(seriesOf([0.31, 0.26, 0.38]))).toContain(
    '<title>2026-11-10 08:00:00 UTC: 0.31× (0.26–0.38)</title>',
  )
})

test('ends of the axis are named, unless they touch 1', () => {
  const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)
  expect(texts(draw(seriesOf([0.1, 0.06, 0.2])))).toEqual(['0.05×', '1×'])
  expect(texts(draw(seriesOf([1, 0.3, 4])))).toEqual(['0.2×', '5×', '1×'])
  expect(texts(draw(seriesOf([1, 0.06, 1.01])))).toEqual(['0.05×', '1×'])
})

test('whatever the ratios are, everything lies inside, from the left to the right', () => {
  const ratio = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
  const point = fc.tuple(ratio, ratio, ratio).map(([a, b, c]) => {
    const [lower, value, upper] = [a, b, c].toSorted((x, y) => x - y) as [number, number, number]
    return [value, lower, upper] as const
  })
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 60 }), (points) => {
      const svg = draw(seriesOf(...points))
      const xs = numbers(svg, /<circle[^>]* cx="([\d.]+)"/g)
      expect(xs).toHaveLength(points.length)
      expect(xs).toEqual(xs.toSorted((a, b) => a - b))
      expect(xs.every((x) => x > 0 && x < WIDTH)).toBe(true)
      const ys = [...numbers(svg, centres), ...numbers(svg, /V([\d.]+)/g)]
      expect(ys.every((y) => y > 0 && y < HEIGHT)).toBe(true)
      expect(svg).not.toContain('NaN')
    }),
  )
})

test('a ratio of nothing, of an unconfirmed search, of one pair', () => {
  const estimate = { value: 0.5, lower: 0.4, upper: 0.6, level: 0.95, n: 6, unit: '×' }
  expect(ratioText(null)).toBe('no ratio')
  expect(ratioText({ ...estimate, n: 0 })).toBe('0.50× (not confirmed)')
  expect(ratioText({ ...estimate, n: 1 })).toBe('0.50× (n = 1)')
  expect(ratioText(estimate)).toBe('0.50× (0.40–0.60)')
})
