import { wallClock } from '../../base/clock.ts'
import { valueText } from '../../words/format.ts'
import { readEnvironment } from '../../measure/environment.ts'
import { COMPARISON_NAMES, type ComparisonName } from '../../results/schema.ts'
import { type Sweep, SWEEP_VERSION } from '../../results/sweep.ts'
import { needsCapacity, referenceText } from '../points/load.ts'
import { measurePoints } from '../points/measure-points.ts'
import { timerBoundWarning } from '../timer-bound.ts'
import { capacityValues, type SweepHooks, type SweepRequest } from './plan.ts'
import { SweepRounds } from './rounds.ts'

/** The result before anything is measured. @param pinned whether threads can be bound to processors */
export function emptySweep(request: SweepRequest, pinned: boolean): Sweep {
  const { loaded, arms, range } = request
  const { scenario, params } = loaded
  const { [range.subject === 'parameter' ? range.name : '']: _, ...fixed } = params
  return {
    schemaVersion: SWEEP_VERSION,
    complete: false,
    ending: null,
    run: {
      startedAt: wallClock().toISOString(),
      command: request.command,
      seed: request.seed,
      elapsedSeconds: 0,
      cpus: [...request.cpus],
      virtualCores: request.virtualCores,
      durationSeconds: request.durationSeconds,
      plannedPairs: request.pairs,
      throughput: request.throughput,
      plannedCapacityPairs: request.capacityPairs,
      metric: request.metric,
      level: request.level,
    },
    environment: readEnvironment(pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      prediction: scenario.prediction ? { ...scenario.prediction } : null,
      params: fixed,
    },
    predictionOutcome: null,
    arms: arms.map((arm) => ({ ...arm, options: { ...arm.options } })),
    over: {
      subject: range.subject,
      name: range.name,
      unit: range.unit,
      integer: range.integer,
    },
    load: emptyLoad(request),
    values: range.values.map((value) => ({
      value,
      offeredPerSecond: null,
      figures: {},
      ratios: nothing(),
      outcome: 'unknown',
      timerBound: null,
      capacity: null,
      pairs: [],
    })),
    capacityPairs: [],
    scaling: null,
    slopes: null,
    markedTrials: { count: 0, of: 0, byGate: {} },
    warnings: [],
  }
}

function emptyLoad(request: SweepRequest): Sweep['load'] {
  const { range, load } = request
  const ends = [range.from, range.to].map((end) => valueText(range, end))
  return {
    label: range.subject === 'load' ? ends.join('..') : load.label,
    reference: needsCapacity(request) ? referenceText(range, capacityValues(request)) : null,
    referencePerSecond: null,
    sustained: [],
    perCore: range.subject === 'cores',
  }
}

/** For no metric is anything known. */
function nothing(): Record<ComparisonName, null> {
  const entries = COMPARISON_NAMES.map((metric) => [metric, null])
  return Object.fromEntries(entries) as Record<ComparisonName, null>
}

/**
 * Measures both arms at every value of one parameter. `hooks.save` gets the result after every trial, so that one that
 * ends early has lost nothing: since rounds visit all values, it has fewer pairs everywhere. Then it says
 * `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function runSweep(request: SweepRequest, hooks: SweepHooks): Promise<Sweep> {
  let sweep: Sweep | undefined
  await measurePoints({
    request,
    signal: hooks.signal,
    begin: (pinned, pacing) => {
      sweep = emptySweep(request, pinned)
      const plan = new SweepRounds(request, sweep, pacing, hooks)
      const { warnings, values } = sweep
      return {
        result: sweep,
        plan,
        save: () => plan.save(),
        conclude: () => {
          const warning = timerBoundWarning(request.range, values, consequenceOf(request))
          if (warning !== null) warnings.push(warning)
        },
      }
    },
  })
  return sweep!
}

function consequenceOf({ metric }: SweepRequest): string {
  return metric === 'achievedPerSecond'
    ? 'latencies say nothing there, throughput does'
    : 'no winner is named there'
}
