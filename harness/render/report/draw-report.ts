import { gzipSync } from 'node:zlib'
import type * as Echarts from 'echarts'
import type { Report } from '../../results/schema.ts'
import type { ChartKit, Drawing } from '../page/draw-kit.ts'
import type { LoadLatencyData } from './load-latency.ts'
import type { MakeUpData } from './make-up.ts'
import type { ChartData } from './percentiles.ts'
import type { RatioData } from './ratios.ts'
import type { TimeLineData } from './time-line-chart.ts'

/** Whatever a report's page draws. */
type ReportChart = ChartData | RatioData | LoadLatencyData | MakeUpData | TimeLineData

/** Functions that travel with `drawReport` as their own source texts; a chart's `kind` names the one that draws it. */
export interface ReportParts {
  readonly chartKit: () => ChartKit
  readonly percentiles: (kit: ChartKit, data: ChartData) => Drawing
  readonly ratios: (kit: ChartKit, data: RatioData) => Drawing
  readonly loadLatency: (kit: ChartKit, data: LoadLatencyData) => Drawing
  readonly makeUp: (kit: ChartKit, data: MakeUpData) => Drawing
  readonly timeLine: (kit: ChartKit, data: TimeLineData) => Drawing
  readonly scrollBoxes: () => void
  readonly download: () => void
}

/**
 * Runs in the reader's browser: draws every chart and follows the window's width, the reader's colour scheme and print. Arrow
 * keys on a chart walk its tooltip. It travels as its own source text, so it must use nothing from outside its body but its
 * arguments, `document` and `window`.
 */
export function drawReport(echarts: typeof Echarts, parts: ReportParts): void {
  const source = document.querySelector('#chart-data')
  const charts = JSON.parse(source?.textContent ?? '[]') as readonly ReportChart[]
  /** Sharp also on paper. */
  const FEWEST_DOTS_PER_PIXEL = 2

  const drawingOf = (kit: ChartKit, data: ReportChart): Drawing => {
    switch (data.kind) {
      case 'percentiles':
        return parts.percentiles(kit, data)
      case 'ratios':
        return parts.ratios(kit, data)
      case 'loadLatency':
        return parts.loadLatency(kit, data)
      case 'makeUp':
        return parts.makeUp(kit, data)
      case 'timeLine':
        return parts.timeLine(kit, data)
    }
  }

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

  const firstKit = parts.chartKit()
  const drawn = charts.flatMap((data) => {
    const element = document.getElementById(data.elementId)
    if (element === null) return []
    const drawing = drawingOf(firstKit, data)
    place(element, drawing)
    const chart = echarts.init(element, null, {
      devicePixelRatio: Math.max(FEWEST_DOTS_PER_PIXEL, window.devicePixelRatio),
    })
    walk(element, chart, drawing.stops)
    return [{ data, element, chart }]
  })
  const redraw = (): void => {
    const kit = parts.chartKit()
    for (const { data, element, chart } of drawn) {
      const drawing = drawingOf(kit, data)
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
  }
  redraw()
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
  parts.scrollBoxes()
  parts.download()
}

/** Keeps the page below 3 MB: the library takes 0.7, charts and tables of a large run up to 0.5. */
const MOST_CHARACTERS = 1_700_000

/** `report.json` inside its page. */
export interface PackedReport {
  /** Gzip, base64; null when it is too large, and only the file beside the page has it. */
  readonly base64: string | null
  /** Of the unpacked file. */
  readonly bytes: number
}

/** The text of `report.json` as a run writes it, compressed. About 0.1 s per MB. */
export function packReport(report: Report): PackedReport {
  const text = Buffer.from(`${JSON.stringify(report, undefined, 1)}\n`)
  const base64 = gzipSync(text, { level: 9 }).toString('base64')
  return { base64: base64.length > MOST_CHARACTERS ? null : base64, bytes: text.length }
}
