import type { ArmChange, LoadChange, MetricChange } from '../../compare/reports.ts'
import type { ComparisonName } from '../../results/schema.ts'
import { formatQuantity, formatShare, NOT_AVAILABLE, PER_SECOND } from '../../words/format.ts'
import type { ViewTable } from '../view/view.ts'
import { metricText, ratioText } from './sentence.ts'

/** What readers want to see; of others only the one that is judged. */
const SHOWN: readonly ComparisonName[] = [
  'p50',
  'p99',
  'p99_9',
  'achievedPerSecond',
  'cpuPerRequest',
]

const LABEL_COLUMNS = 17

/** The figures of one load: a column per arm, and one of one against the other where there is a control. The judged metric is marked. */
export function changeTable({ arms, metric: judged }: LoadChange): ViewTable {
  const against = arms.findLast(({ control }) => control !== null)
  const shown = (arms[0]?.metrics ?? [])
    .map(({ metric }) => metric)
    .filter((metric) => SHOWN.includes(metric) || metric === judged)
  return {
    caption: null,
    corner: 'new ÷ old',
    widestLabel: LABEL_COLUMNS,
    columns: [
      ...arms.map(({ label }) => label),
      ...(against === undefined ? [] : [`${against.label} ÷ ${against.control}`]),
    ].map((heading) => ({ heading })),
    rows: shown.map((metric) => [
      metricText(metric),
      ...arms.map((arm) => ratioText(changeIn(arm, metric)?.own ?? null)),
      ...(against === undefined ? [] : [ratioText(changeIn(against, metric)?.relative ?? null)]),
    ]),
    judged: [metricText(judged)],
  }
}

/** `Load 50%: offered 101k/s then, 103k/s now; 6 and 6 trials, 95.9%`. */
export function loadTitle(load: LoadChange): string {
  const { label, oldPerSecond, newPerSecond, oldPairs, newPairs, arms } = load
  const [then, now] = [oldPerSecond, newPerSecond].map((rate) =>
    rate === null ? NOT_AVAILABLE : formatQuantity(rate, PER_SECOND),
  )
  const offered =
    newPerSecond === null
      ? ''
      : then === now
        ? `offered ${now}; `
        : `offered ${then} then, ${now} now; `
  const level = arms.flatMap(({ metrics }) => metrics).find(({ own }) => own !== null)?.own?.level
  const confidence =
    level === undefined || level === 0 ? '' : `, intervals of ${formatShare(level)}`
  return `Load ${label}: ${offered}${oldPairs} and ${newPairs} trials${confidence}`
}

function changeIn({ metrics }: ArmChange, name: ComparisonName): MetricChange | undefined {
  return metrics.find(({ metric }) => metric === name)
}
