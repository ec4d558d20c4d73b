import { expect, test } from 'vitest'
import { renderCrossingPage } from '../../harness/render/find/view.ts'
import { type CrossingData, drawCrossing } from '../../harness/render/find/chart.ts'
import { chartsOf, drawnBy, visible } from './page-text.ts'
import { sampleCrossing, troubledSearch, uncrossed } from './sample-crossing.ts'

/** What a chart of the library was told. */
interface DrawnOption {
  readonly series: readonly {
    readonly type: string
    readonly data: readonly { readonly itemStyle?: { readonly color: string } }[]
  }[]
}

/** What the page's script tells the library. */
function drawnFrom(data: readonly CrossingData[], innerWidth?: number): readonly DrawnOption[] {
  return drawnBy(`(${drawCrossing.toString()})(echarts)`, data, innerWidth)
}

test('the page tells what went wrong', () => {
  const page = visible(renderCrossingPage(troubledSearch()))
  expect(page).toContain('This search is incomplete: the run was interrupted.')
  expect(page).toContain('Triangles: one arm left requests unanswered')
  expect(page).toContain('3 of 21 trials failed a gate')
})

test('the chart has a dot per pair, the fit, and the interval as a band', () => {
  const [chart] = chartsOf<CrossingData>(renderCrossingPage(sampleCrossing()))
  expect(chart?.dots).toHaveLength(45)
  expect(chart?.fit.map(({ y }) => y)).toEqual(
    chart?.fit.map(({ y }) => y).toSorted((a, b) => a - b),
  )
  const [from, to] = chart?.band ?? [1, 0]
  expect(from).toBeLessThan(chart?.crossing ?? 0)
  expect(to).toBeGreaterThan(chart?.crossing ?? 1)
  // Side by side, at most three hundredths wide.
  const last = chart!.dots.filter(({ text }) => text.startsWith('theta 1.2,'))
  expect(new Set(last.map(({ x }) => x)).size).toBe(6)
  const places = [...chart!.dots, ...chart!.fit].flatMap(({ x, y }) => [x, y])
  expect(places.every((place) => place >= 0 && place <= 1)).toBe(true)
})

test('a ratio that lies further out is at the edge, and does not press the others together', () => {
  const [chart] = chartsOf<CrossingData>(renderCrossingPage(troubledSearch()))
  const bounds = chart!.dots.filter(({ isBound }) => isBound)
  expect(bounds.map(({ y }) => y)).toEqual([1, 1])
  expect(chart!.ratioTicks.at(-1)?.[1]).toBe('5×')
})

test('an interval that is open reaches to the end; without a crossing there is none', () => {
  const open = sampleCrossing()
  open.crossing!.upper = null
  expect(chartsOf<CrossingData>(renderCrossingPage(open))[0]?.band?.[1]).toBe(0.98)
  expect(chartsOf<CrossingData>(renderCrossingPage(uncrossed()))[0]).toMatchObject({
    band: null,
    crossing: null,
  })
})

test('a search without pairs has a page, too', () => {
  const page = renderCrossingPage({ ...troubledSearch(), values: [], crossing: null })
  expect(chartsOf<CrossingData>(page)).toEqual([])
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
    const data = chartsOf<CrossingData>(renderCrossingPage(search))
    const options = drawnFrom(data, innerWidth)
    expect(options).toHaveLength(1)
    const [dots, fit] = options[0]!.series
    expect(dots?.data).toHaveLength(data[0]!.dots.length)
    expect(fit?.data).toHaveLength(search.values.length)
  },
)

test('dots of a timer-bound value are apart from the fit, and said to be', () => {
  const page = renderCrossingPage(sampleCrossing({ timerBoundAt: [0.3] }))
  const [chart] = chartsOf<CrossingData>(page)
  const leftOut = chart!.dots.filter((dot) => dot.isLeftOut)
  expect(leftOut.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^theta 0\.3, pair 1: .*, timer-bound$/),
    expect.stringMatching(/^theta 0\.3, pair 2: .*, timer-bound$/),
  ])
  expect(chart?.fit).toHaveLength(6)
  const [dots] = drawnFrom([chart!])[0]!.series
  const grey = dots!.data.filter(({ itemStyle }) => itemStyle?.color === '--muted')
  expect(grey).toHaveLength(2)
  expect(visible(page)).toContain('Grey dots: left out of the fit.')
  expect(visible(page)).toMatch(/aria-label="[^"]*; 0\.3: [^;"]*, timer-bound; /)
})
