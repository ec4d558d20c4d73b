import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { detailedReport } from '../detailed-report.ts'
import { drawnFrom, readable, visible } from '../page-text.ts'
import { objectiveReport, sampleReport, troubledReport } from '../sample-report.ts'
import { threeArmReport } from '../three-arm-report.ts'
import { renderHtml } from '../../../harness/render/report/render.ts'

test('the page says what the report says', () => {
  const page = visible(renderHtml(sampleReport()))
  for (const text of [
    '<h1>Tail latency (p99): sharded is ',
    'inconclusive: about 14 pairs would probably decide.',
    'sharded ÷ staged (96.9%)',
    'confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%)',
    'Sustained, sharded ÷ staged: 3.03× (2.87–3.15).',
    '6 of 6 rounds, each 11.9 s',
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

test('the page of three arms has the other comparison, with its verdicts beside the first ones', () => {
  const page = visible(renderHtml(threeArmReport()))
  expect(page).toContain('<title>kv-update: staged, sharded and staged:layout=fused</title>')
  const sentence =
    'At 20 % load sharded&#39;s p99 is less than staged:layout=fused&#39;s: sharded wins.'
  expect(page.split(sentence)).toHaveLength(3)
  const text = readable(page)
  expect(text).toContain('staged:layout=fused : one pool of threads, each of which hops')
  expect(text).toContain('Also compared')
  expect(text).toMatch(/^50% \(2\.00k\/s\) p99 391 µs 115 µs 0\.29× \(0\.27–0\.33\)$/m)
  expect(text).toMatch(/^staged: ?layout= ?fused 9[12]5 ms/m)
})

test('the page tells what went wrong', () => {
  const page = visible(renderHtml(troubledReport()))
  expect(page).toContain('This run is incomplete: stopped by Ctrl-C.')
  expect(page).toContain('3 of 2,000 answers carry a wrong checksum')
  expect(page).toContain('noisy machine: other programs took processor time')
  expect(page).toContain('&gt; 1.00 s')
})

test('virtual cores are told before anything else', () => {
  expect(renderHtml(objectiveReport())).toContain(
    '<p class="alarm label">8 virtual cores on 2 processors',
  )
})

test('the page marks the row of a verdict on another metric', () => {
  const report = sampleReport()
  report.loads[1]!.comparisons[0]!.verdict!.metric = 'p50'
  const page = visible(renderHtml(report))
  expect(page.match(/<tr class="judged">\s*<th scope="row">p50 ←/g)).toHaveLength(1)
  expect(page).toContain('medians over pairs, verdict on p50')
})

test('charts have a text alternative', () => {
  expect(renderHtml(sampleReport())).toMatch(
    /role="img"\s+aria-label="Percentile curves of latency at load 50%\. staged: 50% of requests within [\d.]+ µs, 99% of/,
  )
})

test('sections come in the order in which a reader asks', () => {
  const page = visible(renderHtml(detailedReport()))
  expect([...page.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id)).toEqual([
    'overview',
    'verdicts',
    'latency',
    'load',
    'make-up',
    'stages',
    'time',
    'capacity',
    'rounds',
    'counters',
    'pairs',
    'gates',
    'environment',
    'repeat',
    'glossary',
  ])
})

test('every link leads to a section of the page', () => {
  for (const report of [detailedReport(), troubledReport(), objectiveReport()]) {
    const page = visible(renderHtml(report))
    const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => `id="${id}"`)
    expect(targets.length).toBeGreaterThan(5)
    for (const target of targets) expect(page).toContain(target)
  }
})

test('every table has a caption and tells its heads from its figures', () => {
  const page = visible(renderHtml(detailedReport()))
  const tables = page.match(/<table.*?<\/table>/gs) ?? []
  expect(tables.length).toBeGreaterThan(8)
  const captions = tables.map((table) => /<caption>\s*(.*?)\s*<\/caption>/s.exec(table)?.[1])
  expect(new Set(captions).size).toBe(tables.length)
  expect(captions).not.toContain(undefined)
  for (const table of tables)
    expect(table).not.toMatch(/<th(?:>| (?!scope="(?:col|row|colgroup)"))/)
})

test('the page of a large run stays below 1 MB and says where the raw data is', () => {
  const report = detailedReport()
  // Base64 of noise does not get smaller.
  const noise = createHash('sha512').update('noise')
  const histogram = Array.from({ length: 24_000 }, (_, index) =>
    noise.copy().update(String(index)).digest('base64'),
  ).join('')
  report.warnings.push({ code: histogram, message: 'a large report', cure: 'none' })
  const page = renderHtml(report)
  expect(page.length).toBeLessThan(1_000_000)
  expect(page).not.toContain('<script type="text/plain" data-packed')
  expect(page).toContain(', beside this page)')
})

test('the script draws every chart and needs nothing but the page and the library', () => {
  const page = renderHtml(detailedReport())
  const series = drawnFrom(page).flatMap((option) => option.series?.length ?? [])
  expect(series).toEqual([
    // The ratios: estimates, pairs, three kinds of rules, a line per interval.
    12,
    // Percentiles of three loads: a curve per arm, rules both ways; latency against load: two curves per arm, rules.
    4,
    4, 4, 5,
    // Parts of three loads; those over time: four curves, hiccups, gaps, rules of two panels.
    9, 9, 9, 8, 8, 8,
    // Every pair.
    8,
  ])
})
