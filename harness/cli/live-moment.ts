import type { RunEvent } from '../experiment/run-request.ts'
import { describeObjective } from '../experiment/parse-objective.ts'
import { formatLatency, formatQuantity, PER_SECOND } from '../render/format.ts'
import type { LiveMoment } from '../render/live-block.ts'
import type { Report, Trial } from '../results/schema.ts'
import { type ProgressPlan, progressTime, timeText } from './progress-plan.ts'

/** What a run tells between verdicts. */
export type LiveEvent = Exclude<RunEvent, { kind: 'verdict' }>

/** What a terminal shows of an event. */
export function liveMoment(
  event: LiveEvent,
  report: Report,
  doneFraction: number,
  plan: ProgressPlan,
): LiveMoment {
  const { scenario, run } = report
  const time = progressTime(report, doneFraction, plan, event.kind === 'reference')
  return {
    place: plan.among?.place ?? null,
    subject: `${scenario.name}: ${phaseText(event, report, plan.loadCount)}`,
    profile: `profile ${run.profile}`,
    fraction: time.fraction,
    time: timeText(time, report, plan),
    load: 'load' in event ? event.load : null,
    arm: event.kind === 'trial-ended' ? event.trial.arm : event.arm,
  }
}

function phaseText(event: LiveEvent, report: Report, loadCount: number): string {
  switch (event.kind) {
    case 'capacity': {
      const { arm, trial, of, perSecond } = event
      const figure =
        perSecond === null
          ? `measuring ${arm}`
          : `${arm} done: ${formatQuantity(perSecond, PER_SECOND)}`
      return `capacity, trial ${trial}/${of}, ${figure}`
    }
    case 'trial-started': {
      const { load, pair, of, arm } = event
      const discarded = discardedTrials(event, report)
      const doing =
        discarded.length === 0
          ? `measuring ${arm}`
          : attemptText(arm, discarded.length + 1, failedGates(discarded.at(-1)!))
      return `${loadText(load, report, loadCount)}, pair ${pair}/${of}, ${doing}`
    }
    case 'trial-ended': {
      const { load, pair, of, trial } = event
      return `${loadText(load, report, loadCount)}, pair ${pair}/${of}, ${trial.arm} done`
    }
    case 'repeated': {
      const { load, pair, arm, gate, attempt } = event
      return `${loadText(load, report, loadCount)}, pair ${pair}, ${attemptText(arm, attempt, gate)}`
    }
    case 'probe': {
      const { arm, offeredPerSecond } = event
      const at = `${arm} at ${formatQuantity(offeredPerSecond, PER_SECOND)}`
      return `${searchText(report)}, ${at}, ${outcomeText(event)}`
    }
    case 'reference':
      return `beside them, measuring ${event.arm}`
  }
}

function loadText(label: string, { loads }: Report, loadCount: number): string {
  const number = loads.findIndex((load) => load.label === label) + 1
  return `load ${label} (${number}/${loadCount})`
}

/** A repeated trial says so, and why, as long as it is measured. */
function attemptText(arm: string, attempt: number, gates: string): string {
  return `${arm} attempt ${attempt} (${gates})`
}

/** Those that the trial which begins repeats, the last one at the end. */
function discardedTrials(
  { load: label, pair: number, arm }: Extract<LiveEvent, { kind: 'trial-started' }>,
  { loads }: Report,
): readonly Trial[] {
  const pair = loads.find((load) => load.label === label)?.pairs[number - 1]
  return pair?.discarded.filter((trial) => trial.arm === arm) ?? []
}

function failedGates({ gates }: Trial): string {
  return gates
    .filter(({ passed }) => !passed)
    .map(({ name }) => name)
    .join(', ')
}

function searchText({ objective }: Report): string {
  return objective === null ? 'search' : `search of ${describeObjective(objective)}`
}

function outcomeText({ latency, kept }: Extract<LiveEvent, { kind: 'probe' }>): string {
  if (kept === null) return 'measuring'
  const figure = latency === null ? '' : `${formatLatency(latency)}, `
  return `${figure}${kept ? 'kept' : 'missed'}`
}
