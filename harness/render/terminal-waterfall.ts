import type { Paint } from './terminal-table.ts'
import { brokenWords, wrap } from './terminal-text.ts'
import { axisShare, tickText, type Waterfall, type WaterfallBar } from './waterfall.ts'

const TEXT_COLUMNS = 25
const LABEL_SHARE = 0.36
const DECIDED = '█'
const UNDECIDED = '░'
const WHISKER = '─'
const LOWER_END = '├'
const UPPER_END = '┤'
const ARM = '●'

/** Floating bars of characters over a logarithmic axis: a step each, its interval as a whisker, its ratio beside it. */
export function terminalWaterfall(waterfall: Waterfall, columns: number, paint: Paint): string {
  const labelColumns = Math.floor(columns * LABEL_SHARE)
  const plotColumns = columns - labelColumns - TEXT_COLUMNS
  const columnOf = (value: number): number =>
    Math.round(axisShare(waterfall, value) * (plotColumns - 1))
  const row = (label: string, plot: string, text: string): string => {
    const [first = '', ...more] = labelLines(label, labelColumns - 1)
    return [
      `${first.padEnd(labelColumns)}${plot}  ${text}`.trimEnd(),
      ...more.map((line) => `  ${line}`),
    ].join('\n')
  }
  const mark = (value: number): string => ARM.padStart(columnOf(value) + 1).padEnd(plotColumns)
  const { first, last, bars } = waterfall
  return [
    row('', axisLine(waterfall, plotColumns, columnOf), ''),
    row('arm 1, median', mark(first.value), first.text),
    ...bars.map((bar, index) => {
      const plot = barLine(bar, plotColumns, columnOf)
      const painted = (text: string): string =>
        bar.effect === 'decided' ? text : paint('dim', text)
      return row(`${index + 1} ${bar.name}`, painted(plot), painted(bar.text))
    }),
    ...(last === null ? [] : [row(`arm ${bars.length + 1}, median`, mark(last.value), last.text)]),
  ].join('\n')
}

function barLine(
  { span, effect }: WaterfallBar,
  plotColumns: number,
  columnOf: (value: number) => number,
): string {
  const cells = Array<string>(plotColumns).fill(' ')
  if (span === null) return cells.join('')
  const { from, to, lower, upper } = span
  const [low, high] = [columnOf(lower), columnOf(upper)]
  for (let column = low; column <= high; column++) cells[column] = WHISKER
  const [left, right] = [columnOf(Math.min(from, to)), columnOf(Math.max(from, to))]
  for (let column = left; column <= right; column++) {
    cells[column] = effect === 'decided' ? DECIDED : UNDECIDED
  }
  if (high > low) {
    cells[low] = LOWER_END
    cells[high] = UPPER_END
  }
  return cells.join('')
}

/** Ticks where there is room for them; first and last first. */
function axisLine(
  { ticks, metric }: Waterfall,
  plotColumns: number,
  columnOf: (value: number) => number,
): string {
  const cells = Array<string>(plotColumns).fill(' ')
  const place = (tick: number): void => {
    const text = tickText(metric, tick)
    const start = Math.max(
      0,
      Math.min(plotColumns - text.length, columnOf(tick) - (text.length >> 1)),
    )
    const around = cells.slice(Math.max(0, start - 1), start + text.length + 1)
    if (around.some((cell) => cell !== ' ')) return
    for (let index = 0; index < text.length; index++) cells[start + index] = text.charAt(index)
  }
  for (const tick of [ticks[0], ticks.at(-1), ...ticks]) if (tick !== undefined) place(tick)
  return cells.join('')
}

/** A step's name in so many columns; later lines are to be indented by two. */
function labelLines(label: string, columns: number): readonly string[] {
  const width = columns - 2
  return wrap(brokenWords(label, width), width, 0).split('\n')
}
