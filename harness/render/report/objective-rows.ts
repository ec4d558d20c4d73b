import type { PairReport } from '../../results/compared-pair.ts'
import type { Estimate, Objective } from '../../results/schema.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  formatRoundTime,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
  TIME,
} from '../../words/format.ts'
import { METRIC_LABELS } from '../../words/metrics.ts'
import { listBlock, tableBlock, textBlock, textIf } from '../view/view.ts'
import type { SectionsOf } from './pair-figures.ts'

/** `Highest load within p99 ≤ 1 ms`. */
export function objectiveTitle({ percentile, limitNs }: Objective): string {
  return `Highest load within ${METRIC_LABELS[percentile]} ≤ ${formatRoundTime(limitNs)}`
}

type ObjectiveRow = readonly [label: string, load: string, kept: string, latency: string]

/**
 * An arm, requests per second that it sustains within the objective, rounds that kept it, and the objective's percentile there.
 * In the order of the arms; an arm that the search did not reach is left out.
 */
export function objectiveRows({ arms }: PairReport, objective: Objective): readonly ObjectiveRow[] {
  return arms.flatMap(({ label }): readonly ObjectiveRow[] => {
    const sustained = objective.arms[label]
    if (sustained === undefined) return []
    if (sustained === null) {
      return [[label, 'none of those tried', NOT_AVAILABLE, NOT_AVAILABLE]]
    }
    const { perSecond, atLeast, kept, of, latencyNs } = sustained
    const load = (atLeast ? '≥ ' : '') + confirmedText(perSecond, PER_SECOND)
    const latency = latencyNs === null ? NOT_AVAILABLE : formatEstimate(latencyNs, TIME)
    return [[label, load, `${kept} of ${of}`, latency]]
  })
}

/** `sharded ÷ staged: 2.91× (2.70–3.10)`; null when an arm keeps the objective nowhere. */
export function objectiveRatioText({ arms }: PairReport, { ratio }: Objective): string | null {
  return ratio === null
    ? null
    : `${arms[1]?.label ?? ''} ÷ ${arms[0]?.label ?? ''}: ${confirmedText(ratio, RATIO)}`
}

/** `442k/s (not confirmed)` when no trial confirmed the figure: its bounds say nothing then. */
export function confirmedText(estimate: Estimate, scales: typeof RATIO): string {
  return estimate.n === 0
    ? `${formatQuantity(estimate.value, scales)} (not confirmed)`
    : formatEstimate(estimate, scales)
}

/** Every load that was tried, a line each: `staged at 100k/s: p99 0.81 ms, kept, failed noise`. */
export function probeTexts({ percentile, probes }: Objective): readonly string[] {
  return probes.map(
    ({ arm, offeredPerSecond, latency, kept, failedGates }) =>
      `${arm} at ${formatQuantity(offeredPerSecond, PER_SECOND)}: ${METRIC_LABELS[percentile]} ${formatLatency(latency)}, ${kept ? 'kept' : 'not kept'}${failedGates.length === 0 ? '' : `, failed ${failedGates.join(', ')}`}`,
  )
}

const LOAD_COLUMNS = 23
const KEPT_COLUMNS = 8
const LATENCY_COLUMNS = 26
const TRIED = 'Every load that was tried, in order'

/** The highest load of each arm within the objective, and how it was found; none when none was searched. */
export const objectiveSections: SectionsOf = ({ pair, medium }) => {
  const { objective } = pair
  if (objective === null) return []
  const probes = probeTexts(objective)
  return [
    {
      id: 'objective',
      link: 'objective',
      title: objectiveTitle(objective),
      blocks: [
        // In Markdown it is the line before.
        medium === 'markdown'
          ? null
          : textBlock(objective.sentence, medium === 'page' ? undefined : 'strong'),
        tableBlock({
          caption: 'What each arm sustains within the objective',
          corner: 'arm',
          columns: [
            { heading: 'highest load', width: LOAD_COLUMNS },
            { heading: 'rounds that kept it', shortHeading: 'kept', width: KEPT_COLUMNS },
            { heading: `${METRIC_LABELS[objective.percentile]} there`, width: LATENCY_COLUMNS },
          ],
          rows: objectiveRows(pair, objective),
        }),
        textIf(objectiveRatioText(pair, objective)),
        probes.length === 0
          ? null
          : { kind: 'folded', summary: TRIED, blocks: [listBlock(probes)] },
      ],
    },
  ]
}
