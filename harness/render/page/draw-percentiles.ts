import type { ChartData } from './chart-data.ts'
import type { ChartKit, Drawing } from './draw-kit.ts'

/** Runs in the reader's browser, as its own source text: percentile curves of both arms over bands of their pairs. */
export function drawPercentiles(kit: ChartKit, data: ChartData): Drawing {
  const { color, armColor } = kit
  const axis = (ticks: ChartData['latencyTicks']) => {
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
      axisPointer: { label: { show: false }, snap: true },
    }
  }
  const lowest = data.latencyTicks[0]?.[0] ?? 1
  const highest = data.latencyTicks.at(-1)?.[0] ?? 10
  const across = (oneIn: number): number => Math.log(oneIn) / Math.log(data.oneInEnd)
  const up = (ns: number): number =>
    Math.log(Math.max(ns, lowest) / lowest) / Math.log(highest / lowest)

  return {
    option: {
      grid: { left: kit.isNarrow ? 58 : 70, right: 18, top: 14, bottom: 48 },
      tooltip: kit.tooltip('axis', (arm, index) => {
        const [oneIn, , percentile] = data.arms[arm]?.merged[index] ?? [0, 0, '']
        return kit.tooltipBox(
          `${percentile} of requests within`,
          data.arms.map(({ label, merged, band }, other) => {
            const latency = merged.find(([place]) => place === oneIn)?.[3] ?? '–'
            const pairs = band.find(([place]) => place === oneIn)?.[3]
            return {
              text: `${label}: ${latency}${pairs === undefined ? '' : ` (pairs ${pairs})`}`,
              arm: other === 0 ? (0 as const) : (1 as const),
            }
          }),
        )
      }),
      xAxis: {
        ...axis(data.percentileTicks),
        min: 1,
        max: data.oneInEnd,
        ...kit.axisName('share of requests that were faster'),
      },
      yAxis: { ...axis(data.latencyTicks), min: lowest, max: highest },
      series: data.arms.map(({ label, merged }, arm) => ({
        type: 'line' as const,
        name: label,
        data: merged.map(([oneIn, ns]) => [oneIn, Math.max(ns, lowest)]),
        showSymbol: false,
        symbol: arm === 0 ? 'circle' : 'diamond',
        z: 3,
        lineStyle: { width: 3, color: armColor(arm), type: kit.dashes(arm) },
        itemStyle: { color: armColor(arm) },
      })),
    },
    stops: (data.arms[0]?.merged ?? []).map((_, dataIndex) => ({ seriesIndex: 0, dataIndex })),
    areas: data.arms.flatMap(({ band }, arm) =>
      band.length < 2
        ? []
        : [
            {
              points: [
                ...band.map(([oneIn, , ns]) => [across(oneIn), up(ns)] as const),
                ...band.toReversed().map(([oneIn, ns]) => [across(oneIn), up(ns)] as const),
              ],
              color: armColor(arm),
              opacity: 0.2,
            },
          ],
    ),
  }
}
