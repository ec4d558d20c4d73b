import { metricName } from '../../asked/quantities.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import type { Advance } from '../../experiment/rounds/pacing.ts'
import type { RunEvent } from '../../experiment/run/request.ts'
import { liveBlock, type LiveMoment } from '../../render/live/block.ts'
import { wrap } from '../../render/terminal/text.ts'
import { trialOfClass } from '../../results/request-class.ts'
import type { ComparisonName, Load, Report, Trial } from '../../results/schema.ts'
import {
  formatEstimate,
  formatLatency,
  formatQuantity,
  formatSpan,
  PER_SECOND,
  RATIO,
} from '../../words/format.ts'
import { goodputOf, metricAt } from '../../words/metrics.ts'
import { objectiveText } from '../../words/verdict.ts'
import { figureText, leftText } from './points.ts'
import {
  canRewrite,
  LiveDrawer,
  liveOptions,
  ProgressLine,
  type ProgressSink,
  type TerminalEnvironment,
} from './terminal.ts'

/** What a run tells between verdicts. */
export type LiveEvent = Exclude<RunEvent, { kind: 'verdict' }>

/** What a terminal shows of an event. */
export function liveMoment(
  event: LiveEvent,
  report: Report,
  advance: Advance,
  among: Among | null,
): LiveMoment {
  const { scenario, run } = report
  return {
    place: among?.place ?? null,
    subject: `${scenario.name}: ${phaseText(event, report)}`,
    profile: `profile ${run.profile}`,
    fraction: advance.fraction,
    time: timeText(advance, report, among),
    load: 'load' in event ? event.load : null,
    arm: event.kind === 'trial-ended' ? event.trial.arm : event.arm,
  }
}

/** `starting servers`, or with an arm `warming up: staged`. */
function doingText({ doing, arm }: Extract<RunEvent, { kind: 'round' }>): string {
  return arm === null ? doing : `${doing}: ${arm}`
}

/** The arm of a trial, and where its set is played again why, and which attempt it is: `staged, repeating: noise (attempt 2)`. */
function attemptText({
  arm,
  attempt,
  cause,
}: Extract<RunEvent, { kind: 'trial-started' }>): string {
  if (attempt === 1) return arm
  return `${arm}, repeating${cause === null ? '' : `: ${cause}`} (attempt ${attempt})`
}

/** What a block and a line say each in words of their own. */
interface Wording {
  /** Where a set stands. */
  readonly at: (set: {
    readonly load: string
    readonly round: number
    readonly of?: number
  }) => string
  readonly probe: (event: Extract<LiveEvent, { kind: 'probe' }>) => string
}

function eventText(event: LiveEvent, { at, probe }: Wording): string {
  switch (event.kind) {
    case 'round':
      return `${roundText(event)}, ${doingText(event)}`
    case 'capacity': {
      const { arm, perSecond } = event
      const figure = perSecond === null ? 'measuring' : formatQuantity(perSecond, PER_SECOND)
      return `${roundText(event)}, capacity of ${arm}: ${figure}`
    }
    case 'trial-started':
      return `${at(event)}, measuring ${attemptText(event)}`
    case 'trial-ended':
      return `${at(event)}, ${event.trial.arm} done`
    case 'repeated': {
      const { arm, gate, attempt } = event
      return `${at(event)}, repeating: ${gate} of ${arm} (attempt ${attempt})`
    }
    case 'probe':
      return probe(event)
  }
}

function roundText({ round, of }: { readonly round: number; readonly of?: number }): string {
  return `round ${round}${of === undefined ? '' : `/${of}`}`
}

function phaseText(event: LiveEvent, report: Report): string {
  return eventText(event, {
    at: (set) => `${roundText(set)}, ${loadText(set.load, report)}`,
    probe: ({ arm, offeredPerSecond, latency, kept }) => {
      const outcome = outcomeText(kept, latency === null ? '' : `${formatLatency(latency)}, `)
      return `${searchText(report)}, ${arm} at ${formatQuantity(offeredPerSecond, PER_SECOND)}, ${outcome}`
    },
  })
}

/** Rounds visit loads in an order of their own: the number is that of the report. */
function loadText(label: string, { loads }: Report): string {
  const number = loads.findIndex((load) => load.label === label) + 1
  return `load ${label} (${number}/${loads.length})`
}

function searchText({ objective }: Report): string {
  return objective === null ? 'search' : `search of ${objectiveText(objective)}`
}

function outcomeText(kept: boolean | null, told: string): string {
  if (kept === null) return 'measuring'
  return `${told}${kept ? 'kept' : 'missed'}`
}

/** Tells how a run goes on. `end` must be called before anything else is printed. */
export interface Progress {
  readonly onEvent: (event: RunEvent, report: Report, advance: Advance) => void
  readonly end: () => void
}

/**
 * On a terminal a block of lines that is drawn anew, on a small one a line; else, and where nothing can be rewritten, a
 * line per finished trial. Verdicts stay in all of them, but for those of several runs, which are told with each one’s result. Nothing is drawn between events: a spinner would take processor
 * time from the trial that it announces.
 */
export function createProgress(
  sink: ProgressSink,
  among: Among | null,
  environment: TerminalEnvironment = process.env,
): Progress {
  return canRewrite(sink, environment)
    ? rewrittenProgress(sink, among, environment)
    : plainProgress(sink, among)
}

function plainProgress(sink: ProgressSink, among: Among | null): Progress {
  // Also on a terminal that cannot rewrite.
  const line = new ProgressLine({ write: (text) => sink.write(text) })
  return {
    onEvent(event, report, advance) {
      if (event.kind === 'verdict') {
        if (among === null) line.keep(event.sentence)
      } else if (!isBeginning(event)) line.keep(lineText(event, report, advance))
    },
    end() {},
  }
}

/** A terminal may be resized: whether there is room for the block is asked at each event. */
function rewrittenProgress(
  sink: ProgressSink,
  among: Among | null,
  environment: TerminalEnvironment,
): Progress {
  const line = new ProgressLine(sink)
  const drawer = new LiveDrawer(sink)
  let isLine = false
  return {
    onEvent(event, report, advance) {
      const options = liveOptions(sink, environment)
      if (options === null) drawer.end()
      else if (isLine) line.end()
      isLine = options === null
      if (event.kind === 'verdict') {
        if (among !== null) return
        if (options === null) line.keep(event.sentence)
        else drawer.keep(wrap(event.sentence, options.columns, 2))
      } else if (options === null) {
        line.draw(lineText(event, report, advance))
      } else {
        drawer.draw(liveBlock(report, liveMoment(event, report, advance, among), options))
      }
    },
    end() {
      if (isLine) line.end()
      else drawer.end()
    },
  }
}

function lineText(event: LiveEvent, report: Report, advance: Advance): string {
  return `${leftText(advance)}, ${describe(event, report)}`
}

/** What a log can do without: it gets a line when something is done, and when a round begins. */
function isBeginning(event: LiveEvent): boolean {
  if (event.kind === 'round') return event.arm !== null
  if (event.kind === 'capacity') return event.perSecond === null
  if (event.kind === 'probe') return event.kept === null
  return event.kind === 'trial-started'
}

function describe(event: LiveEvent, report: Report): string {
  return eventText(event, {
    at: (set) => `${set.load} ${roundText(set)}${runningFigures(set.load, report)}`,
    probe: ({ arm, offeredPerSecond, latency, kept }) => {
      const figure = report.objective?.percentile.replace('_', '.') ?? 'latency'
      const told = latency === null ? `no ${figure}` : `${figure} ${formatLatency(latency)}`
      const outcome = outcomeText(kept, `${told}, objective `)
      return `${arm} at ${formatQuantity(offeredPerSecond, PER_SECOND)}: ${outcome}`
    },
  })
}

/** Where a run stands among several, and the planned seconds of those after it. */
export interface Among {
  readonly place: string
  readonly secondsAfter: number
}

/** `48 %, 42 s left`, of several runs also `12 min left in all`; with a precision, at most so much. */
export function timeText(advance: Advance, { run }: Report, among: Among | null): string {
  const bound = run.precision === null ? '' : 'at most '
  const own = `${Math.floor(advance.fraction * 100)} %, ${bound}${leftText(advance)}`
  if (among === null) return own
  return `${own}, ${bound}${formatSpan(advance.secondsLeft + among.secondsAfter)} left in all`
}

/** What is known at a load: the last figure of each arm, and the first comparison's ratio over its pairs so far; empty at first. */
function runningFigures(label: string, report: Report): string {
  const load = report.loads.find((candidate) => candidate.label === label)
  if (load === undefined) return ''
  const metric = metricAt(load, report.run.metric)
  const latest = report.arms.flatMap(({ label: arm }) => {
    const trial = load.sets.findLast(({ trials }) => trials[arm] !== undefined)?.trials[arm]
    return trial === undefined
      ? []
      : `${arm} ${figureOf(trialOfClass(trial, report.run.requestClass), metric)}`
  })
  const ratio = runningRatio(load, metric, report.run.level)
  return [
    latest.length > 0 ? `, ${metricName(metric)} ${latest.join(', ')}` : '',
    ratio === undefined ? '' : `, ratio ${ratio}`,
  ].join('')
}

function figureOf(trial: Trial, metric: ComparisonName): string {
  const seconds = trial.counters.cpuSecondsPerRequest
  const cpuPerRequestNs = seconds === null ? null : seconds * NS_PER_SECOND
  return figureText(
    { ...trial, goodputPerSecond: goodputOf(trial) ?? undefined, cpuPerRequestNs },
    metric,
  )
}

/** With its interval as soon as there are pairs enough for one of the run's level. */
function runningRatio(load: Load, metric: ComparisonName, level: number): string | undefined {
  const ratio = load.comparisons[0]?.ratios?.[metric]
  if (ratio === undefined || ratio === null) return undefined
  const hasInterval = ratio.level !== null && ratio.level >= level
  return hasInterval ? formatEstimate(ratio, RATIO) : formatQuantity(ratio.value, RATIO)
}
