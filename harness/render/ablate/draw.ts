import type { ChartKit, Drawing } from '../page/draw-kit.ts'
import type { WaterfallData } from './waterfall.ts'

/** Runs in the reader's browser, as its own source text: it must use nothing from outside its body but its arguments. */
export function drawWaterfall(kit: ChartKit, { rows, ticks }: WaterfallData): Drawing {
  const BARS = 1
  return {
    option: {
      grid: { left: kit.isNarrow ? 52 : 290, right: 28, top: 8, bottom: 32 },
      tooltip: kit.tooltip('axis', (_, row) =>
        kit.tooltipBox(rows[row]?.name ?? '', [{ text: rows[row]?.text ?? '', arm: null }]),
      ),
      yAxis: {
        // The table holds long names.
        ...kit.rowAxis(
          rows.map((row) => (kit.isNarrow ? row.short : row.name)),
          kit.isNarrow ? 46 : 276,
        ),
        axisPointer: { type: 'none' },
      },
      xAxis: kit.axis(ticks, true),
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
                    color: kit.color(isDecided ? '--first' : '--muted'),
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
          lineStyle: { width: 1.5, color: kit.color('--text') },
          itemStyle: { color: kit.color('--text') },
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
          itemStyle: { color: kit.color('--second') },
          tooltip: { show: false },
          data: rows.flatMap(({ place }, index) => (place === null ? [] : [[place, index]])),
        },
      ],
    },
    stops: rows.flatMap(({ span }, dataIndex) =>
      span === null ? [] : [{ seriesIndex: BARS, dataIndex }],
    ),
  }
}
