import { NS_PER_SECOND } from '../../base/units.ts'
import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import type { Counters, Trial } from '../../results/schema.ts'
import { BYTES, COUNT, formatShare, NOT_AVAILABLE, type Scales, TIME } from '../../words/format.ts'
import { tableBlock } from '../view/view.ts'
import {
  armColumns,
  bothArms,
  loadName,
  medianOf,
  medianText,
  type Reading,
  type SectionsOf,
  soundTrials,
} from './pair-figures.ts'

/** Where the time went, per arm: the median over pairs. */
type CounterRow = readonly [label: string, first: string, second: string]

const COLLECTIONS = 'garbage collections'
/** Reports without rounds counted them from the start of a trial's threads. */
const SINCE_START = 'garbage collections, warm-up included'

const COUNTERS: readonly (readonly [label: string, read: Reading, scales: Scales])[] = [
  ['voluntary switches per request', (trial) => trial.counters.voluntarySwitchesPerRequest, COUNT],
  [
    'involuntary switches per request',
    (trial) => trial.counters.involuntarySwitchesPerRequest,
    COUNT,
  ],
  ['handoffs per request', perRequest('handoffs'), COUNT],
  ['requests per handoff batch', ratio('handoffs', 'handoffBatches'), COUNT],
  ['messages per request', perRequest('messages'), COUNT],
  ['messages per batch', ratio('messages', 'messageBatches'), COUNT],
  ['wake-ups per request', perRequest('wakeUps'), COUNT],
  ['parks per request', perRequest('parks'), COUNT],
  ['turns of ports’ threads with work, per request', perRequest('workingTurns'), COUNT],
  ['turns without work, per request', perRequest('idleTurns'), COUNT],
  ['lock acquisitions per request', perRequest('lockAcquisitions'), COUNT],
  ['contended acquisitions per request', perRequest('contendedLockAcquisitions'), COUNT],
  ['waiting for data locks per request', perRequest('lockWaitNs'), TIME],
  ['queue lock acquisitions per request', perRequest('queueLockAcquisitions'), COUNT],
  ['contended ones per request', perRequest('contendedQueueLockAcquisitions'), COUNT],
  ['waiting for queue locks per request', perRequest('queueLockWaitNs'), TIME],
  ['run-queue wait, all threads', runQueueWaitNs, TIME],
  ['longest gap of a port’s thread', (trial) => trial.counters.longestGapNs, TIME],
  ['longest hiccup beside the trial', longestHiccupNs, TIME],
  ['longest backlog of a port', (trial) => trial.backlog.largestCount, COUNT],
  ['minor page faults', (trial) => trial.counters.minorFaults, COUNT],
  ['major page faults', (trial) => trial.counters.majorFaults, COUNT],
  [COLLECTIONS, (trial) => trial.counters.garbageCollections, COUNT],
  ['CPU time of the runtime’s helper threads', runtimeNs('helperSeconds'), TIME],
  ['CPU time of main threads', runtimeNs('mainSeconds'), TIME],
  ['shared memory', (trial) => trial.memory.sharedBytes, BYTES],
  ['heap of all threads', (trial) => trial.memory.heapBytes, BYTES],
]

/** Of the client, where there is one. */
const CLIENT_COUNTERS: typeof COUNTERS = [
  ['send lateness of the client, p50', (trial) => trial.client?.sendLateness?.p50Ns ?? null, TIME],
  ['send lateness of the client, p99', (trial) => trial.client?.sendLateness?.p99Ns ?? null, TIME],
  ['CPU time of the client per request', (trial) => clientNs(trial, 'cpuSeconds'), TIME],
  ['the same without its pacing', (trial) => clientNs(trial, 'busySeconds'), TIME],
]

/** Counters of one load, formatted; empty when no pair is sound. */
export function counterRows(report: PairReport, load: PairLoad): readonly CounterRow[] {
  const trials = soundTrials(report, load)
  if (trials[0].length === 0) return []
  const counters =
    report.run.transport.kind === 'http' ? [...COUNTERS, ...CLIENT_COUNTERS] : COUNTERS
  const rows = counters.map(([label, read, scales]): CounterRow => [
    label === COLLECTIONS && report.rounds.length === 0 ? SINCE_START : label,
    ...bothArms(trials, (arm) => medianText(arm, read, scales)),
  ])
  const some = WHERE_THERE_ARE_SOME.map(([label, text]): CounterRow => [
    label,
    ...bothArms(trials, text),
  ])
  return [...rows, ...some.filter(([, ...cells]) => cells.some((cell) => cell !== NOT_AVAILABLE))]
}

/** Only where there are some: of arms whose reads take no lock; of servers with a fault; of workloads, beside what was asked for. */
const WHERE_THERE_ARE_SOME: readonly (readonly [
  label: string,
  text: (trials: readonly Trial[]) => string,
])[] = [
  [
    'reads tried again, per request',
    (trials) => medianText(trials, perRequest('readRetries'), COUNT),
  ],
  ['lost wake-ups, a fault', lostWakeUpsText],
  ['declared wait', declaredWaitText],
  ['background work', backgroundText],
]

function lostWakeUpsText(trials: readonly Trial[]): string {
  const lost = trials.reduce((sum, { counters }) => sum + (counters.lostWakeUps ?? 0), 0)
  return lost === 0 ? NOT_AVAILABLE : `${lost} in all`
}

function declaredWaitText(trials: readonly Trial[]): string {
  const per = (name: 'askedNs' | 'actualNs') =>
    medianText(
      trials,
      ({ counters: { declaredWaits } }) =>
        declaredWaits === null ? null : declaredWaits[name] / declaredWaits.count,
      TIME,
    )
  return trials.every(({ counters }) => counters.declaredWaits === null)
    ? NOT_AVAILABLE
    : `asked ${per('askedNs')}, took ${per('actualNs')}`
}

function backgroundText(trials: readonly Trial[]): string {
  const asked = trials[0]?.backgroundShare?.asked
  if (asked === undefined) return NOT_AVAILABLE
  const shares = trials.flatMap(({ backgroundShare }) => backgroundShare?.done ?? [])
  return `${formatShare(asked)} of the processors asked, ${formatShare(medianOf(shares) ?? 0)} done`
}

/** Of the steady state, of no server thread: not known before version 4. */
function runtimeNs(name: 'helperSeconds' | 'mainSeconds'): Reading {
  return ({ runtime }) => {
    const seconds = runtime?.[name] ?? null
    return seconds === null ? null : seconds * NS_PER_SECOND
  }
}

/** Counters that are one number. */
type CounterTotal = Exclude<keyof Counters, 'declaredWaits'>

function perRequest(name: CounterTotal): Reading {
  return (trial) => {
    const total = trial.counters[name]
    const answered = answeredIn(trial)
    return total === null || answered === 0 ? null : total / answered
  }
}

/** Mean size of a batch. */
function ratio(count: CounterTotal, batches: CounterTotal): Reading {
  return ({ counters }) => {
    const [of, by] = [counters[count], counters[batches]]
    return of === null || by === null || by === 0 ? null : of / by
  }
}

function clientNs(trial: Trial, name: 'cpuSeconds' | 'busySeconds'): number | null {
  const answered = answeredIn(trial)
  return trial.client === null || answered === 0
    ? null
    : (trial.client[name] * NS_PER_SECOND) / answered
}

/** Replies of the steady state, to requests of any phase: what the counters were counted over. */
function answeredIn({ achievedPerSecond, steadySeconds }: Trial): number {
  return achievedPerSecond * steadySeconds
}

/** Of the meter that ran before and after the trial. */
function longestHiccupNs({ hiccups }: Trial): number | null {
  const readings = [hiccups.beforeNs, hiccups.afterNs].filter((reading) => reading !== null)
  return readings.length === 0 ? null : Math.max(...readings)
}

function runQueueWaitNs({ threads }: Trial): number | null {
  const waits = threads.flatMap(({ runQueueWaitSeconds }) => runQueueWaitSeconds ?? [])
  if (waits.length === 0 || waits.length < threads.length) return null
  return waits.reduce((sum, wait) => sum + wait * NS_PER_SECOND, 0)
}

/** Counters and memory of both arms at every load, side by side; none when no pair is sound. */
export const counterSections: SectionsOf = ({ pair: report }) => {
  const loads = report.loads
    .map((load) => ({ load, rows: counterRows(report, load) }))
    .filter(({ rows }) => rows.length > 0)
  if (loads.length === 0) return []
  // Some counters are there only at loads that have what they count.
  const labels = new Set(loads.flatMap(({ rows }) => rows.map(([label]) => label)))
  const table = tableBlock({
    caption: 'Counters and memory, medians over pairs',
    corner: 'counter',
    groups: loads.map(({ load }) => ({ text: `load ${loadName(load)}`, span: 2 })),
    columns: loads.flatMap(() => armColumns(report)),
    rows: [...labels].map((label) => [
      label,
      ...loads.flatMap(({ rows }) => {
        const [, first, second] = rows.find(([one]) => one === label) ?? []
        return [first ?? NOT_AVAILABLE, second ?? NOT_AVAILABLE]
      }),
    ]),
  })
  return [{ id: 'counters', link: 'counters', title: 'Counters and memory', blocks: [table] }]
}
