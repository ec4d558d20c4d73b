import type * as Echarts from 'echarts'
import { valueText } from '../../words/format.ts'
import { type CrossingSearch, isLeftOut } from '../../results/find.ts'
import { formatQuantity, formatRoundQuantity, RATIO } from '../../words/format.ts'
import { niceTicks } from '../page/axis.ts'
import { labelsOf } from '../sweep/sentence.ts'
import { parameterHeading } from '../sweep/table.ts'
import { intervalText, larger, medianRatioText, positionText, smaller } from './sentence.ts'

/** A place on an axis, 0 … 1, with its text. */
type Tick = readonly [place: number, text: string]

/** What the page's script draws; places are shares of the axes, every number is formatted here. */
export interface CrossingData {
  readonly elementId: string
  /** Below the horizontal axis. */
  readonly name: string
  readonly valueTicks: readonly Tick[]
  readonly ratioTicks: readonly Tick[]
  /** One per pair. */
  readonly dots: readonly {
    readonly x: number
    readonly y: number
    readonly text: string
    /** The arm that is better in this pair. */
    readonly arm: 0 | 1
    /** The ratio lies further out: one arm left requests unanswered. */
    readonly isBound: boolean
    /** Of a timer-bound value, which is left out of the fit. */
    readonly isLeftOut: boolean
  }[]
  readonly fit: readonly { readonly x: number; readonly y: number; readonly text: string }[]
  /** Where the fit passes 1; null when it does not. */
  readonly crossing: number | null
  /** The interval of the crossing, to the end of the axis where it is open; null without a crossing. */
  readonly band: readonly [from: number, to: number] | null
  /** A ratio of 1. */
  readonly line: number
}

/** Ends of the horizontal axis that stay free, as a share of it. */
const MARGIN = 0.02
const DECIMALS = 5
/** Between neighbouring dots of one value, and of all of its dots together, as shares of the axis. */
const DOT_SHIFT = 0.006
const WIDEST_DOTS = 0.03
const VALUE_TICKS = 5
/** More ticks than this would run into each other: then decades only. */
const MOST_TICKS = 9
/** A chart of ratios closer to 1 than this would show noise only. */
const NARROWEST = 1.1

/** The chart of a search for the page's script; null when there is nothing to draw. */
export function crossingData(search: CrossingSearch, elementId: string): CrossingData | null {
  const { over, values, crossing } = search
  const ratios = values.flatMap((value) => [
    // One that lies further out lies at the edge: its size would press all others together.
    ...value.pairRatios.flatMap((pair) => (pair?.bound === 'exact' ? [pair.ratio] : [])),
    ...(value.fitted === null ? [] : [value.fitted]),
  ])
  const known = ratios.filter((ratio) => ratio > 0 && Number.isFinite(ratio))
  if (known.length === 0) return null
  const ticks = niceTicks(Math.min(1 / NARROWEST, ...known), Math.max(NARROWEST, ...known))
  const [lowest, highest] = [ticks[0]!, ticks.at(-1)!]
  const across = (value: number): number =>
    rounded(MARGIN + ((1 - 2 * MARGIN) * (value - over.from)) / (over.to - over.from))
  const up = (ratio: number): number =>
    rounded(
      Math.log(Math.min(highest, Math.max(lowest, ratio)) / lowest) / Math.log(highest / lowest),
    )
  const isCrossing = crossing !== null && crossing.position !== null
  return {
    elementId,
    name: parameterHeading(search),
    valueTicks: Array.from({ length: VALUE_TICKS }, (_, step) => {
      const value = over.from + ((over.to - over.from) * step) / (VALUE_TICKS - 1)
      const shown = over.integer ? Math.round(value) : value
      return [across(shown), tickText(search, shown)] as const
    }).filter(([place], index, all) => all.findIndex(([other]) => other === place) === index),
    ratioTicks: thinned(ticks).map((tick) => [up(tick), formatRoundQuantity(tick, RATIO)]),
    dots: values.flatMap((at) => {
      const { value, pairRatios, timerBound } = at
      return pairRatios.flatMap((pair, index) => {
        if (pair === null) return []
        const sign = { exact: '', 'at-least': '≥ ', 'at-most': '≤ ' }[pair.bound]
        return {
          x: beside(across(value), index, pairRatios.length),
          y: pair.bound === 'exact' ? up(pair.ratio) : Number(pair.bound === 'at-least'),
          text: `${over.name} ${valueText(over, value)}, pair ${index + 1}: ${sign}${formatQuantity(pair.ratio, RATIO)}${timerBound === null ? '' : ', timer-bound'}`,
          arm: betterArm(search, pair.ratio),
          isBound: pair.bound !== 'exact',
          isLeftOut: isLeftOut(at),
        }
      })
    }),
    fit: values.flatMap(({ value, fitted, ratio }) =>
      fitted === null || ratio === null
        ? []
        : [
            {
              x: across(value),
              y: up(fitted),
              text: `${over.name} ${valueText(over, value)}: fit ${formatQuantity(fitted, RATIO)}, median ${medianRatioText(ratio)}`,
            },
          ],
    ),
    crossing: isCrossing ? across(crossing.position!) : null,
    band: isCrossing
      ? [across(crossing.lower ?? over.from), across(crossing.upper ?? over.to)]
      : null,
    line: up(1),
  }
}

/** The chart in words, for those who do not see it. */
export function crossingDescription(search: CrossingSearch): string {
  const { values, over, crossing } = search
  const [first, second] = labelsOf(search)
  const points = values.flatMap(({ value, ratio, fitted, timerBound }) =>
    ratio === null
      ? []
      : [
          `${valueText(over, value)}: ${medianRatioText(ratio)}${fitted === null ? '' : `, fit ${formatQuantity(fitted, RATIO)}`}${timerBound === null ? '' : ', timer-bound'}`,
        ],
  )
  const at =
    crossing === null || crossing.position === null
      ? 'The fit does not pass 1.'
      : `The fit passes 1 at ${positionText(search, crossing.position)}, interval ${intervalText(search)}.`
  return `${second} ÷ ${first} over ${over.name}. ${points.join('; ')}. ${at}`
}

function tickText({ over }: CrossingSearch, value: number): string {
  return valueText(over, Number(value.toPrecision(3)))
}

function betterArm(search: CrossingSearch, ratio: number): 0 | 1 {
  const better = ratio < 1 ? smaller(search) : larger(search)
  return better === labelsOf(search)[0] ? 0 : 1
}

/** Dots of a value lie side by side, in the order in which they were measured. */
function beside(place: number, index: number, count: number): number {
  const shift = Math.min(DOT_SHIFT, WIDEST_DOTS / count) * (index - (count - 1) / 2)
  return rounded(Math.min(1, Math.max(0, place + shift)))
}

/** First and last tick bound the axis and stay. */
function thinned(ticks: readonly number[]): readonly number[] {
  if (ticks.length <= MOST_TICKS) return ticks
  return ticks.filter(
    (tick, index) =>
      index === 0 || index === ticks.length - 1 || Number.isInteger(Math.log10(tick)),
  )
}

function rounded(share: number): number {
  return Number(share.toFixed(DECIMALS))
}

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
