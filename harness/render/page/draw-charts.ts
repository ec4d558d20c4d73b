import type * as Echarts from 'echarts'
import type { ChartData, NamedPoint } from './chart-data.ts'

/**
 * Runs in the reader's browser: draws every chart and follows the window's width and the reader's colour scheme.
 * It travels as its own source text, so it must use nothing from outside its body but `document` and `window`.
 */
export function drawCharts(echarts: typeof Echarts): void {
  const source = document.querySelector('#chart-data')
  const charts = JSON.parse(source?.textContent ?? '[]') as readonly ChartData[]
  const isNarrow = (): boolean => window.innerWidth < 600

  const color = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  const armColor = (arm: number): string => color(arm === 0 ? '--first' : '--second')

  const axis = (ticks: readonly (readonly [number, string])[]) => {
    const texts = new Map(ticks)
    const values = ticks.map(([value]) => value)
    return {
      type: 'log' as const,
      axisLine: { show: true, lineStyle: { color: color('--muted') } },
      axisTick: { show: true, customValues: values, lineStyle: { color: color('--muted') } },
      axisLabel: {
        customValues: values,
        color: color('--muted'),
        fontSize: 12,
        hideOverlap: true,
        formatter: (value: number) => texts.get(Number(value.toPrecision(6))) ?? '',
      },
      splitLine: { show: true, lineStyle: { color: color('--rule') } },
      axisPointer: { label: { show: false } },
    }
  }

  const tooltip = (hovered: unknown): HTMLElement => {
    const list = document.createElement('div')
    list.className = 'hover'
    const entries = (Array.isArray(hovered) ? hovered : [hovered]) as readonly {
      readonly seriesName: string
      readonly seriesIndex: number
      readonly data: NamedPoint
    }[]
    const title = document.createElement('strong')
    title.textContent = `${entries[0]?.data[2] ?? ''} of requests within`
    list.append(title)
    for (const entry of entries) {
      const line = document.createElement('span')
      line.className = entry.seriesIndex === 0 ? 'first' : 'second'
      // Text, never markup: labels come from the report.
      line.textContent = `${entry.seriesName}: ${entry.data[3]}`
      list.append(line)
    }
    return list
  }

  const optionOf = (data: ChartData): Echarts.EChartsOption => ({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: isNarrow() ? 58 : 70, right: 18, top: 14, bottom: 48 },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: color('--surface'),
      borderColor: color('--rule'),
      textStyle: { color: color('--text') },
      formatter: tooltip,
    },
    xAxis: {
      ...axis(data.percentileTicks),
      min: 1,
      max: data.oneInEnd,
      name: 'share of requests that were faster',
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: color('--muted') },
    },
    yAxis: {
      ...axis(data.latencyTicks),
      min: data.latencyTicks[0]?.[0] ?? 1,
      max: data.latencyTicks.at(-1)?.[0] ?? 1,
    },
    series: [
      ...data.arms.map((arm, index) => ({
        type: 'line' as const,
        name: arm.label,
        data: arm.merged.map((point) => [...point]),
        showSymbol: false,
        symbol: index === 0 ? 'circle' : 'diamond',
        z: 3,
        lineStyle: {
          width: 3,
          color: armColor(index),
          type: index === 0 ? ('solid' as const) : ([9, 3] as number[]),
        },
        itemStyle: { color: armColor(index) },
      })),
      ...data.arms.flatMap((arm, index) =>
        arm.perPair.map((curve) => ({
          type: 'line' as const,
          data: curve.map((point) => [...point]),
          showSymbol: false,
          silent: true,
          tooltip: { show: false },
          lineStyle: { width: 1, opacity: 0.4, color: armColor(index) },
        })),
      ),
    ],
  })

  const drawn = charts.flatMap((data) => {
    const element = document.getElementById(data.elementId)
    return element === null ? [] : [{ data, chart: echarts.init(element) }]
  })
  const redraw = (): void => {
    for (const { data, chart } of drawn) {
      chart.resize()
      chart.setOption(optionOf(data), true)
    }
  }
  redraw()
  window.addEventListener('resize', redraw)
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
}
