import type * as Echarts from 'echarts'

/** A place on the grid, 0 … 1 each way; null where a line is broken. */
type Place = readonly [x: number | null, y: number | null]

/** Straight lines of one look that tell nothing when they are hovered. */
interface SilentLine {
  readonly segments: readonly (readonly [fromX: number, fromY: number, toX: number, toY: number])[]
  readonly color: string
  readonly width: number
  readonly z: number
  /** @default 'solid' */
  readonly type?: 'solid' | 'dotted' | readonly number[]
  readonly opacity?: number
  /** @default the only one */
  readonly gridIndex?: number
}

/** An outline in shares of the grid's axes, filled. */
interface Area {
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly color: string
  readonly opacity: number
}

/** What a drawing function gives back. */
export interface Drawing {
  readonly option: Echarts.EChartsOption
  /** Places at which arrow keys show the tooltip, from left to right or top to bottom. */
  readonly stops: readonly { readonly seriesIndex: number; readonly dataIndex: number }[]
  /** In pixels; the style sheet's when absent. */
  readonly height?: number
  /** Behind the curves: the library has no such series for these axes. */
  readonly areas?: readonly Area[]
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
  /** Room for a chart whose vertical axis has texts and whose horizontal one has a name. */
  readonly plot: object
  /** A curve in its arm's colour, dashes and sign; muted where it is of no arm. */
  readonly curve: (
    curve: { readonly label: string; readonly arm: number | null; readonly width: number },
    data: readonly (Place | readonly [value: object] | { readonly value: readonly number[] })[],
  ) => {
    readonly type: 'line'
    readonly lineStyle: object
    readonly [option: string]: unknown
  }
  /** From the lowest to the highest ordinate. */
  readonly band: (
    points: readonly (readonly [x: number, low: number, high: number])[],
    arm: number | null,
    opacity: number,
  ) => Area
  readonly line: (line: SilentLine) => Echarts.LineSeriesOption
  /** Names of rows, from top to bottom, in so many pixels. */
  readonly rowAxis: (names: readonly string[], width: number) => object
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
  ) => { readonly axisLabel: object }
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
  const armColor = (arm: number | null): string =>
    color(arm === 0 ? '--first' : arm === 1 ? '--second' : '--muted')
  const dashes = (arm: number | null): 'solid' | number[] => (arm === 1 ? [9, 3] : 'solid')
  const line: ChartKit['line'] = ({
    segments,
    color: of,
    width,
    z,
    type,
    opacity,
    gridIndex = 0,
  }) => ({
    type: 'line',
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    silent: true,
    showSymbol: false,
    tooltip: { show: false },
    z,
    lineStyle: { width, color: of, type: (type ?? 'solid') as 'solid', opacity: opacity ?? 1 },
    // Broken after each.
    data: segments.flatMap(([fromX, fromY, toX, toY]) => [
      [fromX, fromY],
      [toX, toY],
      [null, null],
    ]) as number[][],
  })

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
    armColor,
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
    rules: (ticks, isHorizontal, gridIndex = 0) =>
      line({
        segments: ticks.map(([place]) =>
          isHorizontal ? [0, place, 1, place] : [place, 0, place, 1],
        ),
        color: color('--rule'),
        width: 1,
        z: 1,
        gridIndex,
      }),
    plot: { left: isNarrow ? 58 : 70, right: 18, top: 14, bottom: 48 },
    curve: ({ label, arm, width }, data) => ({
      type: 'line',
      name: label,
      symbol: arm === 1 ? 'diamond' : 'circle',
      z: 3,
      lineStyle: { width, color: armColor(arm), type: dashes(arm) },
      itemStyle: { color: armColor(arm), opacity: 1 },
      data,
    }),
    band: (points, arm, opacity) => ({
      points: [
        ...points.map(([x, , high]) => [x, high] as const),
        ...points.toReversed().map(([x, low]) => [x, low] as const),
      ],
      color: armColor(arm),
      opacity,
    }),
    line,
    rowAxis: (names, width) => ({
      type: 'category',
      inverse: true,
      data: names,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: color('--muted') } },
      axisLabel: {
        color: color('--text'),
        fontSize: 12,
        lineHeight: 16,
        interval: 0,
        width,
        overflow: 'truncate',
      },
    }),
    axisName: (name) => ({
      name,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: color('--muted') },
    }),
  }
}
