import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { drawSweep } from '../../harness/render/sweep/draw.ts'
import type { SweepChartData } from '../../harness/render/sweep/chart.ts'
import { renderSweepPage } from '../../harness/render/sweep/view.ts'
import type { Sweep } from '../../harness/results/sweep.ts'
import { coresSweep, sampleSweep, stagesSweep, troubledSweep } from './sample-sweep.ts'

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
function chartsOf(page: string): readonly SweepChartData[] {
  const json = /id="chart-data">(.*?)<\/script>/s.exec(page)?.[1] ?? '[]'
  return JSON.parse(json) as readonly SweepChartData[]
}

/** Every text that someone else may have written, replaced. */
function injected(sweep: Sweep): Sweep {
  const [first, second] = sweep.arms
  return {
    ...sweep,
    complete: false,
    ending: INJECTION,
    run: { ...sweep.run, startedAt: INJECTION, command: INJECTION },
    scenario: {
      name: INJECTION,
      question: INJECTION,
      claim: INJECTION,
      prediction: { winner: INJECTION, because: INJECTION },
      params: { [INJECTION]: INJECTION },
    },
    arms: [
      { ...first!, label: INJECTION, options: { [INJECTION]: INJECTION } },
      { ...second!, label: `${INJECTION}2` },
    ],
    over: { ...sweep.over, name: INJECTION, unit: INJECTION },
    load: { ...sweep.load, label: INJECTION, reference: INJECTION },
    values: sweep.values.map((value) => ({
      ...value,
      figures: {
        [INJECTION]: value.figures['staged']!,
        [`${INJECTION}2`]: value.figures['sharded']!,
      },
    })),
    markedTrials: { count: 1, of: 1, byGate: { [INJECTION]: 1 } },
    warnings: [{ code: INJECTION, message: INJECTION, cure: INJECTION }],
  }
}

/** What a chart of the library was told. */
interface DrawnOption {
  readonly series?: readonly { readonly data: readonly { readonly symbol?: string }[] }[]
  readonly graphic?: { readonly elements: readonly unknown[] }
}

/** Runs the page's script with nothing but the page and a library that notes what it is told. */
function drawnFrom(page: string, innerWidth = 1_200): readonly DrawnOption[] {
  const json = /id="chart-data">(.*?)<\/script>/s.exec(page)?.[1] ?? ''
  const options: DrawnOption[] = []
  const chart = {
    resize: () => undefined,
    convertToPixel: (_finder: string, place: number[]) => place,
    setOption: (option: DrawnOption) => options.push(option),
  }
  runInNewContext(`(${drawSweep.toString()})(echarts)`, {
    document: {
      querySelector: () => ({ textContent: json }),
      getElementById: () => ({}),
      documentElement: {},
    },
    window: {
      innerWidth,
      addEventListener: () => undefined,
      matchMedia: () => ({ addEventListener: () => undefined }),
    },
    getComputedStyle: () => ({ getPropertyValue: () => ' #000 ' }),
    echarts: { init: () => chart },
  })
  return options
}

test('the page holds the text of a sweep', async () => {
  await expect(readable(renderSweepPage(coresSweep()))).toMatchFileSnapshot(
    './snapshots/sweep-page.txt',
  )
})

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
  expect(chartsOf(renderSweepPage(sampleSweep()))).toHaveLength(2)
  expect(chartsOf(renderSweepPage(coresSweep()))).toHaveLength(3)
})

test('points lie within the axes and their bands, and say who wins', () => {
  const [figures, ratios] = chartsOf(renderSweepPage(sampleSweep()))
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
  const [, ratios] = chartsOf(renderSweepPage(sweep))
  expect(ratios!.curves[0]!.bands.map((band) => band.length)).toEqual([6, 6])
})

test('nothing in a sweep can become markup or script', () => {
  const page = renderSweepPage(injected(sampleSweep()))
  expect(visible(page)).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(page.match(/<script/g)).toHaveLength(3)
  expect(page.match(/<\/script>/g)).toHaveLength(3)
})

test('the policy allows exactly the style and the scripts of the page, and no network', () => {
  const page = renderSweepPage(sampleSweep())
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
  const [, ratios] = chartsOf(page)
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
