import { expect, test } from 'vitest'
import { catalogueFigures, renderCataloguePage } from '../../harness/render/catalogue.ts'
import type { Forest } from '../../harness/render/view/forest.ts'
import { pairReport } from '../../harness/results/compared-pair.ts'
import { sampleCatalogue } from './sample-catalogue.ts'
import { sampleReport } from './sample-report.ts'

const page = renderCataloguePage(sampleCatalogue())
const forests = (html: string): readonly Forest[] =>
  (
    JSON.parse(/id="chart-data">(.*?)<\/script>/s.exec(html)![1]!) as readonly {
      readonly data: Forest
    }[]
  ).map(({ data }) => data)

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
  const [handoffs, own] = forests(page)
  const [row] = handoffs!.rows
  expect(row).toMatchObject({ label: 'kv-update', winner: 1 })
  expect(row!.text).toMatch(/^sharded wins at 50%; sharded ÷ staged, p99 at 50%: 0\./)
  const [place, from, to] = row!.span!
  expect(handoffs!.equal).toBe(0.5)
  expect(place).toBeGreaterThan(0.5)
  expect(from).toBeLessThan(place)
  expect(to).toBeGreaterThan(place)
  expect(own!.rows[0]).toMatchObject({ label: 'low-load', winner: null })
})

test('all pictures share an axis; median and sustained load are small, below the verdict’s ratio', () => {
  const [one, other] = forests(page)
  expect(one!.ticks).toEqual(other!.ticks)
  expect(one!.rows[0]!.dots.map(({ symbol }) => symbol)).toContain('rect')
})

test('of a load without a sound pair there are no figures, and no picture', () => {
  expect(catalogueFigures(pairReport({ ...sampleReport(), loads: [] }))).toBeNull()
  const scenarios = sampleCatalogue().scenarios.map((entry) => ({ ...entry, figures: null }))
  expect(forests(renderCataloguePage({ ...sampleCatalogue(), scenarios }))).toEqual([])
})

test('one pair has no ratio: no row for it, and no picture without a row, nor a word about pictures', () => {
  const none = { ratio: null, p50: null, p99: null, capacity: null, winner: null }
  const scenarios = sampleCatalogue().scenarios.map(({ figures, ...entry }) => ({
    ...entry,
    figures: figures && { ...figures, ...none },
  }))
  const bare = renderCataloguePage({ ...sampleCatalogue(), scenarios })
  expect(forests(bare)).toEqual([])
  expect(bare).not.toContain('In the pictures')
  const [first, ...others] = sampleCatalogue().scenarios
  const mixed = [{ ...scenarios[0]!, name: 'single' }, first!, ...others]
  const [picture] = forests(renderCataloguePage({ ...sampleCatalogue(), scenarios: mixed }))
  expect(picture!.rows.map(({ label }) => label)).toEqual(['kv-update'])
})

test('a hundred scenarios stay below three megabytes', () => {
  const [one] = sampleCatalogue().scenarios
  const scenarios = Array.from({ length: 100 }, (_, index) => ({ ...one!, name: `s-${index}` }))
  const whole = renderCataloguePage({ ...sampleCatalogue(), scenarios })
  expect(Buffer.byteLength(whole)).toBeLessThan(3_000_000)
})
