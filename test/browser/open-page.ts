import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** A page of ours as a reader has it: a file, and no network. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  /** Errors and warnings of the console, exceptions, dialogs, and requests other than for the file: there must be none. */
  readonly complaints: readonly string[]
}

/** Opens the HTML from a file of its own; what it asks for beyond that is refused and told. */
export async function openPage(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const folder = mkdtempSync(join(tmpdir(), 'crossover-page-'))
  const file = join(folder, 'report.html')
  writeFileSync(file, html)
  const address = pathToFileURL(file).href
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.route('**/*', async (route) => {
    const url = route.request().url().replace(/#.*/, '')
    if (url === address) return route.continue()
    complaints.push(`request: ${url}`)
    return route.abort()
  })
  await page.goto(address)
  if (options.javaScriptEnabled !== false && html.includes('id="chart-library"'))
    await page.waitForFunction(() => performance.getEntriesByName('drawn').length > 0)
  return {
    page,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close()
      rmSync(folder, { recursive: true })
    },
  }
}
