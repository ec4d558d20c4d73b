import { expect, test } from 'vitest'
import type { Plot } from '../../../harness/render/page/plot.ts'
import { sweepView } from '../../../harness/render/sweep/view.ts'
import { pageView } from '../../../harness/render/view/page.ts'
import type { Sweep } from '../../../harness/results/sweep.ts'
import { chartsOf, drawnFrom, visible } from '../page-text.ts'
import { coresSweep, sampleSweep, stagesSweep, troubledSweep } from '../sample-sweep.ts'

const renderSweepPage = (result: Sweep): string => pageView(sweepView(result))

test('the page tells what went wrong', () => {
  const page = visible(renderSweepPage(troubledSweep()))
  expect(page).toContain('This sweep is incomplete: the run was interrupted.')
  expect(page).toContain('trials failed a check')
  expect(page).toContain('not comparable, since an arm does not keep up, from theta 1 on')
})

test('charts have a text alternative', () => {
  expect(renderSweepPage(sampleSweep())).toMatch(
    /role="img"\s+aria-label="p99 at the same load over theta\. staged: 401 µs \(382–422\) at 0, [^"]*sharded: [^"]*832 µs \(805–862\) at 1\.2\."/,
  )
})

test('throughput has a chart where it was measured at every value', () => {
  expect(chartsOf<Plot>(renderSweepPage(sampleSweep()))).toHaveLength(2)
  expect(chartsOf<Plot>(renderSweepPage(coresSweep()))).toHaveLength(3)
})

test('points lie within the axes and their bands, and say who wins', () => {
  const [figures, ratios] = chartsOf<Plot>(renderSweepPage(sampleSweep()))
  for (const { curves, bands } of [figures!, ratios!]) {
    for (const [place, { points }] of curves.entries()) {
      expect(points).toHaveLength(7)
      const band = bands[place]!.points
      expect(band).toHaveLength(7)
      for (const [index, { x, y }] of points.entries()) {
        const [at, lower, upper] = band[index]!
        expect(at).toBe(x)
        expect(y).toBeLessThanOrEqual(upper)
        expect(y).toBeGreaterThanOrEqual(lower)
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(upper).toBeLessThanOrEqual(1)
      }
    }
  }
  // Below 1 sharded is faster, above it staged is.
  expect(ratios!.curves[0]!.points.map(({ tone }) => tone)).toEqual([
    ...Array.from({ length: 4 }, () => 'second'),
    'muted',
    'first',
    'first',
  ])
  expect(ratios!.lines).toEqual([{ tone: 'text', y: expect.any(Number) }])
  const [line] = ratios!.lines as readonly { readonly y: number }[]
  expect(line!.y).toBeGreaterThan(ratios!.curves[0]!.points[0]!.y)
})

test('a band has a gap where there is no figure', () => {
  const sweep = sampleSweep()
  sweep.values[3]!.ratios.p99 = null
  const [, ratios] = chartsOf<Plot>(renderSweepPage(sweep))
  expect(ratios!.bands.map(({ points }) => points.length)).toEqual([3, 3])
})

test.each([
  ['whole', sampleSweep(), 1_200, 2],
  ['partial', troubledSweep(), 400, 2],
  ['integer', stagesSweep(), 1_200, 2],
  ['empty', sampleSweep({ pairs: 0, capacityAt: [] }), 1_200, 0],
])(
  'the script draws a sweep that is %s and needs nothing but the page and the library',
  (_, sweep, innerWidth, charts) => {
    const options = drawnFrom(renderSweepPage(sweep), innerWidth)
    const series = options.filter((option) => option.series !== undefined)
    const bands = options.flatMap(({ graphic }) => graphic?.elements.length ?? [])
    expect(series).toHaveLength(charts)
    // Two arms in the first chart, their ratio in the second.
    expect(bands).toEqual(charts === 0 ? [] : [2, 1])
  },
)

test('a timer-bound point is hollow, names no winner, and says so in words', () => {
  const page = renderSweepPage(sampleSweep({ timerBoundAt: [0.2] }))
  const [, ratios] = chartsOf<Plot>(page)
  const points = ratios!.curves[0]!.points
  expect(points.map(({ symbol }) => symbol)).toEqual([
    undefined,
    'emptyCircle',
    ...Array<undefined>(5).fill(undefined),
  ])
  const [, drawn] = drawnFrom(page).filter(({ series }) => series !== undefined)
  expect(drawn!.series![0]!.data.map(({ symbol }) => symbol)).toEqual([
    undefined,
    'emptyCircle',
    ...Array<undefined>(5).fill(undefined),
  ])
  expect(points[1]).toMatchObject({ tone: 'muted', text: expect.stringMatching(/, timer-bound$/) })
  expect(visible(page)).toContain('Hollow: timer-bound, no winner is named.')
  expect(visible(page)).toMatch(/aria-label="p99: [^"]*, timer-bound at 0\.2, /)
  expect(visible(renderSweepPage(sampleSweep()))).not.toContain('Hollow')
})
