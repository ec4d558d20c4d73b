import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { renderAblationPage } from '../../harness/render/ablate/view.ts'
import { drawWaterfalls } from '../../harness/render/ablate/draw.ts'
import type { Ablation } from '../../harness/results/ablate.ts'
import { sampleAblation, troubledAblation } from './sample-ablation.ts'

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

/** Every text that someone else may have written, replaced. */
function injected(ablation: Ablation): Ablation {
  return {
    ...ablation,
    complete: false,
    ending: INJECTION,
    run: { ...ablation.run, startedAt: INJECTION, command: INJECTION },
    scenario: {
      name: INJECTION,
      question: INJECTION,
      claim: INJECTION,
      params: { [INJECTION]: INJECTION },
    },
    arms: ablation.arms.map((arm) => ({ ...arm, label: INJECTION })),
    steps: ablation.steps.map((step) => ({ ...step, name: INJECTION, mechanism: INJECTION })),
    mechanisms: ablation.mechanisms.map((mechanism) => ({ ...mechanism, name: INJECTION })),
    load: { label: `${INJECTION}%`, perSecond: 1 },
    markedTrials: { count: 1, of: 1, byGate: { [INJECTION]: 1 } },
    warnings: [{ code: INJECTION, message: INJECTION, cure: INJECTION }],
  }
}

test('the page holds the text of an ablation', async () => {
  await expect(readable(renderAblationPage(sampleAblation()))).toMatchFileSnapshot(
    './snapshots/ablation-page.txt',
  )
})

test('the page tells what went wrong', () => {
  const page = visible(renderAblationPage(troubledAblation()))
  expect(page).toContain('This ablation is incomplete: the run was interrupted.')
  expect(page).toContain('itself undecided')
  expect(page).toContain('2 of 52 trials failed a gate')
})

test('waterfalls have a text alternative that tells what is undecided', () => {
  expect(renderAblationPage(sampleAblation())).toMatch(
    /role="img"\s+aria-label="Waterfall from 8\.79 ms to 38\.6 µs\. single lock → striped locks: 1\.01×\? \(0\.91–1\.08\), undecided, to [^"]*shard-aware routing: 0\.65× \(0\.63–0\.69\), to 3\d\.\d µs\."/,
  )
})

test('nothing in an ablation can become markup or script', () => {
  const page = renderAblationPage(injected(sampleAblation()))
  expect(visible(page)).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(page.match(/<script/g)).toHaveLength(3)
  expect(page.match(/<\/script>/g)).toHaveLength(3)
})

test('the policy allows exactly the style and the scripts of the page, and no network', () => {
  const page = renderAblationPage(sampleAblation())
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
  ['whole', sampleAblation(), 1_200],
  ['partial', troubledAblation(), 400],
])(
  'the script draws a %s ablation and needs nothing but the page and the library',
  (_, ablation, innerWidth) => {
    const page = renderAblationPage(ablation)
    const json = /id="chart-data">(.*?)<\/script>/s.exec(page)?.[1] ?? ''
    const options: { yAxis: { data: unknown[] }; series: { data: unknown[] }[] }[] = []
    const chart = {
      resize: () => undefined,
      setOption: (option: (typeof options)[number]) => options.push(option),
    }
    runInNewContext(`(${drawWaterfalls.toString()})(echarts)`, {
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
    // Two ends and nine steps; a bar each of space and of step.
    expect(options.map((option) => option.yAxis.data.length)).toEqual([11, 11])
    expect(options.map((option) => option.series[1]?.data.length)).toEqual([11, 11])
    expect(options.map((option) => option.series[3]?.data.length)).toEqual([2, 2])
  },
)
