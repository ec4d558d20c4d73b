import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import { formatRoundTime, formatShare, formatTime } from '../../words/format.ts'
import { type LogAxis, logAxisBetween, type PlacedTick } from '../page/axis.ts'
import type { ChartKit, Drawing } from '../page/draw-kit.ts'
import { type Block, type ChartBlock, tableBlock, textBlock } from '../view/view.ts'
import {
  attributionRows,
  BAND_LABELS,
  makeUps,
  PART_KINDS,
  placeOf,
  slowestCauses,
  unsampledText,
} from './attribution-rows.ts'
import { middleLoad } from './notices.ts'
import { loadName, type SectionsOf } from './pair-figures.ts'
import { tabsBlock } from './percentiles.ts'

/** What the page's script draws: bars of equal length, cut into the parts of a request's latency. */
interface MakeUpData {
  readonly elementId: string
  /** From top to bottom. */
  readonly bars: readonly {
    readonly band: string
    readonly label: string
    readonly arm: 0 | 1
    readonly latency: string
    /** Its place on the scale of times, 0 … 1. */
    readonly length: number
  }[]
  /** The logarithmic scale of times on which the bars' latencies are told apart. */
  readonly times: readonly PlacedTick[]
  /** In the order of a request's way. */
  readonly parts: readonly {
    readonly label: string
    /** Names the colour in the style sheet: `--part-3`. */
    readonly color: string
    /** Per bar: share of the latency and its text. */
    readonly shares: readonly (readonly [share: number, text: string])[]
  }[]
}

/** Widths on a terminal. */
const PART_COLUMNS = 24
const WIDEST_CELL = 11

const SHARE_DECIMALS = 4
/** A part that is less of every bar cannot be seen: only the table has it. */
const LEAST_SHARE = 0.003

/** Null when an arm was not sampled, or too little for every band. */
export function makeUpData(
  report: PairReport,
  load: PairLoad,
  elementId: string,
): MakeUpData | null {
  const arms = makeUps(report, load)
  if (arms === null) return null
  const labels = armLabels(report)
  const bars = BAND_LABELS.flatMap((band, index) =>
    ([0, 1] as const).flatMap((arm) => {
      const makeUp = arms[arm][index] ?? null
      if (makeUp === null || makeUp.latencyNs <= 0) return []
      const kindsNs = PART_KINDS.map((_, kind) =>
        [...makeUp.partsNs].reduce((sum, [part, ns]) => sum + (placeOf(part) === kind ? ns : 0), 0),
      )
      const bar = { band, label: labels[arm], arm, latency: formatTime(makeUp.latencyNs) }
      return [
        {
          bar,
          latencyNs: makeUp.latencyNs,
          kindsNs,
          totalNs: kindsNs.reduce((sum, ns) => sum + ns, 0),
        },
      ]
    }),
  )
  if (bars.length === 0) return null
  const { ticks, place } = timeScale(bars.map(({ latencyNs }) => latencyNs))
  return {
    elementId,
    bars: bars.map(({ bar, latencyNs }) => ({ ...bar, length: place(latencyNs) })),
    times: ticks,
    parts: PART_KINDS.flatMap((label, kind) => {
      const shares = bars.map(({ kindsNs, totalNs }) => {
        const ns = kindsNs[kind] ?? 0
        const share = totalNs > 0 ? ns / totalNs : 0
        const text = `${formatTime(ns)}, ${formatShare(share)}`
        return [Number(share.toFixed(SHARE_DECIMALS)), text] as const
      })
      const isSeen = shares.some(([share]) => share >= LEAST_SHARE)
      return isSeen ? [{ label, color: `--part-${kind}`, shares }] : []
    }),
  }
}

/** In decades: from the one below all latencies to the one above. */
function timeScale(latenciesNs: readonly number[]): LogAxis {
  const first = Math.floor(Math.log10(Math.min(...latenciesNs) * 0.9))
  const last = Math.ceil(Math.log10(Math.max(...latenciesNs)))
  const decades = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index))
  return logAxisBetween(decades[0]!, decades.at(-1)!, decades, formatRoundTime)
}

/** The bars in words: what takes most of each. */
export function makeUpDescription({ bars, parts }: MakeUpData): string {
  const texts = bars.map(({ band, label: arm, latency }, bar) => {
    const largest = parts
      .map(({ label, shares }) => ({ label, share: shares[bar]?.[0] ?? 0 }))
      .toSorted((a, b) => b.share - a.share)
      .slice(0, 3)
      .filter(({ share }) => share > 0)
    return `${band} of ${arm}, ${latency}: ${largest.map(({ label, share }) => `${label} ${formatShare(share)}`).join(', ')}`
  })
  return `What latency is made of. ${texts.join('. ')}.`
}

/** Runs in the reader's browser, as its own source text: a bar per arm and percentile, cut into the parts of the latency. */
function drawMakeUp(kit: ChartKit, data: MakeUpData): Drawing {
  const { color } = kit
  const { bars, parts } = data
  const left = kit.isNarrow ? 116 : 170
  // Beside the parts there is how long the whole is; a phone has that as a text only.
  const page = Math.min(window.innerWidth, 1_240) - 64
  const timeWidth = kit.isNarrow ? 0 : Math.round(page * 0.26)
  const right = timeWidth === 0 ? 22 : timeWidth + 84
  const plotWidth = page - left - right

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
      grid: [
        { left, right, top: 4, bottom: 28 },
        { right: 30, width: timeWidth, top: 4, bottom: 28 },
      ],
      tooltip: kit.tooltip('item', (part, bar) => {
        const { band = '', label = '', latency = '', arm = null } = bars[bar] ?? {}
        return kit.tooltipBox(`${band} of ${label}: ${latency}`, [
          { text: `${parts[part]?.label}: ${parts[part]?.shares[bar]?.[1]}`, arm },
        ])
      }),
      xAxis: [
        kit.axis(
          [0, 25, 50, 75, 100].map((percent) => [percent / 100, `${percent}%`] as const),
          true,
        ),
        { ...kit.axis(data.times, true), gridIndex: 1, show: timeWidth > 0 },
      ],
      yAxis: [
        kit.rowAxis(
          bars.map(({ band, label, latency }) => `${band} ${latency}\n${label}`),
          left - 12,
        ),
        { ...kit.rowAxis([], 0), data: bars.map((_, bar) => bar), gridIndex: 1, show: false },
      ],
      series: [
        ...parts.map((part) => ({
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
        ...(timeWidth === 0
          ? []
          : [
              {
                type: 'bar' as const,
                xAxisIndex: 1,
                yAxisIndex: 1,
                barWidth: '30%',
                silent: true,
                emphasis: { disabled: true },
                tooltip: { show: false },
                data: bars.map(({ length, arm }) => ({
                  value: length,
                  itemStyle: { color: kit.armColor(arm) },
                })),
              },
            ]),
      ],
    },
    stops: bars.flatMap((_, dataIndex) =>
      parts.flatMap(({ shares }, seriesIndex) =>
        (shares[dataIndex]?.[0] ?? 0) > 0 ? [{ seriesIndex, dataIndex }] : [],
      ),
    ),
  }
}

const INTRO =
  'Requests around the median, p99 and p99.9, sampled and answered. The left bars are shares of the latency, whatever its length; the right ones are that length, on a logarithmic scale of time.'

/**
 * What requests around the median, p99 and p99.9 spent their time on: at every load on a page, at the load that stands for the
 * run on a terminal; none where it is not known.
 */
export const makeUpSections: SectionsOf = ({ pair: report, medium }) => {
  if (medium === 'page') {
    const tabs = report.loads.flatMap((load, index) => {
      const [table, ...rest] = loadBlocks(report, load)
      if (table === undefined) return []
      const bars = rest.length === 0 ? null : barsOf(report, load, `make-up-${index}`)
      const folded: Block = { kind: 'folded', summary: 'Show the figures', blocks: [table] }
      return [
        {
          label: loadName(load),
          blocks: bars === null ? [table, ...rest] : [bars, ...rest, folded],
        },
      ]
    })
    const title = 'What latency is made of'
    const intro = textBlock(INTRO, 'muted')
    return tabs.length === 0
      ? []
      : [{ id: 'make-up', title, blocks: [intro, tabsBlock('parts', tabs, report)] }]
  }
  const middle = middleLoad(report)
  if (middle === undefined) return []
  const blocks = loadBlocks(report, middle)
  const title = `Where the time went at ${loadName(middle)}: make-up of sampled, answered requests`
  return [{ title: blocks.length < 2 ? null : title, blocks }]
}

/** The numbers and the longest parts, or why there are none; empty where it is not known. */
function loadBlocks(report: PairReport, load: PairLoad): readonly Block[] {
  const unsampled = unsampledText(report, load)
  if (unsampled !== null) return [textBlock(unsampled, 'muted')]
  const rows = attributionRows(report, load)
  if (rows.length === 0) return []
  const causes = slowestCauses(report, load).join('; ')
  return [
    tableBlock({
      caption: `Where the time went at ${loadName(load)}: means over pairs`,
      corner: 'part of the latency',
      widestLabel: PART_COLUMNS,
      groups: armLabels(report).map((text) => ({ text, span: BAND_LABELS.length })),
      columns: (['first', 'second'] as const).flatMap((arm) =>
        BAND_LABELS.map((heading) => ({ heading, arm, widest: WIDEST_CELL })),
      ),
      rows,
    }),
    textBlock(`Longest part of the slowest 1 %: ${causes}.`, 'muted'),
  ]
}

/** A part's colour is its place in the list of kinds. */
function barsOf(report: PairReport, load: PairLoad, elementId: string): ChartBlock | null {
  const data = makeUpData(report, load, elementId)
  if (data === null) return null
  return {
    kind: 'chart',
    legend: data.parts.map(({ label, color }) => ({
      text: label,
      arm: 'none',
      mark: color.slice(2),
    })),
    legendLook: 'parts',
    note: null,
    description: makeUpDescription(data),
    data,
    draw: drawMakeUp,
  }
}
