import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ablationView } from '../../harness/render/ablate/view.ts'
import { renderCataloguePage } from '../../harness/render/catalogue.ts'
import { claimsView } from '../../harness/render/claims.ts'
import { crossingView } from '../../harness/render/find/view.ts'
import { renderIndexPage } from '../../harness/render/history/view.ts'
import { renderHtml } from '../../harness/render/report/render.ts'
import { sweepView } from '../../harness/render/sweep/view.ts'
import { pageView } from '../../harness/render/view/page.ts'
import { detailedReport } from '../render/detailed-report.ts'
import { sampleAblation } from '../render/sample-ablation.ts'
import { sampleCatalogue } from '../render/sample-catalogue.ts'
import { sampleClaims } from '../render/sample-claims.ts'
import { sampleCrossing } from '../render/sample-crossing.ts'
import { sampleIndex } from '../render/sample-index.ts'
import { troubledSweep } from '../render/sample-sweep.ts'
import { launchChromium, SKIP_REASON } from './chromium.ts'
import { openPage } from './open-page.ts'

const PHONE = { viewport: { width: 390, height: 844 } } as const
/** As it opens, in pixels at 1280 × 900. */
const TALLEST = 4_000
const LARGEST_BYTES = 1_000_000

/** As many claims as the catalogue has, each with a warning. */
function manyClaims() {
  const claims = sampleClaims()
  const [first] = claims.claims
  const warnings = [{ code: 'load-average', message: 'others were at work', cure: 'end them' }]
  const many = Array.from({ length: 32 }, (_, index) => ({ ...first!, id: `M${index}`, warnings }))
  return { ...claims, claims: many }
}

const PAGES = [
  ['a run', renderHtml(detailedReport())],
  ['a sweep', pageView(sweepView(troubledSweep()))],
  ['a search', pageView(crossingView(sampleCrossing()))],
  ['an ablation', pageView(ablationView(sampleAblation()))],
  ['a test of claims', pageView(claimsView(manyClaims()))],
  ['a catalogue', renderCataloguePage(sampleCatalogue())],
  ['the index', renderIndexPage(sampleIndex(), 'reports')],
] as const

describe.skipIf(SKIP_REASON !== null).each(PAGES)(
  `the page of %s in a browser${SKIP_REASON === null ? '' : ` (${SKIP_REASON})`}`,
  { timeout: 60_000 },
  (_, html) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchChromium()
    }, 60_000)
    afterAll(() => browser?.close())

    test('is short as it opens, and small', async () => {
      await using opened = await openPage(browser, html, { viewport: { width: 1280, height: 900 } })
      const height = await opened.page.evaluate(() => document.documentElement.scrollHeight)
      expect(height).toBeLessThan(TALLEST)
      expect(Buffer.byteLength(html)).toBeLessThan(LARGEST_BYTES)
      expect(opened.complaints).toEqual([])
    })

    test.each([
      ['light', {}],
      ['dark', {}],
      ['light', PHONE],
      ['dark', PHONE],
    ] as const)(
      'axe finds nothing in the %s, folded or not, and all is within the width: %o',
      async (colorScheme, options) => {
        await using opened = await openPage(browser, html, { ...options, colorScheme })
        const { page } = opened
        await page.evaluate(axe.source)
        expect(await violations(page)).toEqual([])
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true
        })
        expect(await violations(page)).toEqual([])
        const isWithin = await page.evaluate(
          () => document.documentElement.scrollWidth <= window.innerWidth,
        )
        expect(isWithin).toBe(true)
        expect(opened.complaints).toEqual([])
      },
    )

    test('the keyboard reaches each fold, tab and button, and opens the folds', async () => {
      await using opened = await openPage(browser, html)
      const { page } = opened
      const aims = await page.evaluate(() => {
        const all = document.querySelectorAll('summary, button, select, [role="tab"]')
        const seen = [...all].filter((element) => element.checkVisibility())
        for (const [index, element] of seen.entries())
          element.setAttribute('data-aim', String(index))
        return seen.map((element, index) => ({
          index: String(index),
          isTab: element.getAttribute('role') === 'tab',
        }))
      })
      const reached = new Set<string>()
      const noteFocus = async (): Promise<string> => {
        const at = await page.evaluate(() => {
          const { activeElement: element } = document
          return [element?.getAttribute('data-aim') ?? '', element?.getAttribute('role') ?? '']
        })
        reached.add(at[0]!)
        return at[1]!
      }
      for (let press = 0; press < MOST_PRESSES && reached.size <= aims.length; press++) {
        await page.keyboard.press('Tab')
        // Of several tabs one is in the order of focus: arrows lead to the others.
        for (let turn = 0; (await noteFocus()) === 'tab' && turn < 8; turn++)
          await page.keyboard.press('ArrowRight')
      }
      expect(aims.filter(({ index }) => !reached.has(index))).toEqual([])
      const [fold] = await page.locator('summary[data-aim]').all()
      if (fold === undefined) return
      await fold.focus()
      await page.keyboard.press('Enter')
      expect(await fold.evaluate((summary) => summary.parentElement!.matches('[open]'))).toBe(true)
    })
  },
)

describe.skipIf(SKIP_REASON !== null)('the rows of a catalogue', { timeout: 60_000 }, () => {
  test('are chosen by outcome, with sections that are left empty hidden, and ordered within their theme', async () => {
    await using browser = await launchChromium()
    const catalogue = sampleCatalogue()
    const [first, ...others] = catalogue.scenarios
    const scenarios = [first!, { ...first!, name: 'a-copy' }, ...others]
    const html = renderCataloguePage({ ...catalogue, scenarios })
    await using opened = await openPage(browser, html)
    const { page } = opened
    const names = (): Promise<readonly string[]> =>
      page.locator('tbody tr:visible th a, tbody tr:visible th').allInnerTexts()
    const rows = page.locator('tbody tr:visible')
    expect(await rows.count()).toBe(5)
    await page.getByLabel('Order').selectOption('name')
    expect((await names())[0]).toContain('a-copy')
    await page.getByLabel('Claim').selectOption('failed')
    expect(await rows.count()).toBe(1)
    expect(await page.getByRole('status').innerText()).toBe('1 of 5 rows')
    expect(await page.locator('#theme-0').isVisible()).toBe(false)
    expect(opened.complaints).toEqual([])
  })
})

const MOST_PRESSES = 150

/** What axe objects to, of any weight. */
async function violations(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html: node }) => node).join(' ')}`,
  )
}
