import type { EChartsOption } from 'echarts'
import { middleLoad } from '../headline.ts'
import { loadName } from '../load-shares.ts'
import { pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { type ChartData, chartData, chartDescription } from './chart-data.ts'
import { html, type Markup, trusted } from './markup.ts'

/** Of the drawing's own units: text of 11 stays readable where the picture is 320 px wide. */
const WIDTH = 320
const HEIGHT = 210
const FONT_SIZE = 11
/** Fewer than on a full page: a tick needs 16 units of height. */
const MOST_LATENCY_TICKS = 7

/**
 * Percentile curves of both arms at the middle load, drawn once and for all: a figure with its legend that needs no script.
 * Null when nothing was measured. The first call loads the drawing library, about 0.3 s; each takes some 20 ms.
 * @param id told apart from those of the other pictures on the page: letters, digits and `-`.
 */
export async function cataloguePicture(report: Report, id: string): Promise<Markup | null> {
  const pair = pairReport(report)
  const load = middleLoad(pair)
  const data = load === undefined ? null : chartData(pair, load, id)
  if (load === undefined || data === null) return null
  const drawing = await draw(data)
  const [first, second] = data.arms
  return html`<figure>
    <figcaption class="muted">Latency at load ${loadName(load)}</figcaption>
    <div class="legend">
      <span class="first">${first?.label ?? ''}</span>
      <span class="second">${second?.label ?? ''}</span>
    </div>
    <div class="picture" role="img" aria-label="${chartDescription(load, data)}">
      ${trusted(adapted(drawing, id))}
    </div>
  </figure>`
}

/** The library is loaded by who needs it: every command would begin later. */
async function draw(data: ChartData): Promise<string> {
  const [{ init, use }, { LineChart }, { GridComponent }, { SVGRenderer }] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ])
  use([LineChart, GridComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  try {
    chart.setOption(optionOf(data))
    return chart.renderToSVGString()
  } finally {
    // It holds a timer that would keep the process.
    chart.dispose()
  }
}

/** Colours are those of the page's style sheet, which know day and night. */
function optionOf(data: ChartData): EChartsOption {
  const latencyTicks = thinned(data.latencyTicks)
  return {
    animation: false,
    grid: { left: 52, right: 12, top: 8, bottom: 42 },
    xAxis: {
      ...axis(data.percentileTicks),
      splitLine: { show: false },
      min: 1,
      max: data.oneInEnd,
      name: 'share of requests that were faster',
      nameLocation: 'middle',
      nameGap: 24,
      nameTextStyle: { color: 'var(--muted)', fontSize: FONT_SIZE },
    },
    yAxis: {
      ...axis(latencyTicks),
      min: data.latencyTicks[0]?.[0] ?? 1,
      max: data.latencyTicks.at(-1)?.[0] ?? 1,
    },
    series: data.arms.map((arm, index) => ({
      type: 'line' as const,
      data: arm.merged.map(([oneIn, latencyNs]) => [oneIn, latencyNs]),
      showSymbol: false,
      silent: true,
      lineStyle: {
        width: 2.5,
        color: index === 0 ? 'var(--first)' : 'var(--second)',
        // Told apart without colours, too.
        type: index === 0 ? ('solid' as const) : [7, 3],
      },
    })),
  }
}

function axis(ticks: ChartData['latencyTicks']) {
  const texts = new Map(ticks)
  const values = ticks.map(([value]) => value)
  const line = { show: true, lineStyle: { color: 'var(--rule)' } }
  return {
    type: 'log' as const,
    axisLine: line,
    axisTick: { ...line, customValues: values },
    axisLabel: {
      customValues: values,
      color: 'var(--muted)',
      fontSize: FONT_SIZE,
      hideOverlap: true,
      formatter: (value: number) => texts.get(Number(value.toPrecision(6))) ?? '',
    },
    splitLine: line,
  }
}

/** First and last stay: they bound the axis. */
function thinned(ticks: ChartData['latencyTicks']): ChartData['latencyTicks'] {
  const step = Math.ceil((ticks.length - 1) / (MOST_LATENCY_TICKS - 1))
  return ticks.filter((_, index) => index % step === 0 || index === ticks.length - 1)
}

/**
 * The drawing without what the page's policy forbids (styles inside it) and what nobody needs there; texts stay escaped as
 * the library left them. Ids are numbered over the whole process: they become this picture's own.
 */
function adapted(svg: string, id: string): string {
  return svg
    .replaceAll(/<style\b[\s\S]*?<\/style>/g, '')
    .replaceAll(/ style="font-size:([\d.]+)px;font-family:[^"]*"/g, ' font-size="$1"')
    .replaceAll(/ (?:class|pointer-events|baseProfile|xmlns:xlink)="[^"]*"/g, '')
    .replaceAll(/zr\d+-c(\d+)/g, `${id}-$1`)
    .replace(/<svg width="\d+" height="\d+"/, '<svg aria-hidden="true"')
    .replaceAll('\n', '')
}
