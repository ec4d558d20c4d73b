import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderIndexPage } from '../../harness/render/history/view.ts'
import { readRow } from '../../harness/render/history/rows.ts'
import { injectedReport } from '../render/injected-report.ts'
import { runAfter, sampleIndex } from '../render/sample-index.ts'
import { sampleReport } from '../render/sample-report.ts'
import { launchChromium, SKIP_REASON } from './chromium.ts'
import { openPage } from './open-page.ts'

const INJECTION = '<img src=x onerror=alert(1)>'
const PHONE = { viewport: { width: 390, height: 844 } } as const
const LONG_ARMS = ['staged:layout=classic,batch=1,locks=single,idle=park', 'x'.repeat(90)] as const

const rows = sampleIndex()
const html = renderIndexPage(rows, 'reports')
const many = renderIndexPage(
  Array.from({ length: 300 }, (_, index) =>
    runAfter(300 - index, {
      scenario: ['kv-update', 'hot-key', 'low-load'][index % 3]!,
      factor: 1 + (index % 7) / 7,
    }),
  ),
  'reports',
)

describe.skipIf(SKIP_REASON !== null)(
  `the index in a browser${SKIP_REASON === null ? '' : ` (${SKIP_REASON})`}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchChromium()
    }, 60_000)
    afterAll(() => browser?.close())

    test('opens without an error and without the network, also with three hundred runs', async () => {
      for (const page of [html, many]) {
        await using opened = await openPage(browser, page)
        expect(opened.complaints).toEqual([])
        expect(await opened.page.locator('#filter').isVisible()).toBe(true)
      }
    })

    test('without scripts everything is shown, and no filter that would do nothing', async () => {
      await using opened = await openPage(browser, html, { javaScriptEnabled: false })
      expect(await opened.page.locator('#filter').isVisible()).toBe(false)
      expect(await shownRows(opened.page)).toHaveLength(rows.length)
    })

    test('the filter works by mouse, and the address follows', async () => {
      await using opened = await openPage(browser, html)
      const { page } = opened
      expect(await shownRows(page)).toHaveLength(rows.length)
      await page.getByLabel('Scenario').selectOption('hot-key')
      const shown = await shownRows(page)
      expect(shown).toEqual(namedRows('hot-key'))
      expect(shown.length).toBeLessThan(rows.length)
      expect(await page.getByRole('status').innerText()).toBe(
        `${shown.length} of ${rows.length} rows`,
      )
      expect(page.url()).toMatch(/#scenario=hot-key$/)
      expect(await page.locator('.scenario:visible').count()).toBe(0)
      await page.getByLabel('Scenario').selectOption('')
      expect(await shownRows(page)).toHaveLength(rows.length)
      await page.locator('td').getByRole('link', { name: 'low-load', exact: true }).click()
      await expect.poll(() => shownRows(page)).toEqual(namedRows('low-load'))
      expect(await page.getByLabel('Scenario').inputValue()).toBe('low-load')
      expect(opened.complaints).toEqual([])
    })

    test('the filter works by keyboard', async () => {
      await using opened = await openPage(browser, html)
      const { page } = opened
      await page.keyboard.press('Tab')
      const select = page.getByLabel('Scenario')
      expect(await select.evaluate((element) => element === document.activeElement)).toBe(true)
      await page.keyboard.type('kv')
      await expect.poll(() => shownRows(page)).toEqual(namedRows('kv-update'))
      expect(await page.locator('.scenario:visible h3').allInnerTexts()).toEqual(['kv-update'])
    })

    test('the filter follows the address, and a name that nothing has shows all', async () => {
      await using opened = await openPage(browser, html)
      const { page } = opened
      const go = (hash: string): Promise<void> =>
        page.evaluate((to) => void (location.hash = to), hash)
      await go('#scenario=low-load')
      await expect.poll(() => shownRows(page)).toEqual(namedRows('low-load'))
      await page.reload()
      expect(await shownRows(page)).toEqual(namedRows('low-load'))
      await page.getByRole('link', { name: 'all runs' }).click()
      expect(page.url()).toMatch(/#runs$/)
      expect(await shownRows(page)).toEqual(namedRows('low-load'))
      await go('')
      await expect.poll(() => shownRows(page)).toHaveLength(rows.length)
      await go('#scenario=nobody')
      await expect
        .poll(() => page.getByRole('status').innerText())
        .toBe(`nothing here is of nobody; ${rows.length} of ${rows.length} rows`)
      expect(opened.complaints).toEqual([])
    })

    test.each(['light', 'dark'] as const)(
      'fits on a phone and on a desk in the %s',
      async (colorScheme) => {
        const long = renderIndexPage(
          [
            ...rows,
            runAfter(20, { scenario: 'n'.repeat(80), arms: LONG_ARMS, cpu: 'c'.repeat(90) }),
          ],
          'reports',
        )
        for (const [page, options] of [
          [html, PHONE],
          [many, PHONE],
          [long, PHONE],
          [long, {}],
          [long, { viewport: { width: 1100, height: 800 } }],
          [many, { viewport: { width: 1060, height: 800 } }],
        ] as const) {
          await using opened = await openPage(browser, page, { ...options, colorScheme })
          for (const details of await opened.page.locator('summary').all()) await details.click()
          const isWithin = await opened.page.evaluate(
            () => document.documentElement.scrollWidth <= window.innerWidth,
          )
          expect(isWithin).toBe(true)
        }
      },
    )

    test('on paper everything is there, also what is folded', async () => {
      await using opened = await openPage(browser, html, {
        viewport: { width: 720, height: 1_000 },
      })
      await opened.page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      expect(await shownRows(opened.page)).toHaveLength(rows.length)
      for (const group of await opened.page.locator('.group').all())
        await group.waitFor({ state: 'visible', timeout: 5_000 })
      const width = await opened.page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(720)
    })

    test.each([
      ['light', {}],
      ['dark', PHONE],
    ] as const)('axe finds nothing serious in the %s', async (colorScheme, options) => {
      await using opened = await openPage(browser, html, { ...options, colorScheme })
      await opened.page.locator('summary').click()
      await opened.page.evaluate(axe.source)
      const { violations } = await opened.page.evaluate(() =>
        (globalThis as unknown as { axe: typeof axe }).axe.run(),
      )
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html: node }) => node).join(' ')}`)
      expect(serious).toEqual([])
    })

    test('a scenario’s name that is markup stays a name, and can be chosen', async () => {
      const source = { kind: 'run', file: `reports/${INJECTION}/report.json`, page: null } as const
      const report = injectedReport(sampleReport(), INJECTION)
      report.run.startedAt = '2026-11-22T19:53:58.000Z'
      const row = readRow(source, { kind: 'run', content: report })
      await using opened = await openPage(browser, renderIndexPage([row, ...rows], 'reports'))
      const { page } = opened
      expect(await page.locator('img').count()).toBe(0)
      await page.getByLabel('Scenario').selectOption(INJECTION)
      expect(await shownRows(page)).toHaveLength(1)
      expect(await page.locator('.scenario:visible h3').allInnerTexts()).toEqual([INJECTION])
      await page.reload()
      expect(await shownRows(page)).toHaveLength(1)
      expect(await page.locator('img').count()).toBe(0)
      expect(opened.complaints).toEqual([])
    })
  },
)

/** Scenarios of the rows that are of this one. */
function namedRows(scenario: string): readonly string[] {
  return rows
    .filter(({ scenarios }) => scenarios.includes(scenario))
    .map(({ scenarios }) => JSON.stringify(scenarios))
}

/** Scenarios of the rows that are seen. */
function shownRows(page: Page): Promise<readonly string[]> {
  return page
    .locator('tbody tr:visible')
    .evaluateAll((all) => all.map((row) => row.getAttribute('data-scenarios') ?? ''))
}
