import type * as Echarts from 'echarts'
import { type ChartKit, chartKit, type Drawing } from './draw-kit.ts'

/** A chart of a page: what is drawn, into which element, and by which function, which travels as its own source text. */
export interface Chart {
  readonly data: { readonly elementId: string }
  /** Uses nothing from outside its body but its arguments, `document` and `window`. */
  readonly draw: (kit: ChartKit, data: never) => Drawing
}

/** What of the page's script is the same whatever it draws. */
interface CommonParts {
  readonly chartKit: () => ChartKit
  readonly followScrolling: () => void
  readonly followFolds: (shown: () => void) => void
  readonly offerDownloads: () => void
}

/** A chart as the script finds it. */
interface PlacedChart {
  readonly draw: string
  readonly data: { readonly elementId: string }
}

/** Charts, script and what it calls, for `pageDocument`. */
export function chartScript(charts: readonly Chart[]): {
  readonly charts: readonly PlacedChart[]
  readonly draw: typeof drawCharts
  readonly parts: CommonParts & Readonly<Record<string, (...given: never[]) => unknown>>
} {
  return {
    charts: charts.map(({ draw, data }): PlacedChart => ({ draw: draw.name, data })),
    draw: drawCharts,
    parts: {
      chartKit,
      followScrolling,
      followFolds,
      offerDownloads,
      ...Object.fromEntries(charts.map(({ draw }) => [draw.name, draw])),
    },
  }
}

/**
 * Runs in the reader's browser: draws every chart and follows the window's width, the reader's colour scheme and print. Arrow
 * keys on a chart walk its tooltip. It travels as its own source text, so it must use nothing from outside its body but its
 * arguments, `document` and `window`.
 */
function drawCharts(echarts: typeof Echarts, parts: CommonParts): void {
  const source = document.querySelector('#chart-data')
  const charts = JSON.parse(source?.textContent ?? '[]') as readonly PlacedChart[]
  /** Sharp also on paper. */
  const FEWEST_DOTS_PER_PIXEL = 2

  const drawingOf = (kit: ChartKit, { draw, data }: PlacedChart): Drawing =>
    (parts as unknown as Record<string, (kit: ChartKit, data: object) => Drawing>)[draw]!(kit, data)

  const place = (element: HTMLElement, { height }: Drawing): void => {
    if (height !== undefined) element.style.height = `${height}px`
  }

  /** From shares of the first grid to pixels. */
  const areasOf = ({ areas = [] }: Drawing, chart: Echarts.ECharts) => {
    if (areas.length === 0) return []
    const axes = chart.getOption() as Record<
      'xAxis' | 'yAxis',
      readonly { readonly min: number; readonly max: number }[]
    >
    const ends = (name: 'xAxis' | 'yAxis'): readonly number[] =>
      [axes[name][0]?.min ?? 0, axes[name][0]?.max ?? 1].map((end) =>
        chart.convertToPixel({ [`${name}Index`]: 0 }, end),
      )
    const [left = 0, right = 0] = ends('xAxis')
    const [bottom = 0, top = 0] = ends('yAxis')
    return areas.map(({ points, color, opacity }) => ({
      type: 'polygon' as const,
      silent: true,
      z: 0,
      shape: {
        points: points.map(([x, y]) => [left + x * (right - left), bottom + y * (top - bottom)]),
      },
      style: { fill: color, opacity },
    }))
  }

  const walk = (element: HTMLElement, chart: Echarts.ECharts, stops: Drawing['stops']): void => {
    let at = -1
    element.addEventListener('keydown', (event) => {
      const last = stops.length - 1
      const next = {
        ArrowRight: Math.min(last, at + 1),
        ArrowDown: Math.min(last, at + 1),
        ArrowLeft: Math.max(0, at - 1),
        ArrowUp: Math.max(0, at - 1),
        Home: 0,
        End: last,
      }[event.key]
      if (event.key === 'Escape') chart.dispatchAction({ type: 'hideTip' })
      if (next === undefined || stops[next] === undefined) return
      at = next
      event.preventDefault()
      chart.dispatchAction({ type: 'showTip', ...stops[next] })
    })
    element.addEventListener('blur', () => {
      at = -1
      chart.dispatchAction({ type: 'hideTip' })
    })
  }

  interface DrawnChart {
    readonly placed: PlacedChart
    readonly element: HTMLElement
    readonly chart: Echarts.ECharts
  }
  const drawn: DrawnChart[] = []
  /** Drawn for another width, colour scheme or paper while they were folded. */
  let stale: readonly DrawnChart[] = []
  let waiting = charts

  const draw = (kit: ChartKit, { placed, element, chart }: DrawnChart): void => {
    const drawing = drawingOf(kit, placed)
    place(element, drawing)
    chart.resize()
    chart.setOption(
      {
        animation: false,
        textStyle: { fontFamily: 'system-ui, sans-serif' },
        ...drawing.option,
      },
      true,
    )
    const areas = areasOf(drawing, chart)
    if (areas.length > 0) chart.setOption({ graphic: { elements: areas } })
    // Paper does not wait for the next frame.
    chart.getZr().flush()
  }
  /** Those that have come into view: what is folded has no size. */
  const drawShown = (): void => {
    const kit = parts.chartKit()
    stale = stale.filter((one) => {
      if (!one.element.checkVisibility()) return true
      draw(kit, one)
      return false
    })
    waiting = waiting.filter((placed) => {
      const element = document.getElementById(placed.data.elementId)
      if (element === null) return false
      if (!element.checkVisibility()) return true
      const drawing = drawingOf(kit, placed)
      place(element, drawing)
      const chart = echarts.init(element, null, {
        devicePixelRatio: Math.max(FEWEST_DOTS_PER_PIXEL, window.devicePixelRatio),
      })
      walk(element, chart, drawing.stops)
      const one = { placed, element, chart }
      drawn.push(one)
      draw(kit, one)
      return false
    })
  }
  const redraw = (): void => {
    stale = drawn
    drawShown()
  }
  parts.followFolds(drawShown)
  drawShown()
  let width = window.innerWidth
  window.addEventListener('resize', () => {
    // The bar of a phone's browser comes and goes: that changes the height only.
    if (width === window.innerWidth) return
    width = window.innerWidth
    redraw()
  })
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    window.matchMedia(query).addEventListener('change', redraw)
  }
  parts.followScrolling()
  parts.offerDownloads()
}

/**
 * Runs in the reader's browser, as its own source text: tabs by mouse and arrow keys, a link into what is folded unfolds it, and paper
 * has everything. Without it all of a section's tabs are shown below each other.
 * @param shown is called whenever something came into view.
 */
function followFolds(shown: () => void): void {
  for (const list of document.querySelectorAll<HTMLElement>('[role="tablist"]')) {
    const tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')]
    const choose = (chosen: HTMLElement): void => {
      for (const tab of tabs) {
        const isChosen = tab === chosen
        tab.setAttribute('aria-selected', String(isChosen))
        tab.tabIndex = isChosen ? 0 : -1
        const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '')
        if (panel !== null) panel.hidden = !isChosen
      }
    }
    for (const [index, tab] of tabs.entries()) {
      tab.addEventListener('click', () => {
        choose(tab)
        shown()
      })
      tab.addEventListener('keydown', ({ key }) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[key]
        const next = step && tabs[(index + step + tabs.length) % tabs.length]
        if (!next) return
        next.focus()
        next.click()
      })
    }
    list.hidden = false
    const first = tabs.find((tab) => tab.getAttribute('aria-selected') === 'true') ?? tabs[0]
    if (first !== undefined) choose(first)
  }
  // Folds do not bubble.
  document.addEventListener('toggle', shown, true)
  const folded: (() => void)[] = []
  window.matchMedia('print').addEventListener('change', ({ matches }) => {
    for (const fold of folded.splice(0)) fold()
    if (matches) {
      for (const details of document.querySelectorAll<HTMLDetailsElement>('details:not([open])')) {
        details.open = true
        folded.push(() => (details.open = false))
      }
      for (const panel of document.querySelectorAll<HTMLElement>('[role="tabpanel"][hidden]')) {
        panel.hidden = false
        folded.push(() => (panel.hidden = true))
      }
    }
    shown()
  })
}

/**
 * Runs in the reader's browser, as its own source text: a table's box takes the keyboard only while it is wider than the
 * page, so that tabbing does not stop at every table.
 */
function followScrolling(): void {
  const boxes = [...document.querySelectorAll<HTMLElement>('.wide[role="region"]')]
  const follow = (): void => {
    const isScrolling = boxes.map(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    for (const [index, box] of boxes.entries()) {
      if (isScrolling[index]) box.tabIndex = 0
      else box.removeAttribute('tabindex')
    }
  }
  follow()
  window.addEventListener('resize', follow)
  document.addEventListener('toggle', follow, true)
}

/** Runs in the reader's browser, as its own source text: unpacks a file that is in the page when it is asked for. */
function offerDownloads(): void {
  const unpack = async (file: string): Promise<void> => {
    const packed = [...document.querySelectorAll<HTMLElement>('script[data-packed]')]
    const text = packed.find(({ dataset }) => dataset['packed'] === file)?.textContent ?? ''
    const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0))
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await new Response(unpacked).blob())
    link.download = file
    link.click()
    URL.revokeObjectURL(link.href)
  }
  for (const button of document.querySelectorAll<HTMLElement>('button[data-file]')) {
    button.hidden = false
    button.addEventListener('click', () => void unpack(button.dataset['file'] ?? ''))
  }
}
