import { armLabels, type PairLoad, type PairReport } from '../../results/compared-pair.ts'
import { formatShare, formatTime } from '../../words/format.ts'
import type { ChartKit, Drawing } from '../page/draw-kit.ts'
import { type Block, type ChartBlock, headingBlock, tableBlock, textBlock } from '../view/view.ts'
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

/** What the page's script draws: bars of equal length, cut into the parts of a request's latency. */
interface MakeUpData {
  readonly elementId: string
  /** From top to bottom. */
  readonly bars: readonly {
    readonly band: string
    readonly label: string
    readonly arm: 0 | 1
    readonly latency: string
  }[]
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
      return [{ bar, kindsNs, totalNs: kindsNs.reduce((sum, ns) => sum + ns, 0) }]
    }),
  )
  if (bars.length === 0) return null
  return {
    elementId,
    bars: bars.map(({ bar }) => bar),
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
        [0, 25, 50, 75, 100].map((percent) => [percent / 100, `${percent}%`] as const),
        true,
      ),
      yAxis: kit.rowAxis(
        bars.map(({ band, label, latency }) => `${band} ${latency}\n${label}`),
        left - 12,
      ),
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

const INTRO =
  'Requests around the median, p99 and p99.9, sampled and answered. Bars show shares, whatever their length in time, which stands beside them.'

/**
 * What requests around the median, p99 and p99.9 spent their time on: at every load on a page, at the load that stands for the
 * run on a terminal; none where it is not known.
 */
export const makeUpSections: SectionsOf = ({ pair: report, medium }) => {
  if (medium === 'page') {
    const blocks = report.loads.flatMap((load, index): readonly (Block | null)[] => {
      const ofLoad = loadBlocks(report, load)
      if (ofLoad.length < 2) return ofLoad
      const bars = barsOf(report, load, `make-up-${index}`)
      return [headingBlock(`Load ${loadName(load)}`), bars, ...ofLoad]
    })
    const title = 'What latency is made of'
    const intro = textBlock(INTRO, 'muted')
    return blocks.length === 0 ? [] : [{ id: 'make-up', title, blocks: [intro, ...blocks] }]
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
