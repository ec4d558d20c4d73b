import type { ClaimEvent } from '../../experiment/claims/plan.ts'
import type { AblationEvent } from '../../experiment/ablate/plan.ts'
import type { FindEvent } from '../../experiment/find/plan.ts'
import type { Advance } from '../../experiment/rounds/pacing.ts'
import type { SweepEvent } from '../../experiment/sweep/plan.ts'
import type { ValidationEvent } from '../../experiment/validate/state.ts'
import { shortCrossingText } from '../../render/find/sentence.ts'
import { judgedRatio, metricText } from '../../render/sweep/sentence.ts'
import { validationRowText } from '../../render/validate.ts'
import type { Claims } from '../../results/claims.ts'
import type { Ablation } from '../../results/ablate.ts'
import type { CrossingSearch } from '../../results/find.ts'
import type { PointTrial } from '../../results/points.ts'
import type { ComparisonName, Estimate } from '../../results/schema.ts'
import type { Sweep } from '../../results/sweep.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  formatSpan,
  formatTime,
  NOT_AVAILABLE,
  PER_SECOND,
  RATIO,
  valueText,
} from '../../words/format.ts'
import { estimateText } from '../../words/claims.ts'
import { isLatency } from '../../words/metrics.ts'
import { ProgressLine, type ProgressSink } from './terminal.ts'

/** Tells how a measurement of many trials goes on. `end` must be called before anything else is printed. */
export interface TrialProgress<Event, Result> {
  readonly onEvent: (event: Event, result: Result, advance: Advance) => void
  readonly end: () => void
}

/** On a terminal one line that is rewritten, else a line per finished trial. */
function trialProgress<Event extends { readonly trial: unknown }, Result>(
  sink: ProgressSink,
  textOf: (event: Event, result: Result, left: string) => string,
): TrialProgress<Event, Result> {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, result, advance) {
      const text = textOf(event, result, leftText(advance))
      if (line.isRewritten) line.draw(text)
      else if (event.trial !== null) line.keep(text)
    },
    end: () => line.end(),
  }
}

/** How a sweep goes on. */
export function createSweepProgress(sink: ProgressSink): TrialProgress<SweepEvent, Sweep> {
  return trialProgress(sink, (event, sweep, left) => {
    const { part, round, of, value, arm, trial, doing } = event
    const { over, run } = sweep
    const isEverywhere = part === null && over.subject === 'load'
    const where = isEverywhere ? '' : ` at ${over.name} ${valueText(over, value)}`
    const place = `${left}, round ${round}/${of}`
    if (part === null) return `${place}, ${doing}${where}${arm === null ? '' : ` of ${arm}`}`
    const what = part === 'closed' ? 'throughput' : 'latency'
    const figure = trial === null ? doing : namedFigure(part, trial, run.metric)
    const here = sweep.values.find((candidate) => candidate.value === value)
    const ratio = here ? judgedRatio(sweep, here) : null
    return `${place}, ${what}${where}: ${arm} ${figure}${ratioText('ratio', ratio)}`
  })
}

/** How a search goes on. The crossing so far stands first: a narrow terminal cuts the end off. */
export function createFindProgress(sink: ProgressSink): TrialProgress<FindEvent, CrossingSearch> {
  return trialProgress(sink, (event, search, left) => {
    const { part, pair, value, arm, trial, doing } = event
    const { over, run } = search
    const at = ` at ${over.name} ${valueText(over, value)}`
    const place = `at most ${left}, ${shortCrossingText(search)}, pair ${pair}`
    if (part === null) return `${place}, ${doing}${at}${arm === null ? '' : ` of ${arm}`}`
    return `${place}${at}: ${arm} ${trial === null ? doing : figureText(trial, metricOf(part, run.metric))}`
  })
}

/** How an ablation goes on. */
export function createAblationProgress(sink: ProgressSink): TrialProgress<AblationEvent, Ablation> {
  return trialProgress(sink, (event, ablation, left) => {
    const { part, group, round, of, arm, trial, doing } = event
    const which = arm === null ? '' : `arm ${arm + 1}/${ablation.arms.length}`
    if (part === null)
      return `${left}, round ${round}/${of}, ${doing}${which === '' ? '' : `: ${which}`}`
    const isClosed = part === 'capacity'
    const what = isClosed ? 'throughput' : `p99 at ${ablation.load?.label ?? ''}`
    const who = group === 'ends' ? 'ends alone' : 'chain'
    const figure = isClosed
      ? trial && formatQuantity(trial.achievedPerSecond, PER_SECOND)
      : trial && formatLatency(trial.p99)
    const ratio = isClosed ? ablation.product.throughput : ablation.product.p99
    return `${left}, ${what}, round ${round}/${of}, ${who}: ${which} ${figure ?? doing}${ratioText('last ÷ first', ratio)}`
  })
}

/** How a test of claims goes on. */
export function createClaimsProgress(sink: ProgressSink): TrialProgress<ClaimEvent, Claims> {
  return trialProgress(
    sink,
    ({ id, number, of, round, rounds, what, trial, doing }, claims, left) => {
      const claim = claims.claims[number - 1]
      const first = claim?.figures[0]
      const sofar = first?.estimate == null ? '' : `, ${estimateText(first)} so far`
      const which = of === 1 ? id : `${id} (${number}/${of})`
      const p99 = trial?.figures['p99'] ?? null
      const done = typeof p99 === 'number' ? `p99 ${formatTime(p99)}` : doing
      return `${left}, ${which}, round ${round}/${rounds}: ${what === null ? '' : `${what}, `}${done}${sofar}`
    },
  )
}

/** How a validation goes on: every row stays, what is being measured is told on a terminal only. */
export function createValidationProgress(sink: ProgressSink): {
  readonly onEvent: (event: ValidationEvent, doneFraction: number) => void
  readonly end: () => void
} {
  const line = new ProgressLine(sink)
  return {
    onEvent(event, doneFraction) {
      if (event.kind === 'row') line.keep(validationRowText(event.row))
      else line.draw(doneText(doneFraction, `${event.part}: ${event.what}`))
    },
    end: () => line.end(),
  }
}

/** How a calibration goes on; of use on a terminal only. */
export function createCalibrationProgress(sink: ProgressSink): {
  readonly onEvent: (what: string, doneFraction: number) => void
  readonly end: () => void
} {
  const line = new ProgressLine(sink)
  return {
    onEvent: (what, doneFraction) => line.draw(doneText(doneFraction, what)),
    end: () => line.end(),
  }
}

function doneText(fraction: number, what: string): string {
  return `${Math.floor(fraction * 100)} % done, ${what}`
}

/** `p99 1.23 ms`; a throughput needs no name. */
function namedFigure(part: 'load' | 'closed', trial: PointTrial, metric: ComparisonName): string {
  return `${part === 'load' && isLatency(metric) ? `${metricText(metric, null)} ` : ''}${figureText(trial, metricOf(part, metric))}`
}

/** A closed window is about throughput. */
function metricOf(part: 'load' | 'closed', metric: ComparisonName): ComparisonName {
  return part === 'closed' ? 'achievedPerSecond' : metric
}

/** Over the pairs or whole rounds so far. */
function ratioText(name: string, ratio: Estimate | null): string {
  return ratio === null ? '' : `, ${name} ${formatEstimate(ratio, RATIO)}`
}

/** `30 s left`: something is left as long as this is asked, it never says 0 s. */
export function leftText({ secondsLeft }: Advance): string {
  return `${formatSpan(Math.max(1, secondsLeft))} left`
}

/** What a trial says about a metric; a point's has no counters. */
export function figureText(
  trial: Pick<PointTrial, 'percentiles' | 'achievedPerSecond' | 'cpuPerRequestNs'> & {
    readonly goodputPerSecond?: number | undefined
  },
  metric: ComparisonName,
): string {
  if (metric === 'achievedPerSecond') return formatQuantity(trial.achievedPerSecond, PER_SECOND)
  if (metric === 'goodputPerSecond')
    return trial.goodputPerSecond === undefined
      ? NOT_AVAILABLE
      : formatQuantity(trial.goodputPerSecond, PER_SECOND)
  if (metric !== 'cpuPerRequest') return formatLatency(trial.percentiles[metric])
  return trial.cpuPerRequestNs === null ? NOT_AVAILABLE : formatTime(trial.cpuPerRequestNs)
}
