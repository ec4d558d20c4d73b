import { expect, test } from 'vitest'
import { drawSweep } from '../../harness/render/sweep/draw.ts'
import type { SweepChartData } from '../../harness/render/sweep/chart.ts'
import { renderSweepPage } from '../../harness/render/sweep/view.ts'
import { chartsOf, drawnBy, visible } from './page-text.ts'
import { coresSweep, sampleSweep, stagesSweep, troubledSweep } from './sample-sweep.ts'

/** What a chart of the library was told. */
interface DrawnOption {
  readonly series?: readonly { readonly data: readonly { readonly symbol?: string }[] }[]
  readonly graphic?: { readonly elements: readonly unknown[] }
}

/** What the page's script tells the library. */
function drawnFrom(page: string, innerWidth?: number): readonly DrawnOption[] {
  return drawnBy(`(${drawSweep.toString()})(echarts)`, chartsOf(page), innerWidth)
}

test('the page tells what went wrong', () => {
  const page = visible(renderSweepPage(troubledSweep()))
  expect(page).toContain('This sweep is incomplete: the run was interrupted.')
  expect(page).toContain('trials failed a gate')
  expect(page).toContain('not comparable, since an arm does not keep up, from theta 1 on')
})

test('charts have a text alternative', () => {
  expect(renderSweepPage(sampleSweep())).toMatch(
    /role="img"\s+aria-label="p99 at the same load over theta\. staged: 401 µs \(382–422\) at 0, [^"]*sharded: [^"]*832 µs \(805–862\) at 1\.2\."/,
  )
})

test('throughput has a chart where it was measured at every value', () => {
  expect(chartsOf<SweepChartData>(renderSweepPage(sampleSweep()))).toHaveLength(2)
  expect(chartsOf<SweepChartData>(renderSweepPage(coresSweep()))).toHaveLength(3)
})

test('points lie within the axes and their bands, and say who wins', () => {
  const [figures, ratios] = chartsOf<SweepChartData>(renderSweepPage(sampleSweep()))
  for (const { points, bands } of [...figures!.curves, ...ratios!.curves]) {
    expect(points).toHaveLength(7)
    const [band] = bands
    expect(band).toHaveLength(14)
    for (const [index, { x, y }] of points.entries()) {
      const [upper, lower] = [band![index]!, band!.at(-1 - index)!]
      expect([upper[0], lower[0]]).toEqual([x, x])
      expect(y).toBeLessThanOrEqual(upper[1])
      expect(y).toBeGreaterThanOrEqual(lower[1])
      expect(lower[1]).toBeGreaterThanOrEqual(0)
      expect(upper[1]).toBeLessThanOrEqual(1)
    }
  }
  // Below 1 sharded is faster, above it staged is.
  expect(ratios!.curves[0]!.points.map(({ better }) => better)).toEqual([1, 1, 1, 1, 2, 0, 0])
  expect(ratios!.line).toBeGreaterThan(ratios!.curves[0]!.points[0]!.y)
})

test('a band has a gap where there is no figure', () => {
  const sweep = sampleSweep()
  sweep.values[3]!.ratios.p99 = null
  const [, ratios] = chartsOf<SweepChartData>(renderSweepPage(sweep))
  expect(ratios!.curves[0]!.bands.map((band) => band.length)).toEqual([6, 6])
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
  const [, ratios] = chartsOf<SweepChartData>(page)
  const points = ratios!.curves[0]!.points
  expect(points.map(({ isHollow }) => isHollow)).toEqual([0, 1, 0, 0, 0, 0, 0].map(Boolean))
  const [, drawn] = drawnFrom(page).filter(({ series }) => series !== undefined)
  expect(drawn!.series![0]!.data.map(({ symbol }) => symbol)).toEqual([
    undefined,
    'emptyCircle',
    ...Array<undefined>(5).fill(undefined),
  ])
  expect(points[1]).toMatchObject({ better: 2, text: expect.stringMatching(/, timer-bound$/) })
  expect(visible(page)).toContain('Hollow: timer-bound, no winner is named.')
  expect(visible(page)).toMatch(/aria-label="p99: [^"]*, timer-bound at 0\.2, /)
  expect(visible(renderSweepPage(sampleSweep()))).not.toContain('Hollow')
})
