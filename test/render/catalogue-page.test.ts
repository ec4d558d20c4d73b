import { beforeAll, expect, test } from 'vitest'
import { cataloguePicture, renderCataloguePage } from '../../harness/render/catalogue.ts'
import type { Markup } from '../../harness/render/page/document.ts'
import { sampleCatalogue } from './sample-catalogue.ts'
import { sampleReport } from './sample-report.ts'

let picture: Markup
let page = ''

beforeAll(async () => {
  picture = (await cataloguePicture(sampleReport(), 'kv-update'))!
  page = renderCataloguePage(sampleCatalogue(), new Map([['kv-update', picture]]))
})

/** The text that a reader sees, a line per block. */
function visible(html: string): string {
  return html
    .replaceAll(/<(style|title)>.*?<\/\1>/gs, '')
    .replaceAll(/<svg.*?<\/svg>/gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<\/(?:p|h1|h2|tr|li|figcaption|div|dd|pre)>/g, '\n')
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

test('it links to each report, and from the overview to each scenario', () => {
  const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)
  expect(links).toEqual([
    '#kv-update',
    '#low-load',
    '#my-own',
    '#overload',
    'kv-update/report.html',
    'low-load/report.html',
  ])
  for (const link of links.filter((target) => target?.startsWith('#')))
    expect(page).toContain(`id="${link?.slice(1)}"`)
})

test('a hundred scenarios stay below three megabytes', () => {
  const [one] = sampleCatalogue().scenarios
  const scenarios = Array.from({ length: 100 }, (_, index) => ({ ...one!, name: `s-${index}` }))
  const pictures = new Map(scenarios.map(({ name }) => [name, picture]))
  const whole = renderCataloguePage({ ...sampleCatalogue(), scenarios }, pictures)
  expect(Buffer.byteLength(whole)).toBeLessThan(3_000_000)
})

test('a picture has a legend, a text alternative and the colours of the page', () => {
  expect(picture.text).toMatch(/<span class="first">staged<\/span>\s*<span class="second">sharded/)
  expect(picture.text).toMatch(
    /role="img"\s+aria-label="Percentile curves of latency at load 50%\. staged: 50% of requests within /,
  )
  expect(picture.text).toContain('stroke="var(--first)"')
  expect(picture.text).toMatch(/stroke="var\(--second\)"[^>]*stroke-dasharray/)
  expect(picture.text).toContain('viewBox="0 0 320 210"')
})

test('pictures of one page share no ids, whenever they were drawn', async () => {
  const ids = (markup: Markup) => [...markup.text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  const other = await cataloguePicture(sampleReport(), 'low-load')
  expect(ids(picture)).toEqual(['kv-update-0', 'kv-update-1'])
  expect(ids(other!)).toEqual(['low-load-0', 'low-load-1'])
  const again = await cataloguePicture(sampleReport(), 'kv-update')
  expect(again).toEqual(picture)
})

test('labels in a picture are text', async () => {
  const report = sampleReport()
  const arms = report.arms.map((arm, index) => ({ ...arm, label: index === 0 ? '<i>' : arm.label }))
  const renamed = JSON.parse(
    JSON.stringify(report).replaceAll('"staged"', '"<i>"'),
  ) as typeof report
  const drawn = await cataloguePicture({ ...renamed, arms }, 'kv-update')
  expect(drawn!.text).not.toContain('<i>')
  expect(drawn!.text).toContain('&lt;i&gt;')
})

test('where nothing was measured there is no picture', async () => {
  expect(await cataloguePicture({ ...sampleReport(), loads: [] }, 'kv-update')).toBeNull()
})
