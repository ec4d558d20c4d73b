import axe from 'axe-core'
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadName } from '../../harness/render/report/pair-figures.ts'
import { summaryRows } from '../../harness/render/report/summary-rows.ts'
import { pairReport } from '../../harness/results/compared-pair.ts'
import type { Report } from '../../harness/results/schema.ts'
import { detailedReport } from '../render/detailed-report.ts'
import { injectedReport } from '../render/injected-report.ts'
import { objectiveReport, troubledReport } from '../render/sample-report.ts'
import { threeArmReport } from '../render/three-arm-report.ts'
import { launchChromium, SKIP_REASON } from './chromium.ts'
import { type OpenPage, openPage } from './open-page.ts'
import { renderHtml } from '../../harness/render/report/render.ts'

const INJECTION = '<img src=x onerror=alert(1)>'
const PHONE = { viewport: { width: 390, height: 844 } } as const
/** Of the whole page with all its charts. */
const LONGEST_LOAD_MS = 2_000
/** Of the whole page as it opens, in pixels at 1280 × 900, where its first screen holds the answer. */
const TALLEST = 4_000
/** Twelve charts are drawn anew and read pixel by pixel, beside whatever else the machine does. */
const PATIENCE = { timeout: 20_000 }

const report = detailedReport()
const html = renderHtml(report)

describe.skipIf(SKIP_REASON !== null)(
  `the report in a browser${SKIP_REASON === null ? '' : ` (${SKIP_REASON})`}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchChromium()
    }, 60_000)
    afterAll(() => browser?.close())

    test('opens at once, without an error and without the network', async () => {
      const loads: number[] = []
      for (let attempt = 0; attempt < 3; attempt++) {
        await using opened = await openPage(browser, html)
        loads.push(await loadMs(opened.page))
        expect(opened.complaints).toEqual([])
        await unfold(opened.page)
        await expect
          .poll(() => opened.page.locator('.chart canvas').count())
          .toBe(chartCount(report))
      }
      // The best of three: other programs may take the processor at any of them.
      expect(Math.min(...loads)).toBeLessThan(LONGEST_LOAD_MS)
    })

    test('the first screen answers, and the page is folded', async () => {
      await using opened = await openPage(browser, html, { viewport: { width: 1280, height: 900 } })
      const { page } = opened
      const bottom = await page
        .locator('#overview')
        .evaluate((element) => element.getBoundingClientRect().bottom)
      expect(bottom).toBeLessThan(900)
      const height = await page.evaluate(() => document.documentElement.scrollHeight)
      expect(height).toBeLessThan(TALLEST)
      expect(await page.locator('.tile').count()).toBe(4)
      // By keyboard: the next load's curves, and a fold.
      await page.locator('#curves-tab-1').focus()
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => page.locator('#percentiles-2 canvas').count()).toBe(1)
      expect(await page.locator('#percentiles-1').isVisible()).toBe(false)
      await page.locator('#pairs summary').focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => page.locator('#pair-dots canvas').count()).toBe(1)
      expect(opened.complaints).toEqual([])
    })

    test.each([
      ['troubled', troubledReport()],
      ['without loads', objectiveReport()],
      ['as fast as possible only', saturated()],
      ['of one pair', onePair()],
      ['of three arms', threeArmReport()],
      ['of nothing', { ...report, loads: [], capacity: null, breakEven: null, rounds: [] }],
    ])('a report %s opens without an error', async (_, other) => {
      await using opened = await openPage(browser, renderHtml(other))
      expect(opened.complaints).toEqual([])
      expect(await isWithinWidth(opened.page)).toBe(true)
    })

    // What changes nothing that lasts has one page in common.
    describe('the same page', () => {
      let opened: OpenPage
      beforeAll(async () => {
        opened = await openPage(browser, html)
      }, 60_000)
      afterAll(() => opened?.[Symbol.asyncDispose]())

      test('shows the numbers that are in the JSON', async () => {
        const { page } = opened
        expect(await page.locator('h1').innerText()).toMatch(
          /^Tail latency \(p99\): sharded is [\d.]+× faster at 20 %, [\d.]+× at 50 %; undecided at 80 %\.$/,
        )
        await unfold(page)
        for (const load of pairReport(report).loads) {
          expect(await page.locator('#verdicts').innerText()).toContain(load.verdict!.sentence)
          await page
            .locator('#latency')
            .getByRole('tab', { name: loadName(load) })
            .click()
          const table = page.getByRole('table', { name: `Latency and cost at ${loadName(load)}` })
          const cells = await table
            .locator('tbody tr')
            .evaluateAll((rows) =>
              rows.map((row) =>
                [...row.children].map((cell) => cell.textContent.replaceAll(/\s+/g, ' ').trim()),
              ),
            )
          expect(cells).toEqual(summaryRows(pairReport(report), load).map((row) => [...row]))
        }
      })

      test('the raw data is the report, to the last character', async () => {
        const [download] = await Promise.all([
          opened.page.waitForEvent('download'),
          opened.page.getByRole('button', { name: 'report.json' }).click(),
        ])
        expect(download.suggestedFilename()).toBe('report.json')
        const text = readFileSync(await download.path(), 'utf8')
        expect(text).toBe(`${JSON.stringify(report, undefined, 1)}\n`)
        expect(opened.complaints).toEqual([])
      })

      test.each([
        [
          'percentiles-0',
          0.4,
          /^\d[\d.]*% of requests within\nstaged: [\d.]+ [µm]?s \(pairs .*\)\nsharded: /,
        ],
        ['over-loads', 0.4, /^\d\d%: [\d.k]+\/s offered\nstaged p50: [\d.]+ [µm]s \(/],
        ['make-up-0', 0.4, /^p99 of staged: [\d.]+ [µm]s\n[a-z -]+: [\d.]+ [µnm]?s, \d/],
        ['time-line-0', 0.6, /^pair \d, window from \d+ ms\n(?:staged|sharded): [\d.]+k?\/s\np99 /],
      ] as const)('hovering over %s shows figures', async (id, height, figures) => {
        await reveal(opened.page, id)
        const chart = opened.page.locator(`#${id}`)
        await chart.scrollIntoViewIfNeeded()
        const box = (await chart.boundingBox())!
        // Left of the middle: in a bar, and no gap between two trials.
        await opened.page.mouse.move(box.x + box.width * 0.35, box.y + box.height * height)
        await expect.poll(() => tooltip(opened.page, id)).toMatch(figures)
        expect(opened.complaints).toEqual([])
      })

      test('arrow keys show every figure of a chart one after the other', async () => {
        const { page } = opened
        await page.locator('#ratios').focus()
        const shown: string[] = []
        for (const load of pairReport(report).loads) {
          await page.keyboard.press('ArrowRight')
          await expect.poll(() => tooltip(page, 'ratios')).toContain(`p99 at ${loadName(load)}\n`)
          shown.push(await tooltip(page, 'ratios'))
        }
        expect(shown[0]).toMatch(
          /sharded ÷ staged p99 0\.14× \(0\.12–0\.17\), 6 pairs, 96\.9% interval/,
        )
        await reveal(page, 'pair-dots')
        await page.locator('#pair-dots').focus()
        await page.keyboard.press('End')
        await expect
          .poll(() => tooltip(page, 'pair-dots'))
          .toMatch(/pair 6: [\d.]+ ms and \d+ µs, 0/)
      })

      test('is without an error after all that', () => {
        expect(opened.complaints).toEqual([])
      })
    })

    test('the keyboard begins at a link that skips to the figures, and its focus is seen', async () => {
      await using opened = await openPage(browser, html)
      const { page } = opened
      await page.keyboard.press('Tab')
      const skip = page.locator('a.skip')
      expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true)
      expect((await skip.boundingBox())!.x).toBeGreaterThanOrEqual(0)
      expect(await skip.evaluate((link) => getComputedStyle(link).outlineStyle)).toBe('solid')
      await page.keyboard.press('Enter')
      expect(page.url()).toMatch(/#verdicts$/)
    })

    test('is dark for who wants it, charts included, also when they change their mind', async () => {
      await using opened = await openPage(browser, html)
      const { page } = opened
      const light = await look(page)
      await page.emulateMedia({ colorScheme: 'dark' })
      await expect
        .poll(
          async () =>
            (await look(page)).drawings.filter(
              (drawing, index) => drawing === light.drawings[index],
            ),
          PATIENCE,
        )
        .toEqual([])
      expect(light.brightness).toBeGreaterThan(200)
      expect((await look(page)).brightness).toBeLessThan(50)
      await page.emulateMedia({ colorScheme: 'light' })
      await expect.poll(() => look(page), PATIENCE).toEqual(light)
    })

    test.each([
      ['light', 'a report'],
      ['dark', 'a report'],
      ['light', 'one with long names'],
    ] as const)('fits on a phone in the %s, %s', async (colorScheme, name) => {
      const other = name === 'a report' ? html : renderHtml(longNames())
      await using opened = await openPage(browser, other, { ...PHONE, colorScheme })
      expect(await isWithinWidth(opened.page)).toBe(true)
      const isInside = await opened.page
        .locator('.chart canvas')
        .evaluateAll((canvases) =>
          canvases.every((canvas) => canvas.getBoundingClientRect().right <= window.innerWidth),
        )
      expect(isInside).toBe(true)
    })

    test('on paper everything is there, dark on white, within the width', async () => {
      await using opened = await openPage(browser, html, {
        colorScheme: 'dark',
        viewport: { width: 720, height: 1_000 },
      })
      const { page } = opened
      const ids = await page.locator('section').evaluateAll((all) => all.map(({ id }) => id))
      const onScreen = (await look(page)).drawings[0]
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      await expect.poll(async () => (await look(page)).drawings[0], PATIENCE).not.toBe(onScreen)
      for (const id of ids)
        await page.locator(`#${id}`).waitFor({ state: 'visible', timeout: 5_000 })
      expect(await page.locator('.chart canvas').count()).toBe(chartCount(report))
      expect(await isWithinWidth(page)).toBe(true)
      const cut = await page
        .locator('.wide, .chart canvas')
        .evaluateAll(
          (boxes) =>
            boxes.filter(
              ({ scrollWidth, clientWidth, tagName, parentElement }) =>
                scrollWidth > clientWidth ||
                (tagName === 'CANVAS' &&
                  clientWidth > (parentElement?.parentElement?.clientWidth ?? 0)),
            ).length,
        )
      expect(cut).toBe(0)
      await using bright = await openPage(browser, html, {
        colorScheme: 'light',
        viewport: { width: 720, height: 1_000 },
      })
      await bright.page.emulateMedia({ media: 'print' })
      const paper = (await look(page)).drawings
      await expect.poll(async () => (await look(bright.page)).drawings, PATIENCE).toEqual(paper)
    })

    test.each([
      ['light', {}],
      ['dark', PHONE],
    ] as const)('axe finds nothing serious in the %s', async (colorScheme, options) => {
      await using opened = await openPage(browser, html, { ...options, colorScheme })
      await opened.page.evaluate(axe.source)
      const { violations } = await opened.page.evaluate(() =>
        (globalThis as unknown as { axe: typeof axe }).axe.run(),
      )
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html: node }) => node).join(' ')}`)
      expect(serious).toEqual([])
    })

    test('a scenario’s name that is markup stays a name', async () => {
      const page = renderHtml(injectedReport(detailedReport(), INJECTION))
      await using opened = await openPage(browser, page)
      expect(await opened.page.locator('img').count()).toBe(0)
      expect(await opened.page.title()).toContain(INJECTION)
      for (const id of ['percentiles-0', 'ratios', 'time-line-0', 'make-up-0', 'pair-dots']) {
        await reveal(opened.page, id)
        await opened.page.locator(`#${id}`).focus()
        await opened.page.keyboard.press('ArrowRight')
        await expect.poll(() => tooltip(opened.page, id)).toContain(INJECTION)
      }
      expect(await opened.page.locator('img').count()).toBe(0)
      expect(opened.complaints).toEqual([])
    })
  },
)

/** One picture, one of pairs, one over loads, and three per load. */
function chartCount({ loads }: Report): number {
  return 3 + 3 * loads.length
}

/** Until all that is shown is drawn. */
function loadMs(page: Page): Promise<number> {
  return page.evaluate(() => performance.getEntriesByName('drawn')[0]!.startTime)
}

/** Unfolds what a chart is in, and chooses its tab. */
async function reveal(page: Page, id: string): Promise<void> {
  await page.locator(`#${id}`).evaluate((chart) => {
    const details = chart.closest('details')
    if (details !== null) details.open = true
    const tab = chart.closest('[role="tabpanel"]')?.getAttribute('aria-labelledby')
    if (tab != null) document.getElementById(tab)?.click()
  })
  await page.locator(`#${id} canvas`).waitFor()
}

/** What is behind folds and tabs. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
    for (const tab of document.querySelectorAll<HTMLElement>('[role="tab"]')) tab.click()
  })
}

function isWithinWidth(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
}

/** What the chart's tooltip says; empty while there is none. */
async function tooltip(page: Page, id: string): Promise<string> {
  const box = page.locator(`#${id} .hover`)
  if ((await box.count()) === 0 || !(await box.isVisible())) return ''
  return (await box.locator('strong, span').allInnerTexts()).join('\n')
}

/** How bright the page behind everything is, 0 … 255, and a hash of every chart's picture. */
function look(page: Page): Promise<{ brightness: number; drawings: number[] }> {
  return page.evaluate(() => ({
    brightness: Number(/\d+/.exec(getComputedStyle(document.body).backgroundColor)?.[0]),
    drawings: [...document.querySelectorAll<HTMLCanvasElement>('.chart canvas')].map((canvas) => {
      let hash = 0
      for (const character of canvas.toDataURL()) {
        hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0
      }
      return hash
    }),
  }))
}

function saturated(): Report {
  const other = detailedReport()
  other.loads = other.loads.slice(0, 1)
  Object.assign(other.loads[0]!, { label: 'max', offeredPerSecond: null })
  other.loads[0]!.comparisons[0]!.verdict = null
  return other
}

function onePair(): Report {
  const other = detailedReport()
  for (const load of other.loads) {
    load.sets = load.sets.slice(0, 1)
    load.comparisons[0]!.verdict = null
    load.comparisons[0]!.ratios = null
  }
  return other
}

/** Labels as ablations have them, and a command of one long word. */
function longNames(): Report {
  const text = 'staged:layout=classic,batch=1,locks=single,controllers=off,idle=park'
  const other = injectedReport(detailedReport(), text)
  return { ...other, run: { ...other.run, command: 'x'.repeat(300) } }
}
