import type * as Echarts from 'echarts'
import type { WaterfallData } from './waterfall.ts'

/**
 * Runs in the reader's browser: draws every waterfall and follows the window's width and the reader's colour scheme.
 * It travels as its own source text, so it must use nothing from outside its body but `document` and `window`.
 */
export function drawWaterfalls(echarts: typeof Echarts): void {
  const source = document.querySelector('#chart-data')
  const charts = JSON.parse(source?.textContent ?? '[]') as readonly WaterfallData[]
  const isNarrow = (): boolean => window.innerWidth < 600

  const color = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim()

  const tooltip = (row: WaterfallData['rows'][number] | undefined): HTMLElement => {
    const list = document.createElement('div')
    list.className = 'hover'
    for (const text of [row?.name ?? '', row?.text ?? '']) {
      const line = document.createElement('span')
      // Text, never markup: names come from the result.
      line.textContent = text
      list.append(line)
    }
    return list
  }

  const optionOf = ({ rows, ticks }: WaterfallData): Echarts.EChartsOption => {
    const texts = new Map(ticks)
    const places = ticks.map(([place]) => place)
    const names = rows.map((row) => (isNarrow() ? row.short : row.name))
    return {
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif' },
      grid: { left: isNarrow() ? 52 : 290, right: 28, top: 8, bottom: 32 },
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: 'none' },
        confine: true,
        backgroundColor: color('--surface'),
        borderColor: color('--rule'),
        textStyle: { color: color('--text') },
        formatter: (hovered: unknown): HTMLElement => {
          const [entry] = hovered as readonly { readonly dataIndex: number }[]
          return tooltip(rows[entry?.dataIndex ?? -1])
        },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: names,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: color('--muted') } },
        axisLabel: {
          color: color('--text'),
          fontSize: 12,
          interval: 0,
          width: isNarrow() ? 46 : 276,
          // The table holds long names.
          overflow: 'truncate',
        },
      },
      xAxis: {
        type: 'value',
        min: 0,
        max: 1,
        axisTick: { show: true, customValues: places, lineStyle: { color: color('--muted') } },
        axisLabel: {
          customValues: places,
          color: color('--muted'),
          fontSize: 12,
          hideOverlap: true,
          formatter: (value: number) => texts.get(Number(value.toFixed(5))) ?? '',
        },
        splitLine: { show: false },
      },
      series: [
        {
          type: 'bar',
          stack: 'bar',
          silent: true,
          itemStyle: { color: 'transparent' },
          data: rows.map(({ span }) => (span === null ? 0 : Math.min(span[0], span[1]))),
        },
        {
          type: 'bar',
          stack: 'bar',
          barMaxWidth: 18,
          // A change too small to see is still a mark.
          barMinHeight: 2,
          data: rows.map(({ span, isDecided }) =>
            span === null
              ? '-'
              : {
                  value: Math.abs(span[1] - span[0]),
                  itemStyle: {
                    color: color(isDecided ? '--first' : '--muted'),
                    opacity: isDecided ? 1 : 0.55,
                  },
                },
          ),
        },
        {
          type: 'line',
          silent: true,
          symbol: 'rect',
          symbolSize: [2, 10],
          lineStyle: { width: 1.5, color: color('--text') },
          itemStyle: { color: color('--text') },
          tooltip: { show: false },
          // A gap behind each whisker keeps it apart from the next.
          data: rows.flatMap(({ span }, index) =>
            span === null
              ? []
              : [
                  [span[2], index],
                  [span[3], index],
                  ['-', index],
                ],
          ),
        },
        {
          type: 'scatter',
          silent: true,
          symbol: 'diamond',
          symbolSize: 12,
          itemStyle: { color: color('--second') },
          tooltip: { show: false },
          data: rows.flatMap(({ place }, index) => (place === null ? [] : [[place, index]])),
        },
      ],
    }
  }

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
