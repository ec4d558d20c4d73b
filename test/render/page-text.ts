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

function chartJson(page: string): string {
  return /id="chart-data">(.*?)<\/script>/s.exec(page)?.[1] ?? '[]'
}

/** The data that the page's script draws. */
export function chartsOf<Data>(page: string): readonly Data[] {
  const charts = JSON.parse(chartJson(page)) as readonly { readonly data: Data }[]
  return charts.map(({ data }) => data)
}

/** What a chart of the library was told, as far as tests look. */
export interface DrawnOption {
  readonly series?: readonly {
    readonly type: string
    readonly data: readonly {
      readonly symbol?: string
      readonly itemStyle?: { readonly color: string }
    }[]
  }[]
  readonly yAxis?: { readonly data: readonly unknown[] }
  readonly graphic?: { readonly elements: readonly unknown[] }
}

/** Runs a page's script with nothing but the page and a library that notes what it is told. Colours are their names. */
export function drawnFrom(page: string, innerWidth = 1_200): readonly DrawnOption[] {
  const script = page.slice(page.lastIndexOf('<script>') + 8, page.lastIndexOf('</script>'))
  const options: DrawnOption[] = []
  const chart = {
    resize: () => undefined,
    convertToPixel: (_finder: unknown, place: unknown) => place,
    setOption: (option: DrawnOption) => options.push(option),
    getOption: () => ({ xAxis: [{ min: 0, max: 1 }], yAxis: [{ min: 0, max: 1 }] }),
    getZr: () => ({ flush: () => undefined }),
  }
  runInNewContext(script, {
    document: {
      querySelector: (selector: string) =>
        selector === '#chart-data' ? { textContent: chartJson(page) } : null,
      querySelectorAll: () => [],
      getElementById: () => ({
        style: {},
        addEventListener: () => undefined,
        checkVisibility: () => true,
      }),
      addEventListener: () => undefined,
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
