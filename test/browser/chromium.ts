import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const FOUND = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path))

/** Why the browser's tests cannot run here, for their name; null when they run. Where CI is set they always do, and may fail. */
export const SKIP_REASON =
  FOUND === undefined && !process.env['CI'] ? 'skipped: no chromium on the PATH' : null

/** Starts the system's Chromium without anything that it would fetch by itself. */
export function launchChromium(): Promise<Browser> {
  if (FOUND === undefined) throw new Error('no chromium on the PATH: apt-get install chromium')
  return chromium.launch({
    executablePath: FOUND,
    args: ['--no-sandbox', '--disable-background-networking'],
  })
}
