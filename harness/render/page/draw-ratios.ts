import type { ChartKit, Drawing } from './draw-kit.ts'
import type { RatioData } from './ratio-data.ts'

/**
 * Runs in the reader's browser, as its own source text: a row per load with its ratio, interval, the zone in which nobody
 * wins, and a dot per pair.
 */
export function drawRatios(kit: ChartKit, data: RatioData): Drawing {
  const { color, armColor } = kit
  const { rows } = data
  const hasDots = rows.some(({ dots }) => dots.length > 0)
  const rowHeight = hasDots ? 88 : 50
  const middle = (row: number): number => Number((1 - (row + 0.5) / rows.length).toFixed(5))
  // Pairs lie below the estimate, from the first one down to the last one, so that none hides another.
  const dotHeight = (row: number, dot: number, count: number): number =>
    middle(row) - (0.12 + (0.3 * dot) / Math.max(1, count - 1)) / rows.length
  const estimateHeight = (row: number): number => middle(row) + (hasDots ? 0.2 / rows.length : 0)

  const estimates = rows.flatMap(({ span, winner }, row) =>
    span === null ? [] : [{ row, span, winner }],
  )
  const dots = rows.flatMap((row, at) =>
    row.dots.map((dot, index) => ({ row: at, ...dot, y: dotHeight(at, index, row.dots.length) })),
  )
  return {
    height: rows.length * rowHeight + 40,
    option: {
      grid: { left: kit.isNarrow ? 84 : 150, right: 18, top: 6, bottom: 30 },
      tooltip: kit.tooltip('item', (series, index) => {
        const row = series === 0 ? estimates[index]?.row : dots[index]?.row
        const { label = '', text = '', winner = null } = rows[row ?? -1] ?? {}
        return series === 0
          ? kit.tooltipBox(label, [{ text, arm: winner }])
          : kit.tooltipBox(label, [{ text: dots[index]?.text ?? '', arm: null }])
      }),
      xAxis: kit.axis(data.ticks, true),
      yAxis: {
        ...kit.axis(
          rows.map(({ label }, row) => [middle(row), label] as const),
          false,
        ),
        axisLabel: {
          customValues: rows.map((_, row) => middle(row)),
          color: color('--text'),
          fontSize: kit.isNarrow ? 12 : 13,
          lineHeight: 15,
          width: kit.isNarrow ? 78 : 140,
          overflow: 'break',
          formatter: (place: number) =>
            rows.find((_, row) => middle(row) === Number(place.toFixed(5)))?.label ?? '',
        },
        axisTick: { show: false },
      },
      series: [
        {
          type: 'scatter',
          symbolSize: 15,
          z: 5,
          data: estimates.map(({ row, span, winner }) => ({
            value: [span[0], estimateHeight(row)],
            symbol: winner === 1 ? 'diamond' : 'circle',
            itemStyle: {
              color: winner === null ? color('--surface') : armColor(winner),
              borderColor: winner === null ? color('--text') : armColor(winner),
              borderWidth: 2,
              opacity: 1,
            },
          })),
        },
        {
          type: 'scatter',
          symbolSize: 8,
          z: 4,
          data: dots.map(({ place, y, isDoubtful }) => ({
            value: [place, y],
            itemStyle: {
              color: isDoubtful ? color('--surface') : color('--muted'),
              borderColor: color('--muted'),
              borderWidth: 1.5,
              opacity: 1,
            },
          })),
        },
        kit.rules(data.ticks, false),
        kit.rules(
          rows.slice(1).map((_, row) => [1 - (row + 1) / rows.length, ''] as const),
          true,
        ),
        {
          type: 'line',
          silent: true,
          showSymbol: false,
          tooltip: { show: false },
          z: 2,
          lineStyle: { width: 1.5, color: color('--text'), type: 'solid' },
          data: [
            [data.equal, 0],
            [data.equal, 1],
          ],
        },
        ...estimates.map(({ row, span: [, from, to], winner }) => ({
          type: 'line' as const,
          silent: true,
          showSymbol: false,
          tooltip: { show: false },
          z: 3,
          lineStyle: {
            width: 3,
            color: winner === null ? color('--text') : armColor(winner),
            type: 'solid' as const,
          },
          data: [
            [from, estimateHeight(row)],
            [to, estimateHeight(row)],
          ],
        })),
      ],
    },
    stops: [
      ...estimates.map((_, dataIndex) => ({ seriesIndex: 0, dataIndex })),
      ...dots.map((_, dataIndex) => ({ seriesIndex: 1, dataIndex })),
    ],
    areas: rows.map(({ zone: [from, to] }, row) => {
      const [bottom, top] = [middle(row) - 0.5 / rows.length, middle(row) + 0.5 / rows.length]
      return {
        points: [
          [from, bottom],
          [to, bottom],
          [to, top],
          [from, top],
        ],
        color: color('--muted'),
        opacity: 0.22,
      }
    }),
  }
}
