import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { armLabels } from '../arm-labels.ts'
import { BAND_LABELS, makeUps, PART_KINDS, placeOf } from '../attribution-rows.ts'
import { formatShare, formatTime } from '../format.ts'

/** What the page's script draws: bars of equal length, cut into the parts of a request's latency. */
export interface MakeUpData {
  readonly kind: 'makeUp'
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
    arms.flatMap((bands, arm) => {
      const makeUp = bands[index] ?? null
      if (makeUp === null || makeUp.latencyNs <= 0) return []
      const byKind = new Map<number, number>()
      for (const [label, ns] of makeUp.partsNs) {
        byKind.set(placeOf(label), (byKind.get(placeOf(label)) ?? 0) + ns)
      }
      return [
        {
          band,
          label: labels[arm] ?? '',
          arm: arm === 0 ? (0 as const) : (1 as const),
          latency: formatTime(makeUp.latencyNs),
          byKind,
          totalNs: [...byKind.values()].reduce((sum, ns) => sum + ns, 0),
        },
      ]
    }),
  )
  if (bars.length === 0) return null
  return {
    kind: 'makeUp',
    elementId,
    bars: bars.map(({ band, label, arm, latency }) => ({ band, label, arm, latency })),
    parts: PART_KINDS.flatMap((label, kind) => {
      const shares = bars.map(({ byKind, totalNs }) => {
        const ns = byKind.get(kind) ?? 0
        const share = totalNs > 0 ? ns / totalNs : 0
        return [
          Number(share.toFixed(SHARE_DECIMALS)),
          `${formatTime(ns)}, ${formatShare(share)}`,
        ] as const
      })
      return shares.every(([share]) => share < LEAST_SHARE)
        ? []
        : [{ label, color: `--part-${kind}`, shares }]
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
