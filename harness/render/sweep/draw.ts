import type * as Echarts from 'echarts'
import type { SweepChartData } from './chart.ts'

/**
 * Runs in the reader's browser: draws every chart of a sweep and follows the window's width and the reader's colour scheme.
 * It travels as its own source text, so it must use nothing from outside its body but `document` and `window`.
 */
export function drawSweep(echarts: typeof Echarts): void {
  const source = document.querySelector('#chart-data')
  const charts = JSON.parse(source?.textContent ?? '[]') as readonly SweepChartData[]
  const isNarrow = (): boolean => window.innerWidth < 600

  const color = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  const armColor = (arm: number | null): string => {
    if (arm === 0) return color('--first')
    return color(arm === 1 ? '--second' : '--muted')
  }
  const dashes = (arm: number | null): 'solid' | number[] => (arm === 1 ? [9, 3] : 'solid')

  const tooltip = (data: SweepChartData, place: number): HTMLElement => {
    const list = document.createElement('div')
    list.className = 'hover'
    const title = document.createElement('strong')
    const [, value = ''] = data.valueTicks.find(([tick]) => tick === place) ?? []
    title.textContent = `${data.name} ${value}`
    list.append(title)
    for (const { label, arm, points } of data.curves) {
      const line = document.createElement('span')
      if (arm !== null) line.className = arm === 0 ? 'first' : 'second'
      // Text, never markup: labels come from the result.
      line.textContent = `${label}: ${points.find(({ x }) => x === place)?.text ?? '–'}`
      list.append(line)
    }
    return list
  }

  const axis = (ticks: readonly (readonly [number, string])[], isHorizontal: boolean) => {
    const texts = new Map(ticks)
    const places = ticks.map(([place]) => place)
    return {
      type: 'value' as const,
      min: 0,
      max: 1,
      axisLine: { show: true, lineStyle: { color: color('--muted') } },
      axisTick: { show: true, customValues: places, lineStyle: { color: color('--muted') } },
      axisLabel: {
        customValues: places,
        color: color('--muted'),
        fontSize: 12,
        hideOverlap: true,
        formatter: (place: number) => texts.get(Number(place.toFixed(5))) ?? '',
      },
      // The lines of its own ticks would lie elsewhere than the labels.
      splitLine: { show: false },
      ...(isHorizontal ? {} : { splitNumber: 1 }),
      axisPointer: { label: { show: false }, snap: true },
    }
  }

  const optionOf = (data: SweepChartData): Echarts.EChartsOption => ({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: isNarrow() ? 58 : 70, right: 18, top: 14, bottom: 48 },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: color('--surface'),
      borderColor: color('--rule'),
      textStyle: { color: color('--text') },
      formatter: (hovered: unknown): HTMLElement => {
        const [entry] = hovered as readonly { readonly value: readonly number[] }[]
        return tooltip(data, entry?.value[0] ?? -1)
      },
    },
    xAxis: {
      ...axis(data.valueTicks, true),
      name: data.name,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: color('--muted') },
    },
    yAxis: axis(data.figureTicks, false),
    series: [
      ...data.curves.map(({ label, arm, points }) => ({
        type: 'line' as const,
        name: label,
        symbol: arm === 1 ? 'diamond' : 'circle',
        symbolSize: arm === null ? 9 : 7,
        z: 3,
        lineStyle: { width: 3, color: armColor(arm), type: dashes(arm) },
        itemStyle: { color: armColor(arm), opacity: 1 },
        data: points.map(({ x, y, better, isHollow }) => ({
          value: [x, y],
          ...(isHollow ? { symbol: 'emptyCircle' } : {}),
          itemStyle: { color: armColor(arm ?? better) },
        })),
      })),
      // Rules at the labels, and the line at 1.
      ...data.figureTicks.map(([place]) => ({
        type: 'line' as const,
        silent: true,
        showSymbol: false,
        tooltip: { show: false },
        z: 1,
        lineStyle: { width: 1, color: color('--rule') },
        data: [
          [0, place],
          [1, place],
        ],
      })),
      ...(data.line === null
        ? []
        : [
            {
              type: 'line' as const,
              silent: true,
              showSymbol: false,
              tooltip: { show: false },
              z: 2,
              lineStyle: { width: 1.5, color: color('--text') },
              data: [
                [0, data.line],
                [1, data.line],
              ],
            },
          ]),
    ],
  })

  /** Bands lie between curves of a logarithmic axis, which no stacked area can be: their outlines are drawn in pixels. */
  const bandsOf = (data: SweepChartData, chart: Echarts.ECharts) =>
    data.curves.flatMap(({ arm, bands }) =>
      bands.map((band) => ({
        type: 'polygon' as const,
        silent: true,
        z: 2,
        shape: {
          points: band.map((place) => chart.convertToPixel('grid', [...place]) as number[]),
        },
        style: { fill: armColor(arm), opacity: 0.2 },
      })),
    )

  const drawn = charts.flatMap((data) => {
    const element = document.getElementById(data.elementId)
    return element === null ? [] : [{ data, chart: echarts.init(element) }]
  })
  const redraw = (): void => {
    for (const { data, chart } of drawn) {
      chart.resize()
      chart.setOption(optionOf(data), true)
      chart.setOption({ graphic: { elements: bandsOf(data, chart) } })
    }
  }
  redraw()
  window.addEventListener('resize', redraw)
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
}
