import type * as Echarts from 'echarts'
import type { CrossingData } from './crossing-data.ts'

/**
 * Runs in the reader's browser: draws the ratio over the parameter and follows the window's width and the reader's colour
 * scheme. It travels as its own source text, so it must use nothing from outside its body but `document` and `window`.
 */
export function drawCrossing(echarts: typeof Echarts): void {
  const source = document.querySelector('#chart-data')
  const charts = JSON.parse(source?.textContent ?? '[]') as readonly CrossingData[]
  const isNarrow = (): boolean => window.innerWidth < 600

  const color = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  const armColor = (arm: number): string => color(arm === 0 ? '--first' : '--second')

  const axis = (ticks: readonly (readonly [number, string])[]) => {
    const texts = new Map(ticks)
    const places = ticks.map(([place]) => place)
    return {
      type: 'value' as const,
      min: 0,
      max: 1,
      axisLine: { show: true, onZero: false, lineStyle: { color: color('--muted') } },
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
    }
  }

  /** A straight line that tells nothing when it is hovered. */
  const rule = (
    from: readonly [number, number],
    to: readonly [number, number],
    lineStyle: NonNullable<Echarts.LineSeriesOption['lineStyle']>,
    z: number,
  ): Echarts.LineSeriesOption => ({
    type: 'line',
    silent: true,
    showSymbol: false,
    tooltip: { show: false },
    z,
    lineStyle,
    data: [[...from], [...to]],
  })

  const optionOf = (data: CrossingData): Echarts.EChartsOption => ({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: isNarrow() ? 58 : 70, right: 18, top: 14, bottom: 48 },
    tooltip: {
      trigger: 'item',
      confine: true,
      backgroundColor: color('--surface'),
      borderColor: color('--rule'),
      textStyle: { color: color('--text') },
      formatter: (hovered: unknown): HTMLElement => {
        const { value } = hovered as { readonly value: readonly [number, number, string] }
        const line = document.createElement('div')
        line.className = 'hover'
        // Text, never markup: names come from the result.
        line.textContent = value[2]
        return line
      },
    },
    xAxis: {
      ...axis(data.valueTicks),
      name: data.name,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: color('--muted') },
    },
    yAxis: axis(data.ratioTicks),
    series: [
      {
        type: 'scatter',
        z: 3,
        data: data.dots.map(({ x, y, text, arm, isBound, isLeftOut }) => ({
          value: [x, y, text],
          symbol: isBound ? 'triangle' : arm === 0 ? 'circle' : 'diamond',
          symbolSize: arm === 0 ? 7 : 9,
          itemStyle: { color: isLeftOut ? color('--muted') : armColor(arm), opacity: 0.65 },
        })),
      },
      {
        type: 'line',
        z: 4,
        symbol: 'rect',
        symbolSize: 7,
        lineStyle: { width: 2.5, color: color('--text') },
        itemStyle: { color: color('--text') },
        data: data.fit.map(({ x, y, text }) => [x, y, text]),
      },
      rule([0, data.line], [1, data.line], { width: 1.5, color: color('--muted') }, 2),
      ...data.ratioTicks.map(([place]) =>
        rule([0, place], [1, place], { width: 1, color: color('--rule') }, 1),
      ),
      ...(data.band === null
        ? []
        : [
            {
              ...rule([data.band[0], 1], [data.band[1], 1], { width: 0 }, 1),
              areaStyle: { color: color('--muted'), opacity: 0.25, origin: 'start' as const },
            },
          ]),
      ...(data.crossing === null
        ? []
        : [
            rule(
              [data.crossing, 0],
              [data.crossing, 1],
              { width: 1.5, type: [5, 4], color: color('--text') },
              2,
            ),
          ]),
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
