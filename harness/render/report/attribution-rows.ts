import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import type { Attribution } from '../../results/trial-schema.ts'
import { formatShare, formatTime, NOT_AVAILABLE } from '../../words/format.ts'
import { soundTrials } from './pair-figures.ts'

/** The requests whose make-up is shown: around the median, the 99th and the 99.9th percentile. */
const BAND_NAMES = ['p50', 'p99', 'p99_9'] as const
export const BAND_LABELS = ['median', 'p99', 'p99.9'] as const

/** Latency and its parts, means over pairs, nanoseconds; null where a trial has too few samples for the band. */
export type MakeUp = {
  readonly latencyNs: number
  readonly partsNs: ReadonlyMap<string, number>
} | null

/** Make-up per band of the first and the second arm; null when an arm was not sampled in some sound trial. */
export function makeUps(
  report: PairReport,
  load: PairLoad,
): readonly [first: readonly MakeUp[], second: readonly MakeUp[]] | null {
  const arms = bothAttributions(report, load)
  return arms === null ? null : [meanBands(arms[0]), meanBands(arms[1])]
}

/** Why there is no make-up though both arms were sampled: too little for every band; null where there is one, or no sample. */
export function unsampledText(report: PairReport, load: PairLoad): string | null {
  const arms = makeUps(report, load)
  return arms !== null && arms.flat().every((band) => band === null)
    ? `Where the time went at ${load.label}: too few requests were sampled to say.`
    : null
}

/**
 * Make-up of requests at one load: a part of the latency, and its mean over pairs per band, of the first arm, then of the second;
 * empty when an arm was not sampled in some sound trial, or too little for every band.
 */
export function attributionRows(
  report: PairReport,
  load: PairLoad,
): readonly (readonly [part: string, ...cells: string[]])[] {
  const bands = makeUps(report, load)?.flat() ?? []
  if (bands.every((band) => band === null)) return []
  const labels = new Set(bands.flatMap((band) => [...(band?.partsNs.keys() ?? [])]))
  const rows = [...labels]
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((label) => {
      const cells = bands.map((band) => {
        const ns = band?.partsNs.get(label)
        return ns === undefined ? NOT_AVAILABLE : ns === 0 ? '0' : formatTime(ns)
      })
      return [label, ...cells] as const
    })
  const totals = bands.map((band) => (band === null ? NOT_AVAILABLE : formatTime(band.latencyNs)))
  return [
    ...rows.filter(([label, ...cells]) => !OCCASIONAL.has(label) || cells.some(tookTime)),
    ['latency', ...totals],
  ]
}

/** `sharded: ingress wait 80%, mailbox wait 20%`: longest parts of the slowest 1 %, one line per arm. */
export function slowestCauses(report: PairReport, load: PairLoad): readonly string[] {
  const arms = bothAttributions(report, load)
  if (arms === null) return []
  return arms.map((attributions, arm) => {
    const causes = [...causeShares(attributions, (cause) => cause)]
      .filter(([, share]) => share >= 0.005)
      .toSorted(([, a], [, b]) => b - a)
      .map(([cause, share]) => `${cause} ${formatShare(Math.round(share * 100) / 100)}`)
    return `${report.arms[arm]!.label}: ${causes.join(', ') || 'not recorded'}${droppedText(attributions)}`
  })
}

/** The kind of part that is the longest of most of the slowest 1 %, and of how many, of the first and the second arm; null where not known. */
export function slowestKinds(
  report: PairReport,
  load: PairLoad,
): readonly (readonly [kind: string, share: number] | null)[] {
  const arms = bothAttributions(report, load) ?? []
  return arms.map((attributions) => {
    const shares = causeShares(attributions, (cause) => PART_KINDS[placeOf(cause)] ?? cause)
    return [...shares].toSorted(([, a], [, b]) => b - a)[0] ?? null
  })
}

/** Means over trials. */
function causeShares(
  attributions: readonly Attribution[],
  nameOf: (cause: string) => string,
): ReadonlyMap<string, number> {
  const shares = new Map<string, number>()
  for (const { slowestByCause } of attributions)
    for (const [cause, share] of Object.entries(slowestByCause))
      shares.set(nameOf(cause), (shares.get(nameOf(cause)) ?? 0) + share / attributions.length)
  return shares
}

/** Of long trials only the beginning is sampled. */
function droppedText(attributions: readonly Attribution[]): string {
  const sum = (name: 'samples' | 'dropped') =>
    attributions.reduce((total, attribution) => total + attribution[name], 0)
  const dropped = sum('dropped')
  return dropped === 0
    ? ''
    : ` (the first ${formatShare(sum('samples') / (sum('samples') + dropped))} of the samples; there was no room for the rest)`
}

/** Kinds of parts in the order of a request's way; waits in several queues or mailboxes are of one kind. */
export const PART_KINDS = [
  'ingress wait',
  'queue wait',
  'mailbox wait',
  'lock wait',
  'batch wait',
  'service',
  'declared wait',
  'off-load',
  'legs',
  'slice wait',
  'egress',
]

/** Parts that most workloads do not have: named only where they took time. */
const OCCASIONAL = new Set(['declared wait', 'off-load', 'legs', 'slice wait'])

function tookTime(text: string): boolean {
  return text !== '0' && text !== NOT_AVAILABLE
}

/** Index of a part's kind. */
export function placeOf(label: string): number {
  return PART_KINDS.findIndex((kind) => label.startsWith(kind))
}

/** Null when a trial of one of them was not sampled. */
function bothAttributions(
  report: PairReport,
  load: PairLoad,
): readonly [first: readonly Attribution[], second: readonly Attribution[]] | null {
  const [first, second] = soundTrials(report, load)
  const [ofFirst, ofSecond] = [first, second].map((trials) =>
    trials.flatMap(({ attribution }) => attribution ?? []),
  ) as [Attribution[], Attribution[]]
  const isKnown = ofFirst.length === first.length && ofSecond.length === second.length
  return isKnown && first.length > 0 ? [ofFirst, ofSecond] : null
}

/** Means over trials, per band; null where a trial has too few samples for the band. */
function meanBands(attributions: readonly Attribution[]): readonly MakeUp[] {
  return BAND_NAMES.map((name) => {
    const bands = attributions.map(({ bands: { [name]: band } }) => band)
    if (bands.some((band) => band === null)) return null
    const mean = (pick: (band: NonNullable<(typeof bands)[number]>) => number) =>
      bands.reduce((sum, band) => sum + pick(band!), 0) / bands.length
    return {
      latencyNs: mean((band) => band.latencyNs),
      partsNs: new Map(
        attributions[0]!.parts.map((label, part) => [label, mean((band) => band.partsNs[part]!)]),
      ),
    }
  })
}
