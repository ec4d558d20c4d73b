import type { ChartKit, Drawing } from './draw-kit.ts'
import type { MakeUpData } from './make-up-data.ts'

/** Runs in the reader's browser, as its own source text: a bar per arm and percentile, cut into the parts of the latency. */
export function drawMakeUp(kit: ChartKit, data: MakeUpData): Drawing {
  const { color } = kit
  const { bars, parts } = data
  const left = kit.isNarrow ? 116 : 170
  const plotWidth = Math.min(window.innerWidth, 960) - left - (kit.isNarrow ? 60 : 90)

  /** Black or white, whichever is read better on the colour (relative luminance of WCAG 2). */
  const inkOn = (background: string): string => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const channel = parseInt(background.slice(at, at + 2), 16) / 255
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#000000' : '#ffffff'
  }

  return {
    height: bars.length * 46 + 34,
    option: {
      grid: { left, right: 22, top: 4, bottom: 28 },
      tooltip: kit.tooltip('item', (part, bar) => {
        const { band = '', label = '', latency = '', arm = null } = bars[bar] ?? {}
        return kit.tooltipBox(`${band} of ${label}: ${latency}`, [
          { text: `${parts[part]?.label}: ${parts[part]?.shares[bar]?.[1]}`, arm },
        ])
      }),
      xAxis: kit.axis(
        [
          [0, '0%'],
          [0.25, '25%'],
          [0.5, '50%'],
          [0.75, '75%'],
          [1, '100%'],
        ],
        true,
      ),
      yAxis: {
        type: 'category',
        inverse: true,
        data: bars.map(({ band, label, latency }) => `${band} ${latency}\n${label}`),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: color('--muted') } },
        axisLabel: {
          color: color('--text'),
          fontSize: 12,
          lineHeight: 16,
          interval: 0,
          width: left - 12,
          overflow: 'truncate',
        },
      },
      series: parts.map((part) => ({
        type: 'bar' as const,
        name: part.label,
        stack: 'latency',
        barWidth: '72%',
        emphasis: { disabled: true },
        itemStyle: {
          color: color(part.color),
          // Tells neighbours apart without colour.
          borderColor: color('--surface'),
          borderWidth: 1,
        },
        data: part.shares.map(([share]) => ({
          value: share,
          label: {
            // Of the font's size a letter takes about 0.6.
            show: share * plotWidth > part.label.length * 7.2 + 8,
            formatter: () => part.label,
            color: inkOn(color(part.color)),
            fontSize: 12,
          },
        })),
      })),
    },
    stops: bars.flatMap((_, dataIndex) =>
      parts.flatMap(({ shares }, seriesIndex) =>
        (shares[dataIndex]?.[0] ?? 0) > 0 ? [{ seriesIndex, dataIndex }] : [],
      ),
    ),
  }
}
