import { wallClock } from '../base/clock.ts'
import { valueText } from '../base/value-text.ts'
import { readEnvironment } from '../measure/environment.ts'
import { CROSSING_VERSION } from '../results/crossing.ts'
import type { CrossingSearch } from '../results/crossing.ts'
import { capacityValues, isClosed } from './find-plan.ts'
import type { FindRequest } from './find-request.ts'
import { needsCapacity, referenceText } from './points/point-load.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptySearch(request: FindRequest, pinned: boolean): CrossingSearch {
  const { loaded, arms, range } = request
  const { scenario, params } = loaded
  const { [range.subject === 'parameter' ? range.name : '']: _, ...fixed } = params
  return {
    schemaVersion: CROSSING_VERSION,
    complete: false,
    ending: null,
    end: null,
    run: {
      startedAt: wallClock().toISOString(),
      command: request.command,
      seed: request.seed,
      elapsedSeconds: 0,
      cpus: [...request.cpus],
      virtualCores: request.virtualCores,
      durationSeconds: request.durationSeconds,
      metric: request.metric,
      level: request.level,
      until: request.until,
      mostPairs: request.mostPairs,
    },
    environment: readEnvironment(pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      prediction: scenario.prediction ? { ...scenario.prediction } : null,
      params: fixed,
    },
    arms: arms.map((arm) => ({ ...arm, options: { ...arm.options } })),
    over: {
      subject: range.subject,
      name: range.name,
      unit: range.unit,
      integer: range.integer,
      from: range.from,
      to: range.to,
    },
    load: emptyLoad(request),
    values: [],
    crossing: null,
    capacityPairs: [],
    markedTrials: { count: 0, of: 0, byGate: {} },
    warnings: [],
  }
}

function emptyLoad(request: FindRequest): CrossingSearch['load'] {
  const { range, load } = request
  const isRelative = !isClosed(request) && needsCapacity(request)
  const ends = [range.from, range.to].map((end) => valueText(range, end)).join('..')
  const label = range.subject === 'load' ? ends : load.label
  return {
    label: isClosed(request) ? 'max' : label,
    reference: isRelative ? referenceText(range, capacityValues(request)) : null,
    referencePerSecond: null,
    sustained: [],
    perCore: range.subject === 'cores',
  }
}
