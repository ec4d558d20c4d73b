import { expect, test } from 'vitest'
import { INDEX_MARK, renderIndexPage } from '../../../harness/render/history/view.ts'
import { runAfter, sampleIndex } from '../sample-index.ts'

const page = renderIndexPage(sampleIndex(), 'reports')

/** The text that a reader sees, a line per block; drawings by their texts. */
function visible(html: string): string {
  return html
    .replaceAll(/<(style|script|title)>.*?<\/\1>/gs, '')
    .replaceAll(/<svg[^>]*aria-label="([^"]*)".*?<\/svg>/gs, '[$1]\n')
    .replaceAll(/<svg.*?<\/svg>/gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\[(.*?)\] /g, '\n[$1]\n')
    .replaceAll(/<\/(?:p|h1|h2|h3|tr|li|figcaption|div|figure|summary|caption)>/g, '\n')
    .replaceAll(/<\/t[dh]>/g, ' | ')
    .replaceAll(/<[^>]*>/g, ' ')
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

test('the page holds the text of an index', async () => {
  await expect(`${visible(page)}\n`).toMatchFileSnapshot('../snapshots/index-page.txt')
})

test('it is known again as an index', () => {
  expect(page).toContain(INDEX_MARK)
})

test('links lead from the page’s folder to the pages, else to the figures', () => {
  const linksOf = (html: string): readonly string[] =>
    [...html.matchAll(/<th scope="row"[^>]*>\s*<a href="([^"]*)"/g)].map(([, link]) => link ?? '')
  expect(linksOf(page)).toContain('2026-11-22T19-53-58Z-sweep-hot-key/sweep.html')
  expect(linksOf(page)).toContain('2026-11-22T19-53-58Z-calibrate/calibration.json')
  const row = { ...runAfter(1), page: 'reports/java:script #1?/report.html' }
  expect(linksOf(renderIndexPage([row], 'reports'))).toEqual([
    'java%3Ascript%20%231%3F/report.html',
  ])
  expect(linksOf(renderIndexPage([row], 'pages/here'))).toEqual([
    '../../reports/java%3Ascript%20%231%3F/report.html',
  ])
})

test('single runs that cannot be compared are folded away, unless they are all there is', () => {
  const lone = renderIndexPage([runAfter(1)], 'reports')
  expect(lone).not.toContain('<details>')
  expect(page.match(/<details>/g)).toHaveLength(1)
  expect(page).toContain('<summary>One run that cannot be compared with any other</summary>')
})

test('nothing but files that cannot be read makes a page, too', () => {
  const rows = sampleIndex().filter(({ state }) => state === 'unreadable')
  const broken = renderIndexPage(rows, 'reports')
  expect(broken).toContain('<h1>No run can be read.</h1>')
  expect(broken).toContain('2 files cannot be read: their rows say why.')
  expect(broken).not.toContain('Ratio over time')
})

test('three hundred runs stay below three megabytes', () => {
  const scenarios = ['kv-update', 'hot-key', 'low-load']
  const rows = Array.from({ length: 300 }, (_, index) =>
    runAfter(300 - index, { scenario: scenarios[index % 3]!, factor: 1 + (index % 7) / 7 }),
  )
  const whole = renderIndexPage(rows, 'reports')
  expect(whole.match(/<tr role="row" data-scenarios/g)).toHaveLength(300)
  expect(Buffer.byteLength(whole)).toBeLessThan(3_000_000)
})

test('half of a surrogate pair in a name that somebody edited ends nothing', () => {
  const row = runAfter(1)
  const edited = {
    ...row,
    scenarios: ['\ud800x'],
    conditions: { ...row.conditions!, scenario: '\ud800x' },
  }
  expect(renderIndexPage([edited], 'reports')).toContain('%EF%BF%BDx')
})
