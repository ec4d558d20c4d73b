import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import type { CellMetric, CriterionMetric, FigureUnit, RoundFigure } from '../contract/claim.ts'
import type { ComparisonName, Trial } from '../results/schema.ts'
import type { Figure } from '../stats/ratio-over-pairs.ts'
import { figureOf as comparedFigure } from './metrics.ts'

/** What a figure is, whatever its unit. */
export type Dimension = 'time' | 'rate' | 'number'

/** What criteria ask trials for. */
interface ClaimMetric {
  /** Behind a cell’s name. */
  readonly label: string
  readonly dimension: Dimension
  /** A latency says nothing of a server that does not keep up, nor of a closed window. */
  readonly isLatency: boolean
  /** Nanoseconds, requests per second, or a number; null where the trial has no such figure, or not of that class. */
  readonly read: (trial: Trial, ofClass?: string) => Figure | null
}

function latency(label: string, name: ComparisonName): ClaimMetric {
  return {
    label,
    dimension: 'time',
    isLatency: true,
    read: (trial, ofClass) => {
      if (ofClass === undefined) return comparedFigure(trial, name)
      const part = trial.classes?.find((one) => one.name === ofClass)
      return part === undefined ? null : comparedFigure({ ...trial, ...part }, name)
    },
  }
}

type Read = ClaimMetric['read']

function number(label: string, read: Read): ClaimMetric {
  return { label, dimension: 'number', isLatency: false, read }
}

function latencyShare(label: string, read: Read): ClaimMetric {
  return { label, dimension: 'number', isLatency: true, read }
}

/** The one table of what criteria can ask for. */
export const CLAIM_METRICS: Readonly<Record<CriterionMetric, ClaimMetric>> = {
  p50: latency('p50', 'p50'),
  p90: latency('p90', 'p90'),
  p99: latency('p99', 'p99'),
  'p99.9': latency('p99.9', 'p99_9'),
  max: latency('longest latency', 'max'),
  spread: { label: 'p99.9 − p50', dimension: 'time', isLatency: true, read: spreadOf },
  throughput: {
    label: 'throughput',
    dimension: 'rate',
    isLatency: false,
    read: (trial) => comparedFigure(trial, 'achievedPerSecond'),
  },
  /** Counted when the time is known within which answers are useful. */
  goodput: { label: 'goodput', dimension: 'rate', isLatency: false, read: () => null },
  cpu: { label: 'CPU per request', dimension: 'time', isLatency: false, read: cpuOf },
  answeredShare: number('share answered', ({ counts }) =>
    counts.due === 0 ? null : counts.completed / counts.due,
  ),
  switches: number('switches per request', (trial) => trial.counters.contextSwitchesPerRequest),
  parks: number('parks per request', perRequest('parks')),
  wakeUps: number('wake-ups per request', perRequest('wakeUps')),
  handoffs: number('handoffs per request', perRequest('handoffs')),
  messages: number('messages per request', perRequest('messages')),
  minorFaults: number('minor faults per request', perRequest('minorFaults')),
  majorFaults: number('major faults per request', perRequest('majorFaults')),
  lockWait: {
    label: 'lock wait per request',
    dimension: 'time',
    isLatency: false,
    read: perRequest('lockWaitNs'),
  },
  lockWaitShare: latencyShare('share of lock wait in the slowest 1 %', partOf('lock wait')),
  queueWaitShare: latencyShare('share of queue wait in the slowest 1 %', partOf('queue wait')),
  serviceShare: latencyShare('share of service in the slowest 1 %', partOf('service')),
  beyondWait: latencyShare('median beyond the wait ÷ the wait', beyondWaitOf),
  waitLateness: number('lateness of waits ÷ the wait', latenessOf),
  lateWindows: latencyShare('share of windows with p99 > 1 ms', lateWindowsOf),
  stallsPlanted: number(
    'planted stalls',
    stallsOf(({ planted }) => planted),
  ),
  stallsNamed: number(
    'planted stalls named',
    stallsOf(({ plantedNamed }) => plantedNamed),
  ),
  stallsBesides: number(
    'stalls named besides',
    stallsOf(({ named, plantedNamed }) => named - plantedNamed),
  ),
}

function spreadOf(trial: Trial): Figure | null {
  const [median, tail] = [comparedFigure(trial, 'p50'), comparedFigure(trial, 'p99_9')]
  if (median === null || tail === null) return null
  return median === 'unanswered' || tail === 'unanswered' ? 'unanswered' : tail - median
}

function cpuOf({ counters }: Trial): Figure | null {
  const seconds = counters.cpuSecondsPerRequest
  return seconds === null ? null : seconds * NS_PER_SECOND
}

type Counted =
  | 'parks'
  | 'wakeUps'
  | 'handoffs'
  | 'messages'
  | 'minorFaults'
  | 'majorFaults'
  | 'lockWaitNs'

function perRequest(counter: Counted): Read {
  return ({ counters, counts }) => {
    const count = counters[counter]
    return count === null || counts.completed === 0 ? null : count / counts.completed
  }
}

/** Parts of one name add up: `queue wait: decode` and `queue wait: apply` are waits for queues. */
function partOf(name: string): Read {
  return ({ attribution }) => {
    const band = attribution?.bands.slowest ?? null
    if (attribution === null || band === null || band.latencyNs === 0) return null
    const ofName = band.partsNs.filter(
      (_, part) => attribution.parts[part]!.replace(/:.*/, '') === name,
    )
    return ofName.reduce((sum, ns) => sum + ns, 0) / band.latencyNs
  }
}

function beyondWaitOf(trial: Trial): Figure | null {
  const waits = trial.counters.declaredWaits
  const median = comparedFigure(trial, 'p50')
  if (waits === null || waits.count === 0 || median === null) return null
  const askedNs = waits.askedNs / waits.count
  return median === 'unanswered' ? median : (median - askedNs) / askedNs
}

function latenessOf({ counters }: Trial): Figure | null {
  const waits = counters.declaredWaits
  return waits === null || waits.askedNs === 0 ? null : waits.actualNs / waits.askedNs - 1
}

/** Null where nobody looked. */
function stallsOf(count: (stage: NonNullable<Trial['stalls']>['stages'][number]) => number): Read {
  return ({ stalls }) => stalls?.stages.reduce((sum, stage) => sum + count(stage), 0) ?? null
}

function lateWindowsOf({ series }: Trial): Figure | null {
  return series.length === 0
    ? null
    : series.filter(({ p99Ns }) => p99Ns > NS_PER_MS).length / series.length
}

/** Under which a result keeps a trial's figure. */
export function metricKey({ metric, class: ofClass }: Omit<CellMetric, 'cell'>): string {
  return ofClass === undefined ? metric : `${metric} ${ofClass}`
}

/** What a reader calls it: `p99 of innocent`. */
export function metricLabel({ metric, class: ofClass }: Omit<CellMetric, 'cell'>): string {
  const { label } = CLAIM_METRICS[metric]
  return ofClass === undefined ? label : `${label} of ${ofClass}`
}

/** What a figure is made of; null where it mixes what cannot be: a time and a rate. */
export function dimensionOf(figure: RoundFigure): Dimension | null {
  if ('cell' in figure) return CLAIM_METRICS[figure.metric].dimension
  if ('growth' in figure) return CLAIM_METRICS[figure.growth.metric].dimension
  if ('difference' in figure) return sameDimension(figure.difference)
  const parts = 'ratio' in figure ? figure.ratio : Object.values(figure.share)
  return sameDimension(parts) === null ? null : 'number'
}

function sameDimension(figures: readonly RoundFigure[]): Dimension | null {
  const [first, ...others] = figures.map(dimensionOf)
  return others.every((other) => other === first) ? first! : null
}

/** What units measure, and how much one is: of nanoseconds, requests per second, or one. */
export const FIGURE_UNIT_SIZES: Readonly<
  Record<FigureUnit, { readonly dimension: Dimension; readonly size: number }>
> = {
  '×': { dimension: 'number', size: 1 },
  '%': { dimension: 'number', size: 0.01 },
  '': { dimension: 'number', size: 1 },
  ns: { dimension: 'time', size: 1 },
  µs: { dimension: 'time', size: NS_PER_US },
  ms: { dimension: 'time', size: NS_PER_MS },
  '/s': { dimension: 'rate', size: 1 },
}
