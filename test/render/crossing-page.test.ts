import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { renderCrossingPage } from '../../harness/render/find/view.ts'
import { type CrossingData, drawCrossing } from '../../harness/render/find/chart.ts'
import type { CrossingSearch } from '../../harness/results/find.ts'
import { sampleCrossing, troubledSearch, uncrossed } from './sample-crossing.ts'

const INJECTION = '<img src=x onerror=alert(1)></script>\'"&'

/** The page without its scripts: what a reader sees before charts are drawn. */
function visible(page: string): string {
  return page.replace(/<(script|style)[^>]*>.*?<\/\1>/gs, '')
}

/** The page as lines of text. */
function readable(page: string): string {
  return visible(page)
    .replace(/<\/?(?:td|th|span|strong|code)\b[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/<\/(?:tr|p|pre|h\d|li|dd|summary|caption|title|div)>/g, '\n')
    .replace(/<[^>]*>/g, ' ')
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

/** What the page's script draws. */
function chartsOf(page: string): readonly CrossingData[] {
  const json = /id="chart-data">(.*?)<\/script>/s.exec(page)?.[1] ?? '[]'
  return JSON.parse(json) as readonly CrossingData[]
}

/** Every text that someone else may have written, replaced. */
function injected(search: CrossingSearch): CrossingSearch {
  return {
    ...search,
    complete: false,
    ending: INJECTION,
    run: { ...search.run, startedAt: INJECTION, command: INJECTION },
    scenario: {
      name: INJECTION,
      question: INJECTION,
      claim: INJECTION,
      prediction: { winner: INJECTION, because: INJECTION },
      params: { [INJECTION]: INJECTION },
    },
    arms: search.arms.map((arm) => ({
      ...arm,
      label: INJECTION + arm.label,
      options: { [INJECTION]: INJECTION },
    })),
    over: { ...search.over, name: INJECTION, unit: INJECTION },
    load: { ...search.load, label: INJECTION, reference: INJECTION },
    markedTrials: { count: 1, of: 1, byGate: { [INJECTION]: 1 } },
    warnings: [{ code: INJECTION, message: INJECTION, cure: INJECTION }],
  }
}

/** What a chart of the library was told. */
interface DrawnOption {
  readonly series: readonly {
    readonly type: string
    readonly data: readonly { readonly itemStyle?: { readonly color: string } }[]
  }[]
}

/** Runs the page's script with nothing but the page and a library that notes what it is told. Colours are their names. */
function drawnFrom(data: readonly CrossingData[], innerWidth = 1_200): readonly DrawnOption[] {
  const options: DrawnOption[] = []
  const chart = {
    resize: () => undefined,
    setOption: (option: DrawnOption) => options.push(option),
  }
  runInNewContext(`(${drawCrossing.toString()})(echarts)`, {
    document: {
      querySelector: () => ({ textContent: JSON.stringify(data) }),
      getElementById: () => ({}),
      documentElement: {},
    },
    window: {
      innerWidth,
      addEventListener: () => undefined,
      matchMedia: () => ({ addEventListener: () => undefined }),
    },
    getComputedStyle: () => ({ getPropertyValue: (name: string) => name }),
    echarts: { init: () => chart },
  })
  return options
}

test('the page holds the text of a search', async () => {
  await expect(readable(renderCrossingPage(sampleCrossing()))).toMatchFileSnapshot(
    './snapshots/crossing-page.txt',
  )
})

test('the page tells what went wrong', () => {
  const page = visible(renderCrossingPage(troubledSearch()))
  expect(page).toContain('This search is incomplete: the run was interrupted.')
  expect(page).toContain('Triangles: one arm left requests unanswered')
  expect(page).toContain('3 of 21 trials failed a gate')
})

test('the chart has a dot per pair, the fit, and the interval as a band', () => {
  const [chart] = chartsOf(renderCrossingPage(sampleCrossing()))
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
  const [chart] = chartsOf(renderCrossingPage(troubledSearch()))
  const bounds = chart!.dots.filter(({ isBound }) => isBound)
  expect(bounds.map(({ y }) => y)).toEqual([1, 1])
  expect(chart!.ratioTicks.at(-1)?.[1]).toBe('5×')
})

test('an interval that is open reaches to the end; without a crossing there is none', () => {
  const open = sampleCrossing()
  open.crossing!.upper = null
  expect(chartsOf(renderCrossingPage(open))[0]?.band?.[1]).toBe(0.98)
  expect(chartsOf(renderCrossingPage(uncrossed()))[0]).toMatchObject({ band: null, crossing: null })
})

test('a search without pairs has a page, too', () => {
  const page = renderCrossingPage({ ...troubledSearch(), values: [], crossing: null })
  expect(chartsOf(page)).toEqual([])
  expect(visible(page)).toContain('too little was measured')
})

test('the chart has a text alternative', () => {
  expect(renderCrossingPage(sampleCrossing())).toMatch(
    /role="img"\s+aria-label="sharded ÷ staged over theta\. 0: 0\.2\d×[^"]*; 1\.2: [^"]*The fit passes 1 at 0\.8\d*, interval 0\.[^"]*\."/,
  )
})

test('nothing in a search can become markup or script', () => {
  const page = renderCrossingPage(injected(sampleCrossing()))
  expect(visible(page)).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(page.match(/<script/g)).toHaveLength(3)
  expect(page.match(/<\/script>/g)).toHaveLength(3)
})

test('the policy allows exactly the style and the scripts of the page, and no network', () => {
  const page = renderCrossingPage(sampleCrossing())
  const policy = (/Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll(
    '&#39;',
    "'",
  )
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+'; style-src 'sha256-[^']+';/,
  )
  for (const [, , content] of page.matchAll(/<(script|style)>(.*?)<\/\1>/gs)) {
    expect(policy).toContain(
      createHash('sha256')
        .update(content ?? '')
        .digest('base64'),
    )
  }
  expect(visible(page)).not.toMatch(/(?:src|href)="|style="|url\(|@import/)
})

test.each([
  ['crossing', sampleCrossing(), 1_200],
  ['uncrossed', uncrossed(), 400],
  ['partial', troubledSearch(), 1_200],
])(
  'the script draws a %s search and needs nothing but the page and the library',
  (_, search, innerWidth) => {
    const data = chartsOf(renderCrossingPage(search))
    const options = drawnFrom(data, innerWidth)
    expect(options).toHaveLength(1)
    const [dots, fit] = options[0]!.series
    expect(dots?.data).toHaveLength(data[0]!.dots.length)
    expect(fit?.data).toHaveLength(search.values.length)
  },
)

test('dots of a timer-bound value are apart from the fit, and said to be', () => {
  const page = renderCrossingPage(sampleCrossing({ timerBoundAt: [0.3] }))
  const [chart] = chartsOf(page)
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
