import type * as Echarts from 'echarts'

/** What a drawing function gives back. */
export interface Drawing {
  readonly option: Echarts.EChartsOption
  /** Places at which arrow keys show the tooltip, from left to right or top to bottom. */
  readonly stops: readonly { readonly seriesIndex: number; readonly dataIndex: number }[]
  /** In pixels; the style sheet's when absent. */
  readonly height?: number
  /** Outlines in shares of the grid's axes, filled behind the curves: the library has no such series for these axes. */
  readonly areas?: readonly {
    readonly points: readonly (readonly [x: number, y: number])[]
    readonly color: string
    readonly opacity: number
  }[]
}

/** A line of a tooltip. */
interface TooltipLine {
  readonly text: string
  readonly arm: 0 | 1 | null
}

/** What the drawing functions share in the reader's browser: colours of the style sheet, axes, tooltips. */
export interface ChartKit {
  readonly isNarrow: boolean
  readonly color: (name: string) => string
  readonly armColor: (arm: number | null) => string
  /** Dashes tell the second arm from the first one without colour. */
  readonly dashes: (arm: number) => 'solid' | number[]
  /** The title in bold above lines in the arms' colours. Text, never markup: labels come from the report. */
  readonly tooltipBox: (title: string, lines: readonly TooltipLine[]) => HTMLElement
  readonly tooltip: (
    trigger: 'axis' | 'item',
    content: (seriesIndex: number, dataIndex: number) => HTMLElement,
  ) => NonNullable<Echarts.EChartsOption['tooltip']>
  /** A linear axis from 0 to 1 with ticks of our own. */
  readonly axis: (
    ticks: readonly (readonly [place: number, text: string])[],
    isHorizontal: boolean,
  ) => object
  /** Rules across the grid at the ticks: its own split lines would lie elsewhere. */
  readonly rules: (
    ticks: readonly (readonly [place: number, text: string])[],
    isHorizontal: boolean,
    gridIndex?: number,
  ) => object
  readonly axisName: (name: string) => object
}

/**
 * Runs in the reader's browser. It travels as its own source text, so it must use nothing from outside its body but
 * `document` and `window`.
 */
export function chartKit(): ChartKit {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string): string => style.getPropertyValue(name).trim()
  const isNarrow = window.innerWidth < 600

  const tooltipBox: ChartKit['tooltipBox'] = (title, lines) => {
    const list = document.createElement('div')
    list.className = 'hover'
    const heading = document.createElement('strong')
    heading.textContent = title
    list.append(heading)
    for (const { text, arm } of lines) {
      const line = document.createElement('span')
      if (arm !== null) line.className = arm === 0 ? 'first' : 'second'
      line.textContent = text
      list.append(line)
    }
    return list
  }

  return {
    isNarrow,
    color,
    armColor: (arm) => color(arm === 0 ? '--first' : arm === 1 ? '--second' : '--muted'),
    dashes: (arm) => (arm === 1 ? [9, 3] : 'solid'),
    tooltipBox,
    tooltip: (trigger, content) => ({
      trigger,
      // Without it the library adds an arrow by a style attribute, which the page's policy forbids.
      confine: true,
      backgroundColor: color('--surface'),
      borderColor: color('--rule'),
      textStyle: { color: color('--text') },
      formatter: (hovered: unknown): HTMLElement => {
        const entries = (Array.isArray(hovered) ? hovered : [hovered]) as readonly {
          readonly seriesIndex: number
          readonly dataIndex: number
        }[]
        return content(entries[0]?.seriesIndex ?? 0, entries[0]?.dataIndex ?? 0)
      },
    }),
    axis: (ticks, isHorizontal) => {
      const texts = new Map(ticks)
      const places = ticks.map(([place]) => place)
      return {
        type: 'value',
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
        splitLine: { show: false },
        ...(isHorizontal ? {} : { splitNumber: 1 }),
        axisPointer: { label: { show: false }, snap: true },
      }
    },
    rules: (ticks, isHorizontal, gridIndex = 0) => ({
      type: 'line',
      xAxisIndex: gridIndex,
      yAxisIndex: gridIndex,
      silent: true,
      showSymbol: false,
      tooltip: { show: false },
      z: 1,
      lineStyle: { width: 1, color: color('--rule'), type: 'solid' },
      // A line that is broken after each rule.
      data: ticks.flatMap(([place]) =>
        isHorizontal
          ? [
              [0, place],
              [1, place],
              [null, null],
            ]
          : [
              [place, 0],
              [place, 1],
              [null, null],
            ],
      ),
    }),
    axisName: (name) => ({
      name,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: color('--muted') },
    }),
  }
}
