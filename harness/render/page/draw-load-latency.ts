import type { ChartKit, Drawing } from './draw-kit.ts'
import type { LoadLatencyData } from './load-latency-data.ts'

/** Runs in the reader's browser, as its own source text: p50 and p99 of both arms against load, over bands of their pairs. */
export function drawLoadLatency(kit: ChartKit, data: LoadLatencyData): Drawing {
  const { armColor } = kit
  return {
    option: {
      grid: { left: kit.isNarrow ? 58 : 70, right: 18, top: 14, bottom: 48 },
      tooltip: kit.tooltip('axis', (_, index) =>
        kit.tooltipBox(
          data.titles[index] ?? '',
          data.curves.map(({ label, arm, points }) => ({
            text: `${label}: ${points[index]?.text ?? '–'}`,
            arm,
          })),
        ),
      ),
      xAxis: { ...kit.axis(data.loadTicks, true), ...kit.axisName('offered load') },
      yAxis: kit.axis(data.latencyTicks, false),
      series: [
        ...data.curves.map(({ label, arm, isThick, points }) => ({
          type: 'line' as const,
          name: label,
          symbol: arm === 1 ? 'diamond' : 'circle',
          symbolSize: isThick ? 9 : 6,
          z: 3,
          lineStyle: { width: isThick ? 3 : 1.5, color: armColor(arm), type: kit.dashes(arm) },
          itemStyle: { color: armColor(arm), opacity: 1 },
          data: points.map(({ x, y }) => [x, y]),
        })),
        kit.rules(data.latencyTicks, true),
      ],
    },
    stops: data.titles.map((_, dataIndex) => ({ seriesIndex: 0, dataIndex })),
    areas: data.curves.map(({ arm, points }) => ({
      points: [
        ...points.map(({ x, high }) => [x, high] as const),
        ...points.toReversed().map(({ x, low }) => [x, low] as const),
      ],
      color: armColor(arm),
      opacity: 0.14,
    })),
  }
}
