import type { Advance, RunEvent } from '../experiment/run-request.ts'
import { describeObjective } from '../experiment/parse-objective.ts'
import { formatLatency, formatQuantity, PER_SECOND } from '../render/format.ts'
import type { LiveMoment } from '../render/live-block.ts'
import type { Report } from '../results/schema.ts'
import { type ProgressPlan, timeText } from './progress-plan.ts'

/** What a run tells between verdicts. */
export type LiveEvent = Exclude<RunEvent, { kind: 'verdict' }>

/** What a terminal shows of an event. */
export function liveMoment(
  event: LiveEvent,
  report: Report,
  advance: Advance,
  plan: ProgressPlan,
): LiveMoment {
  const { scenario, run } = report
  return {
    place: plan.among?.place ?? null,
    subject: `${scenario.name}: ${phaseText(event, report, plan.loadCount)}`,
    profile: `profile ${run.profile}`,
    fraction: advance.fraction,
    time: timeText(advance, report, plan),
    load: 'load' in event ? event.load : null,
    arm: event.kind === 'trial-ended' ? event.trial.arm : event.arm,
  }
}

/** `starting servers`, or with an arm `warming up: staged`. */
export function doingText({ doing, arm }: Extract<RunEvent, { kind: 'round' }>): string {
  return arm === null ? doing : `${doing}: ${arm}`
}

/** The arm of a trial, and where its set is played again which attempt it is and why: `staged, attempt 2 (noise)`. */
export function attemptText({
  arm,
  attempt,
  cause,
}: Extract<RunEvent, { kind: 'trial-started' }>): string {
  if (attempt === 1) return arm
  return `${arm}, attempt ${attempt}${cause === null ? '' : ` (${cause})`}`
}

function phaseText(event: LiveEvent, report: Report, loadCount: number): string {
  switch (event.kind) {
    case 'round':
      return `round ${event.round}/${event.of}, ${doingText(event)}`
    case 'capacity': {
      const { arm, round, of, perSecond } = event
      const figure = perSecond === null ? 'measuring' : formatQuantity(perSecond, PER_SECOND)
      return `round ${round}/${of}, capacity of ${arm}: ${figure}`
    }
    case 'trial-started': {
      const { load, round, of } = event
      return `round ${round}/${of}, ${loadText(load, report, loadCount)}, measuring ${attemptText(event)}`
    }
    case 'trial-ended': {
      const { load, round, of, trial } = event
      return `round ${round}/${of}, ${loadText(load, report, loadCount)}, ${trial.arm} done`
    }
    case 'repeated': {
      const { load, round, arm, gate, attempt } = event
      return `round ${round}, ${loadText(load, report, loadCount)}, all arms again, attempt ${attempt} (${gate} of ${arm})`
    }
    case 'probe': {
      const { arm, offeredPerSecond } = event
      const at = `${arm} at ${formatQuantity(offeredPerSecond, PER_SECOND)}`
      return `${searchText(report)}, ${at}, ${outcomeText(event)}`
    }
  }
}

/** Rounds visit loads in an order of their own: the number is that of the report. */
function loadText(label: string, { loads }: Report, loadCount: number): string {
  const number = loads.findIndex((load) => load.label === label) + 1
  return `load ${label} (${number}/${loadCount})`
}

function searchText({ objective }: Report): string {
  return objective === null ? 'search' : `search of ${describeObjective(objective)}`
}

function outcomeText({ latency, kept }: Extract<LiveEvent, { kind: 'probe' }>): string {
  if (kept === null) return 'measuring'
  const figure = latency === null ? '' : `${formatLatency(latency)}, `
  return `${figure}${kept ? 'kept' : 'missed'}`
}
