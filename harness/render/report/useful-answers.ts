import type { Load, Report, Trial } from '../../results/schema.ts'
import { pairLog, ratioOverPairs } from '../../stats/ratio-over-pairs.ts'
import {
  formatEstimate,
  formatQuantity,
  formatRoundTime,
  formatShare,
  PER_SECOND,
  RATIO,
} from '../../words/format.ts'
import { goodputOf } from '../../words/metrics.ts'
import { listBlock, textBlock } from '../view/view.ts'
import { loadName, type SectionsOf } from './pair-figures.ts'

/** Shares of what was due are given to three digits. */
const SHARE_DIGITS = 3
/** Of the load that others are held against: all that is sustained, of each arm or of the smallest. */
const WHOLE = /^100%/

/**
 * What became of the requests of each arm at each load: useful (answered within the stated time), late, refused, or never answered;
 * and its goodput as a share of that at 100 %. None where no time was stated.
 */
export const usefulSections: SectionsOf = ({ report }) => {
  const { within } = report.run
  if (within === undefined || within.ns === null) return []
  const whole = report.loads.find(({ label }) => WHOLE.test(label))
  const items = report.loads.flatMap((load) =>
    report.arms.flatMap(({ label }) => {
      const text = fateText(soundTrials(load, label))
      if (text === null) return []
      const share =
        whole === undefined || whole === load ? '' : shareText(report, whole, load, label)
      return [{ label: `${loadName(load)}, ${label}`, text: `${text}${share}.` }]
    }),
  )
  if (items.length === 0) return []
  return [
    {
      id: 'useful',
      title: 'Useful answers',
      blocks: [
        textBlock(`${whatIsUseful(within.asked, within.ns)} All rounds together.`, 'muted'),
        listBlock(items),
      ],
    },
  ]
}

function whatIsUseful(asked: string, ns: number): string {
  const why = asked.endsWith('x')
    ? `, ${asked.slice(0, -1)} times the largest p99 of any arm at the first load, by the first round`
    : ''
  return `An answer is useful within ${formatRoundTime(ns)} of the instant at which its request was due${why}.`
}

/** `of 300k/s asked 33.1% useful (99.3k/s), 1% late, 65.8% refused, 0.1% never answered`; null without a sound trial. */
function fateText(trials: readonly Trial[]): string | null {
  const counted = trials.flatMap((trial) => (trial.useful === undefined ? [] : [trial]))
  if (counted.length === 0) return null
  const sum = (of: (trial: Trial) => number) =>
    counted.reduce((total, trial) => total + of(trial), 0)
  const due = sum(({ counts }) => counts.due)
  const seconds = sum(({ steadySeconds }) => steadySeconds)
  const useful = sum((trial) => trial.useful?.count ?? 0)
  const late = sum(({ counts }) => counts.completed) - useful
  const share = (count: number) =>
    formatShare(due === 0 ? 0 : Number((count / due).toPrecision(SHARE_DIGITS)))
  return [
    `of ${formatQuantity(due / seconds, PER_SECOND)} asked ${share(useful)} useful (${formatQuantity(useful / seconds, PER_SECOND)})`,
    `${share(late)} late`,
    `${share(sum(({ counts }) => counts.refused))} refused`,
    `${share(sum(({ counts }) => counts.unanswered))} never answered`,
  ].join(', ')
}

/** `; 0.94× (0.90–0.97) of its goodput at 100%-of-each`: from the rounds that have both. */
function shareText({ run }: Report, whole: Load, load: Load, arm: string): string {
  const logs = load.sets.flatMap((set) => {
    const then = whole.sets.find(({ round }) => round === set.round)?.trials[arm]
    const now = set.trials[arm]
    if (then?.void !== null || now?.void !== null) return []
    return [pairLog(goodputOf(then), goodputOf(now))]
  })
  const ratio = ratioOverPairs(logs, run.level)
  if (ratio === null) return ''
  const share = ratio.upper === 0 ? 'nothing' : formatEstimate(ratio, RATIO)
  return `; ${share} of its goodput at ${whole.label}`
}

function soundTrials({ sets }: Load, arm: string): readonly Trial[] {
  return sets.flatMap(({ trials }) => (trials[arm]?.void === null ? [trials[arm]] : []))
}
