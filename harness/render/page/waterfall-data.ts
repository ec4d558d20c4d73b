import { axisShare, figureText, tickText, type Waterfall } from '../waterfall.ts'

/** A row of the chart; places are shares of the axis, 0 … 1. */
interface WaterfallRow {
  /** `3`, or `arm 1`. */
  readonly short: string
  readonly name: string
  /** An arm's median is a point, a step a bar with its interval; null when it is not known. */
  readonly place: number | null
  readonly span: readonly [from: number, to: number, lower: number, upper: number] | null
  readonly isDecided: boolean
  /** Figure or ratio, for the tooltip. */
  readonly text: string
}

/** What the page's script draws for one waterfall: every number is formatted here. */
export interface WaterfallData {
  readonly elementId: string
  readonly rows: readonly WaterfallRow[]
  readonly ticks: readonly (readonly [place: number, text: string])[]
}

/** More ticks than this would run into each other: then decades only. */
const MOST_TICKS = 6

/** A waterfall for the page's script. */
export function waterfallData(waterfall: Waterfall, elementId: string): WaterfallData {
  const { metric, first, last, bars, ticks } = waterfall
  const share = (value: number): number => Number(axisShare(waterfall, value).toFixed(5))
  const arm = (number: number, figure: Waterfall['last']): WaterfallRow => ({
    short: `arm ${number}`,
    name: `arm ${number}, median`,
    place: figure && share(figure.value),
    span: null,
    isDecided: true,
    text: figure?.text ?? 'not known',
  })
  return {
    elementId,
    rows: [
      arm(1, first),
      ...bars.map(({ name, span, effect, text }, index) => ({
        short: String(index + 1),
        name: `${index + 1} ${name}`,
        place: null,
        span:
          span &&
          ([share(span.from), share(span.to), share(span.lower), share(span.upper)] as const),
        isDecided: effect === 'decided',
        text: effect === 'undecided' ? `${text}, undecided` : text,
      })),
      arm(bars.length + 1, last),
    ],
    ticks: thinned(ticks).map((tick) => [share(tick), tickText(metric, tick)]),
  }
}

/** The chart in one sentence, for those who do not see it. */
export function waterfallDescription({ metric, first, last, bars }: Waterfall): string {
  const steps = bars.map(({ name, span, text, effect }) => {
    const undecided = effect === 'undecided' ? ', undecided' : ''
    return `${name}: ${text}${undecided}${span === null ? '' : `, to ${figureText(metric, span.to)}`}`
  })
  const end = last === null ? '' : ` to ${last.text}`
  return `Waterfall from ${first.text}${end}. ${steps.join('. ')}.`
}

/** First and last tick bound the axis and stay. */
function thinned(ticks: readonly number[]): readonly number[] {
  if (ticks.length <= MOST_TICKS) return ticks
  return ticks.filter(
    (tick, index) =>
      index === 0 || index === ticks.length - 1 || Number.isInteger(Math.log10(tick)),
  )
}
