import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { renderHtml } from '../../harness/render/html.ts'
import { drawCharts } from '../../harness/render/page/draw-charts.ts'
import type { Report } from '../../harness/results/schema.ts'
import { objectiveReport, sampleReport, troubledReport } from './sample-report.ts'

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
function injected(report: Report): Report {
  const arms = report.arms.map((arm, index) => ({
    ...arm,
    label: INJECTION + index,
    options: { [INJECTION]: INJECTION },
  }))
  const loads = report.loads.map((load) => ({
    ...load,
    label: INJECTION,
    verdict: load.verdict && { ...load.verdict, sentence: INJECTION },
    pairs: load.pairs.map((pair) => ({
      ...pair,
      trials: Object.fromEntries(
        Object.entries(pair.trials).map(([arm, trial]) => [
          INJECTION + (arm === 'staged' ? 0 : 1),
          {
            ...trial,
            arm: INJECTION,
            gates: [{ name: INJECTION, passed: false, figure: INJECTION, message: INJECTION }],
          },
        ]),
      ),
    })),
  }))
  return {
    ...report,
    complete: false,
    ending: INJECTION,
    arms,
    loads,
    breakEven: { ...report.breakEven!, staged: INJECTION, sharded: INJECTION },
    band: { ...report.band!, path: INJECTION, measuredAt: INJECTION },
    objective: {
      ...objectiveReport().objective!,
      sentence: INJECTION,
      probes: [{ ...objectiveReport().objective!.probes[0]!, arm: INJECTION }],
    },
    run: {
      ...report.run,
      id: INJECTION,
      startedAt: INJECTION,
      command: INJECTION,
      profile: INJECTION,
    },
    scenario: {
      name: INJECTION,
      question: INJECTION,
      claim: INJECTION,
      prediction: { winner: INJECTION, because: INJECTION },
      params: { [INJECTION]: INJECTION },
    },
    environment: {
      ...report.environment,
      cpu: INJECTION,
      nodeFlags: [INJECTION],
      mitigations: { [INJECTION]: INJECTION },
    },
    warnings: [{ code: INJECTION, message: INJECTION, cure: INJECTION }],
  }
}

test('the page says what the report says', () => {
  const page = visible(renderHtml(sampleReport()))
  for (const text of [
    '<h1>sharded is faster: its p99 latency is about an eighth of staged’s.</h1>',
    'inconclusive: about 14 pairs would probably decide.',
    'sharded ÷ staged, 96.9% interval',
    'came true at 20%, 50%; undecided at 80%',
    'staged:layout=fused: capacity 341k/s (range 330–352), p99 latency at 50% 322 µs',
    'crossover run kv-update --seed 42',
    'Example CPU @ 2.60GHz, 2 cores',
    'on a machine of your own, set it to performance',
  ]) {
    expect(page).toContain(text)
  }
  expect(page).toMatch(
    /<span class="unbroken">\d\.\d\d×<\/span>\s*<span class="interval"\s*><span class="unbroken">\(\d\.\d\d–/,
  )
})

test('the page tells what went wrong', () => {
  const page = visible(renderHtml(troubledReport()))
  expect(page).toContain('This run is incomplete: stopped by Ctrl-C.')
  expect(page).toContain('3 of 2,000 answers carry a wrong checksum')
  expect(page).toContain('noisy machine: other programs took processor time')
  expect(page).toContain('&gt; 1.00 s')
})

test('the page holds the text of a whole report', async () => {
  await expect(readable(renderHtml(sampleReport()))).toMatchFileSnapshot('./snapshots/page.txt')
})

test('the page holds the text of a search within an objective, on virtual cores', async () => {
  const page = renderHtml(objectiveReport())
  expect(page).toContain('<p class="alarm label">8 virtual cores on 2 processors')
  await expect(readable(page)).toMatchFileSnapshot('./snapshots/page-objective.txt')
})

test('the page marks the row of a verdict on another metric', () => {
  const report = sampleReport()
  report.loads[1]!.verdict!.metric = 'p50'
  const page = visible(renderHtml(report))
  expect(page.match(/<tr class="judged">\s*<th scope="row">p50 ←/g)).toHaveLength(1)
  expect(page).toContain('medians over pairs, verdict on p50')
})

test('charts have a text alternative', () => {
  expect(renderHtml(sampleReport())).toMatch(
    /role="img"\s+aria-label="Percentile curves of latency at load 50%\. staged: 50% of requests within [\d.]+ µs, 99% of/,
  )
})

test('nothing in a report can become markup or script', () => {
  const page = renderHtml(injected(sampleReport()))
  expect(visible(page)).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(page.match(/<script/g)).toHaveLength(3)
  expect(page.match(/<\/script>/g)).toHaveLength(3)
})

test('the policy allows exactly the style and the scripts of the page, and no network', () => {
  const page = renderHtml(sampleReport())
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

test('the script draws every chart and needs nothing but the page and the library', () => {
  const page = renderHtml(sampleReport())
  const json = /id="chart-data">(.*?)<\/script>/s.exec(page)?.[1] ?? ''
  const options: { series: unknown[] }[] = []
  const chart = {
    resize: () => undefined,
    setOption: (option: { series: unknown[] }) => options.push(option),
  }
  const window = {
    innerWidth: 1_200,
    addEventListener: () => undefined,
    matchMedia: () => ({ addEventListener: () => undefined }),
  }
  const document = {
    querySelector: () => ({ textContent: json }),
    getElementById: () => ({}),
    documentElement: {},
  }
  runInNewContext(`(${drawCharts.toString()})(echarts)`, {
    document,
    window,
    getComputedStyle: () => ({ getPropertyValue: () => ' #000 ' }),
    echarts: { init: () => chart },
  })
  // Two thick curves and one thin one per arm and pair.
  expect(options.map((option) => option.series.length)).toEqual([14, 14, 14])
})
