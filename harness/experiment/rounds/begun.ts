import type { LoadedScenario } from '../../asked/requests.ts'
import { wallClock } from '../../base/clock.ts'
import type { Arm } from '../../contract/architecture.ts'
import { readEnvironment } from '../../measure/environment.ts'
import type { Report } from '../../results/schema.ts'

/** What decides every measurement of a scenario by rounds, whatever else it is asked for. */
export interface AskedMeasurement {
  readonly loaded: LoadedScenario
  /** Confidence that an outcome needs, e.g. 0.95. */
  readonly level: number
  /** The class of requests that latencies are of. @default null, all requests */
  readonly requestClass?: string | null
  /** Steady state of one trial at a load. */
  readonly durationSeconds: number
  /** Right answers are all that it is about: the shortest warm-up, nothing played again. @default false */
  readonly answersOnly?: boolean
  /** Nothing is started that would end after so long; null for no limit. */
  readonly budgetSeconds: number | null
  /** Processors that the servers may use. */
  readonly cpus: readonly number[]
  readonly seed: number
  /** The command line to repeat it. */
  readonly command: string
}

/** What their results have in common. */
interface Begun extends Pick<
  Report,
  'complete' | 'ending' | 'environment' | 'scenario' | 'warnings'
> {
  readonly run: Pick<
    Report['run'],
    | 'startedAt'
    | 'command'
    | 'seed'
    | 'elapsedSeconds'
    | 'cpus'
    | 'durationSeconds'
    | 'level'
    | 'requestClass'
  >
}

/** What their results have in common before anything is measured. @param pinned whether threads can be bound to processors */
export function begun(request: AskedMeasurement, pinned: boolean): Begun {
  const { scenario, params, sources } = request.loaded
  const { command, seed, cpus, durationSeconds, level, requestClass = null } = request
  const startedAt = wallClock().toISOString()
  return {
    complete: false,
    ending: null,
    run: {
      startedAt,
      command,
      seed,
      elapsedSeconds: 0,
      cpus: [...cpus],
      durationSeconds,
      level,
      requestClass,
    },
    environment: readEnvironment(pinned),
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim ?? null,
      prediction: scenario.prediction ? { ...scenario.prediction } : null,
      params: { ...params },
      defaults: defaultsOf(scenario),
      ...(sources && { sources: { ...sources } }),
    },
    warnings: [],
  }
}

/** What a scenario's parameters are where nobody says otherwise. */
export function defaultsOf({
  params,
}: LoadedScenario['scenario']): Record<string, number | string> {
  return Object.fromEntries(Object.entries(params).map(([name, spec]) => [name, spec.default]))
}

/** Arms as results keep them. */
export function keptArms(arms: readonly Arm[]): Report['arms'] {
  return arms.map((arm) => ({ ...arm, options: { ...arm.options } }))
}

/** For no metric is anything known. */
export function nothingOf<Metric extends string>(metrics: readonly Metric[]): Record<Metric, null> {
  return Object.fromEntries(metrics.map((metric) => [metric, null])) as Record<Metric, null>
}
