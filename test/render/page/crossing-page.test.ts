import { expect, test } from 'vitest'
import { crossingView } from '../../../harness/render/find/view.ts'
import { pageView } from '../../../harness/render/view/page.ts'
import type { Plot } from '../../../harness/render/page/plot.ts'
import type { CrossingSearch } from '../../../harness/results/find.ts'
import { chartsOf, type DrawnOption, drawnFrom, visible } from '../page-text.ts'
import { sampleCrossing, troubledSearch, uncrossed } from '../sample-crossing.ts'

const renderCrossingPage = (result: CrossingSearch): string => pageView(crossingView(result))

test('the page tells what went wrong', () => {
  const page = visible(renderCrossingPage(troubledSearch()))
  expect(page).toContain('This search is incomplete: the run was interrupted.')
  expect(page).toContain('Triangles: one arm left requests unanswered')
  expect(page).toContain('3 of 21 trials failed a check')
})

test('the chart has a dot per pair, the fit, and the interval as a band', () => {
  const [chart] = chartsOf<Plot>(renderCrossingPage(sampleCrossing()))
  const [dots, fit] = chart!.curves
  expect(dots!.points).toHaveLength(45)
  const heights = fit!.points.map(({ y }) => y)
  expect(heights).toEqual(heights.toSorted((a, b) => a - b))
  const [from, to] = bandOf(chart)
  const crossing = crossingOf(chart)
  expect(from).toBeLessThan(crossing!)
  expect(to).toBeGreaterThan(crossing!)
  // Side by side, at most three hundredths wide.
  const last = dots!.points.filter(({ text }) => text.startsWith('theta 1.2,'))
  expect(new Set(last.map(({ x }) => x)).size).toBe(6)
  const places = chart!.curves.flatMap(({ points }) => points.flatMap(({ x, y }) => [x, y]))
  expect(places.every((place) => place >= 0 && place <= 1)).toBe(true)
})

/** From where to where the interval reaches; undefined without one. */
function bandOf(chart: Plot | undefined): readonly (number | undefined)[] {
  const points = chart?.bands[0]?.points
  return [points?.[0]?.[0], points?.[1]?.[0]]
}

/** Where the fit passes 1. */
function crossingOf(chart: Plot | undefined): number | undefined {
  return chart?.lines.flatMap((line) => ('x' in line ? line.x : []))[0]
}

test('a ratio that lies further out is at the edge, and does not press the others together', () => {
  const [chart] = chartsOf<Plot>(renderCrossingPage(troubledSearch()))
  const bounds = chart!.curves[0]!.points.filter(({ symbol }) => symbol === 'triangle')
  expect(bounds.map(({ y }) => y)).toEqual([1, 1])
  expect(chart!.yTicks.at(-1)?.[1]).toBe('5×')
})

test('an interval that is open reaches to the end; without a crossing there is none', () => {
  const open = sampleCrossing()
  open.crossing!.upper = null
  expect(bandOf(chartsOf<Plot>(renderCrossingPage(open))[0])[1]).toBe(0.98)
  const [chart] = chartsOf<Plot>(renderCrossingPage(uncrossed()))
  expect([bandOf(chart)[0], crossingOf(chart)]).toEqual([undefined, undefined])
})

test('a search without pairs has a page, too', () => {
  const page = renderCrossingPage({ ...troubledSearch(), values: [], crossing: null })
  expect(chartsOf<Plot>(page)).toEqual([])
  expect(visible(page)).toContain('too little was measured')
})

test('the chart has a text alternative', () => {
  expect(renderCrossingPage(sampleCrossing())).toMatch(
    /role="img"\s+aria-label="sharded ÷ staged over theta\. 0: 0\.2\d×[^"]*; 1\.2: [^"]*The fit passes 1 at 0\.8\d*, interval 0\.[^"]*\."/,
  )
})

test.each([
  ['crossing', sampleCrossing(), 1_200],
  ['uncrossed', uncrossed(), 400],
  ['partial', troubledSearch(), 1_200],
])(
  'the script draws a %s search and needs nothing but the page and the library',
  (_, search, innerWidth) => {
    const page = renderCrossingPage(search)
    const [{ series: [dots, fit] = [] }, ...others] = drawnFrom(page, innerWidth) as [
      DrawnOption,
      ...DrawnOption[],
    ]
    const [chart] = chartsOf<Plot>(page)
    expect(others.map(({ graphic }) => graphic?.elements.length)).toEqual(
      chart!.bands.length === 0 ? [] : [1],
    )
    expect(dots?.data).toHaveLength(chart!.curves[0]!.points.length)
    expect(fit?.data).toHaveLength(search.values.length)
  },
)

test('dots of a timer-bound value are apart from the fit, and said to be', () => {
  const page = renderCrossingPage(sampleCrossing({ timerBoundAt: [0.3] }))
  const [chart] = chartsOf<Plot>(page)
  const leftOut = chart!.curves[0]!.points.filter(({ tone }) => tone === 'muted')
  expect(leftOut.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^theta 0\.3, pair 1: .*, timer-bound$/),
    expect.stringMatching(/^theta 0\.3, pair 2: .*, timer-bound$/),
  ])
  expect(chart!.curves[1]!.points).toHaveLength(6)
  const [dots] = drawnFrom(page)[0]!.series!
  const grey = dots!.data.filter(({ itemStyle }) => itemStyle?.color === '--muted')
  expect(grey).toHaveLength(2)
  expect(visible(page)).toContain('Grey dots: left out of the fit.')
  expect(visible(page)).toMatch(/aria-label="[^"]*; 0\.3: [^;"]*, timer-bound; /)
})
