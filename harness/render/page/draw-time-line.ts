import type { ChartKit, Drawing } from './draw-kit.ts'
import type { TimeLineData } from './time-line-data.ts'

/**
 * Runs in the reader's browser, as its own source text: throughput above p99, window by window, both arms in the order in
 * which their trials ran, with the machine's hiccups and the longest gaps.
 */
export function drawTimeLine(kit: ChartKit, data: TimeLineData): Drawing {
  const { color, armColor } = kit
  const left = kit.isNarrow ? 62 : 76

  // Per arm one curve, broken between trials; both panels have the same points.
  const curves = [0, 1].map((arm) =>
    data.trials
      .filter((trial) => trial.arm === arm)
      .flatMap(({ pair, windows }) => [
        ...windows.map((window) => ({ pair, window })),
        { pair, window: null },
      ]),
  )
  const panel = (top: number, height: number) => ({ left, right: 18, top, height })
  const tooltipAt = (series: number, index: number): HTMLElement => {
    if (series === 4) return kit.tooltipBox(data.hiccups[index]?.[2] ?? '', [])
    const arm = series % 2 === 0 ? 0 : 1
    const { pair, window } = curves[arm]?.[index] ?? {}
    const [, , , when = '', throughput = '', latency = ''] = window ?? []
    return kit.tooltipBox(`pair ${pair}, window from ${when}`, [
      { text: `${data.labels[arm]}: ${throughput}`, arm },
      { text: `p99 ${latency}`, arm },
      ...data.gaps
        .filter(([from, to]) => window && from <= window[0] && window[0] <= to)
        .map(([, , , text]) => ({ text, arm: null })),
    ])
  }
  const curve = (arm: number, gridIndex: number) => ({
    type: 'line' as const,
    name: data.labels[arm] ?? '',
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    z: 3,
    symbol: arm === 0 ? 'circle' : 'diamond',
    symbolSize: 4,
    showSymbol: (curves[arm]?.length ?? 0) < 150,
    lineStyle: { width: 1.5, color: armColor(arm), type: 'solid' as const },
    itemStyle: { color: armColor(arm), opacity: 1 },
    data: (curves[arm] ?? []).map(({ window }) =>
      window === null ? [null, null] : [window[0], window[gridIndex === 0 ? 1 : 2]],
    ),
  })
  const axisName = (name: string) => ({
    name,
    nameLocation: 'end' as const,
    nameGap: 12,
    nameTextStyle: { color: color('--text'), align: 'left' as const, padding: [0, 0, 0, 8 - left] },
  })

  return {
    height: 416,
    option: {
      grid: [panel(30, 120), panel(194, 190)],
      tooltip: kit.tooltip('axis', tooltipAt),
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      xAxis: [
        { ...kit.axis(data.pairTicks, true), axisLabel: { show: false } },
        { ...kit.axis(data.pairTicks, true), gridIndex: 1 },
      ],
      yAxis: [
        { ...kit.axis(data.throughputTicks, false), ...axisName('throughput') },
        {
          ...kit.axis(data.latencyTicks, false),
          gridIndex: 1,
          ...axisName('p99 latency'),
        },
      ],
      series: [
        curve(0, 0),
        curve(1, 0),
        curve(0, 1),
        curve(1, 1),
        {
          type: 'scatter',
          xAxisIndex: 1,
          yAxisIndex: 1,
          symbol: 'triangle',
          symbolSize: 9,
          z: 4,
          tooltip: { trigger: 'item' },
          itemStyle: { color: color('--text'), opacity: 1 },
          data: data.hiccups.map(([x, y]) => [x, y]),
        },
        {
          type: 'line',
          xAxisIndex: 1,
          yAxisIndex: 1,
          silent: true,
          showSymbol: false,
          tooltip: { show: false },
          z: 2,
          lineStyle: { width: 2, color: color('--text'), type: 'dotted', opacity: 0.8 },
          data: data.gaps.flatMap(([from, to, y]) => [
            [from, y],
            [to, y],
            [null, null],
          ]),
        },
        kit.rules(data.throughputTicks, true),
        kit.rules(data.latencyTicks, true, 1),
      ],
    },
    stops: curves
      .flatMap((points, arm) =>
        points.flatMap(({ window }, dataIndex) =>
          window === null ? [] : [{ seriesIndex: arm, dataIndex, x: window[0] }],
        ),
      )
      .toSorted((a, b) => a.x - b.x)
      .map(({ seriesIndex, dataIndex }) => ({ seriesIndex, dataIndex })),
  }
}
