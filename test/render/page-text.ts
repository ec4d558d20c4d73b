import { runInNewContext } from 'node:vm'

/** What somebody might write where a page shows text. */
export const INJECTION = '<img src=x onerror=alert(1)></script>\'"&'

/** The page without its scripts: what a reader sees before charts are drawn. */
export function visible(page: string): string {
  return page.replace(/<(script|style)[^>]*>.*?<\/\1>/gs, '')
}

/** The page as lines of text. */
export function readable(page: string): string {
  return visible(page)
    .replace(/<\/?(?:td|th|span|strong|code)\b[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/<\/(?:tr|p|pre|h\d|li|dd|summary|caption|title|div)>/g, '\n')
    .replace(/<[^>]*>/g, ' ')
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

/** What the page's script draws. */
export function chartsOf<Chart>(page: string): readonly Chart[] {
  const json = /id="chart-data">(.*?)<\/script>/s.exec(page)?.[1] ?? '[]'
  return JSON.parse(json) as readonly Chart[]
}

/** Runs a page's script with nothing but its data and a library that notes what it is told. Colours are their names. */
export function drawnBy<Option>(
  script: string,
  charts: readonly unknown[],
  innerWidth = 1_200,
): readonly Option[] {
  const options: Option[] = []
  const chart = {
    resize: () => undefined,
    convertToPixel: (_finder: unknown, place: unknown) => place,
    setOption: (option: Option) => options.push(option),
    getOption: () => ({ xAxis: [{ min: 0, max: 1 }], yAxis: [{ min: 0, max: 1 }] }),
    getZr: () => ({ flush: () => undefined }),
  }
  runInNewContext(script, {
    document: {
      querySelector: (selector: string) =>
        selector === '#chart-data' ? { textContent: JSON.stringify(charts) } : null,
      querySelectorAll: () => [],
      getElementById: () => ({ style: {}, addEventListener: () => undefined }),
      documentElement: {},
    },
    window: {
      innerWidth,
      devicePixelRatio: 1,
      addEventListener: () => undefined,
      matchMedia: () => ({ addEventListener: () => undefined }),
    },
    getComputedStyle: () => ({ getPropertyValue: (name: string) => name }),
    echarts: { init: () => chart },
  })
  return options
}
