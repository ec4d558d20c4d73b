import { loadReport } from '../../harness/results/load.ts'
import { launchChromium } from '../browser/chromium.ts'
import { openPage } from '../browser/open-page.ts'
import { renderHtml } from '../../harness/render/report/render.ts'

// The picture in the project's README: the top of a report's page, drawn from its JSON alone.
//   node test/bench/report-screenshot.ts reports/example/kv-update reports/example/report.png

const VIEWPORT = { width: 1280, height: 900 }

const [folder, picture] = process.argv.slice(2)
if (folder === undefined || picture === undefined) {
  console.error('usage: node test/bench/report-screenshot.ts <folder|report.json> <picture.png>')
  process.exit(2)
}
const browser = await launchChromium()
try {
  await using opened = await openPage(browser, renderHtml(loadReport(folder).report), {
    viewport: VIEWPORT,
    colorScheme: 'light',
  })
  for (const complaint of opened.complaints) console.error(complaint)
  await opened.page.screenshot({ path: picture })
} finally {
  await browser.close()
}
