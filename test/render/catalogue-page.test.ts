import { expect, test } from 'vitest'
import { catalogueFigures, renderCataloguePage } from '../../harness/render/catalogue.ts'
import { pairReport } from '../../harness/results/compared-pair.ts'
import { sampleCatalogue } from './sample-catalogue.ts'
import { sampleReport } from './sample-report.ts'

const page = renderCataloguePage(sampleCatalogue())
/** Pictures, each with its text and its signs. */
const strips = (html: string): readonly string[] =>
  [...html.matchAll(/<svg\s+class="strip".*?<\/svg>/gs)].map(([strip]) => strip)

/** The text that a reader sees, a line per block. */
function visible(html: string): string {
  return html
    .replaceAll(/<(style|title|script)[^>]*>.*?<\/\1>/gs, '')
    .replaceAll(/<svg.*?<\/svg>/gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<\/(?:p|h1|h2|tr|li|td|th|div|dd|pre|caption)>/g, '\n')
    .replaceAll(/<[^>]*>/g, ' ')
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

test('the page holds the text of a catalogue', async () => {
  await expect(visible(page)).toMatchFileSnapshot('snapshots/catalogue-page.txt')
})

test('what comes from scenarios is text', () => {
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).toContain('Is &lt;b&gt;markup&lt;/b&gt; text?')
})

test('it links to each theme and to each report', () => {
  const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)
  expect(links).toEqual([
    '#theme-0',
    '#theme-8',
    '#theme-9',
    'kv-update/report.html',
    'low-load/report.html',
  ])
  for (const link of links.filter((target) => target?.startsWith('#')))
    expect(page).toContain(`id="${link?.slice(1)}"`)
})

test('a row lies on the side of the arm that is better, its winner in that arm’s colour', () => {
  const [handoffs, own] = strips(page)
  expect(handoffs).toMatch(/aria-label="sharded ÷ staged\. p99 at 50%: 0\./)
  expect(handoffs).toMatch(/<g class="second">\s*<title>p99 at 50%: 0\./)
  const equal = Number(/class="equal" d="M([\d.]+) /.exec(handoffs!)![1])
  const [from, to] = /<\/title>\s*<path d="M([\d.]+) \d+H([\d.]+)"/
    .exec(handoffs!)!
    .slice(1)
    .map(Number)
  expect(from).toBeGreaterThan(equal)
  expect(to).toBeGreaterThan(from!)
  // Nobody wins.
  expect(own).toMatch(/<g class="open">\s*<title>achieved throughput at 50%/)
})

test('all pictures share an axis', () => {
  const ticks = strips(page).map((strip) => strip.match(/<text x="[\d.]+"/g))
  expect(ticks).toHaveLength(2)
  expect(ticks[0]).toEqual(ticks[1])
})

test('figures are in words, doubtful ones with a question mark, and a claim’s code is never alone', () => {
  const text = visible(page)
  expect(text).toMatch(/^sharded [\d.]+× faster [\d.]+× to [\d.]+×$/m)
  const figures = { ...sampleCatalogue().scenarios[0]!.figures!, winner: 'inconclusive' }
  const [first, ...others] = sampleCatalogue().scenarios
  const scenarios = [{ ...first!, figures }, ...others]
  const open = visible(renderCataloguePage({ ...sampleCatalogue(), scenarios }))
  expect(open).toMatch(/^sharded [\d.]+× faster\? [\d.]+× to/m)
  expect(text).not.toMatch(/^\(?C\d+\)?$/m)
})

test('a notice that all have is said once', () => {
  const notice = '8 virtual cores on 2 processors: services are waits.'
  const count = (html: string): number => html.split(notice).length - 1
  expect(count(page)).toBe(1)
  const scenarios = sampleCatalogue().scenarios.map((entry) => ({ ...entry, notices: [notice] }))
  const common = renderCataloguePage({ ...sampleCatalogue(), scenarios: scenarios.slice(0, 2) })
  expect(count(common)).toBe(1)
  expect(common.indexOf(notice)).toBeLessThan(common.indexOf('<section'))
})

test('rows say what they are chosen and ordered by', () => {
  const rows = [...page.matchAll(/data-filter="([^"]*)"/g)].map(
    ([, json]) => JSON.parse(json!.replaceAll('&quot;', '"')) as unknown,
  )
  expect(rows).toEqual([
    { outcome: 'confirmed in part', verdict: 'sharded wins' },
    { outcome: 'confirmed in part', verdict: 'no difference that matters' },
    { outcome: 'failed', verdict: 'no verdict' },
    { outcome: 'not finished', verdict: 'no verdict' },
  ])
})

test('of a load without a sound pair there are no figures, and no picture', () => {
  expect(catalogueFigures(pairReport({ ...sampleReport(), loads: [] }))).toBeNull()
  const none = { ratio: null, p50: null, p99: null, capacity: null, winner: null }
  const without = sampleCatalogue().scenarios.map((entry) => ({ ...entry, figures: null }))
  expect(strips(renderCataloguePage({ ...sampleCatalogue(), scenarios: without }))).toEqual([])
  // One pair has no ratio.
  const single = sampleCatalogue().scenarios.map(({ figures, ...entry }) => ({
    ...entry,
    figures: figures && { ...figures, ...none },
  }))
  expect(strips(renderCataloguePage({ ...sampleCatalogue(), scenarios: single }))).toEqual([])
})

test('a hundred scenarios stay below a megabyte', () => {
  const [one] = sampleCatalogue().scenarios
  const scenarios = Array.from({ length: 100 }, (_, index) => ({ ...one!, name: `s-${index}` }))
  const whole = renderCataloguePage({ ...sampleCatalogue(), scenarios })
  expect(Buffer.byteLength(whole)).toBeLessThan(1_000_000)
})
