import { type Clock, monotonicOriginNs, ThreadClock, wallClock } from '../../base/clock.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { loadSetAffinity } from '../../measure/affinity.ts'
import { readEnvironment } from '../../measure/environment.ts'
import type { Report } from '../../results/schema.ts'
import {
  type Validation,
  VALIDATION_VERSION,
  type ValidationPart,
  type ValidationRow,
} from '../../results/validate.ts'
import { planRun } from '../run/plan.ts'
import type { RunRequest } from '../run/request.ts'
import { runExperiment } from '../run/run.ts'

/** What is measured against queueing theory. */
export interface TheoryPlan {
  /** Numbers of servers. */
  readonly servers: readonly number[]
  /** Shares of the servers' time that services take, 0 … 1. */
  readonly utilisations: readonly number[]
  /** Of each steady state. */
  readonly seconds: number
  /** It is longer where fewer would come in it. @default 0 */
  readonly fewestRequests?: number
  /** So much longer are the scenario's services at shares up to `upTo`. @default as they are */
  readonly longServices?: { readonly upTo: number; readonly times: number }
}

/** What a validation measures. */
export interface ValidationRequest {
  readonly parts: readonly ValidationPart[]
  /** Fewer and shorter trials, under a minute in all, and no band. */
  readonly quick: boolean
  /** @default that of a full or a quick validation */
  readonly theory?: TheoryPlan
  readonly cpus: readonly number[]
  readonly seed: number
  /** A/A runs of each architecture, each at two loads; ten make a band. */
  readonly identicalRuns: number
  /** Runs of each planted difference. */
  readonly plantedRuns: number
  /** Folder that holds `machine.json`: an earlier band judges these A/A runs, and the new one is left there. */
  readonly machineFolder: string
  /** The command line to repeat it. */
  readonly command: string
}

/** What a validation is about to do, for people, and how long that takes. */
export interface ValidationPlan {
  readonly lines: readonly string[]
  readonly seconds: number
}

export type PlannedValidation = ValidationRequest & { readonly plan: ValidationPlan }

/** What a validation tells while it goes on. */
export type ValidationEvent =
  | { readonly kind: 'started'; readonly part: ValidationPart; readonly what: string }
  | { readonly kind: 'row'; readonly row: ValidationRow }

export interface ValidationHooks {
  /** @param doneFraction share of the planned time, 0 … 1. */
  onEvent(event: ValidationEvent, doneFraction: number): void
  /** Called whenever there is something new that must not be lost. */
  save(validation: Validation): void
  readonly signal: AbortSignal
  /** Whether it ends where all trials of a run's first round failed `noise`. @default false */
  readonly endsInNoise?: boolean
}

/** What the parts of a validation share: the request and the growing result. */
export class ValidationState {
  readonly request: PlannedValidation
  readonly validation: Validation
  readonly signal: AbortSignal
  readonly endsInNoise: boolean
  /** Since the validation's start. */
  readonly clock: Clock
  readonly #hooks: ValidationHooks

  constructor(request: PlannedValidation, hooks: ValidationHooks) {
    this.request = request
    this.signal = hooks.signal
    this.endsInNoise = hooks.endsInNoise ?? false
    this.#hooks = hooks
    this.clock = new ThreadClock(monotonicOriginNs())
    this.validation = {
      validationVersion: VALIDATION_VERSION,
      complete: false,
      ending: null,
      startedAt: wallClock().toISOString(),
      elapsedSeconds: 0,
      command: request.command,
      seed: request.seed,
      quick: request.quick,
      environment: readEnvironment(loadSetAffinity() !== null),
      rows: [],
      summaries: [],
      identicalRuns: [],
      notes: [],
      warnings: [],
    }
  }

  started(part: ValidationPart, what: string): void {
    this.#hooks.onEvent({ kind: 'started', part, what }, this.#doneFraction())
  }

  add(row: ValidationRow): void {
    this.validation.rows.push(row)
    this.#hooks.onEvent({ kind: 'row', row }, this.#doneFraction())
    this.save()
  }

  /** Takes what a part comes to. */
  conclude(summary: Validation['summaries'][number]): void {
    this.validation.summaries.push(summary)
    this.save()
  }

  save(): void {
    this.validation.elapsedSeconds = this.clock.nowNs() / NS_PER_SECOND
    this.#hooks.save(this.validation)
  }

  #doneFraction(): number {
    return Math.min(1, this.clock.nowNs() / NS_PER_SECOND / this.request.plan.seconds)
  }
}

/** What a part of a validation decides about a run. */
type RunInside = Pick<
  RunRequest,
  'loaded' | 'arms' | 'comparisons' | 'loads' | 'rounds' | 'metric' | 'durationSeconds' | 'seed'
> &
  Partial<Pick<RunRequest, 'budgetSeconds' | 'planted' | 'flags'>>

/** Confidence of all verdicts of a validation. */
export const LEVEL = 0.95

/** A run over a trace on the processors of the validation, of which nothing is told or saved but its report, returned whole. */
export async function runInside(state: ValidationState, run: RunInside): Promise<Report> {
  const { machineFolder, cpus, command } = state.request
  const request: RunRequest = {
    budgetSeconds: null,
    level: LEVEL,
    precision: null,
    objective: null,
    virtualCores: null,
    transport: { kind: 'replay' },
    machineFolder,
    cpus,
    command,
    profile: 'validate',
    ...run,
  }
  const { signal, endsInNoise } = state
  const hooks = { onEvent: () => {}, save: () => {}, signal, endsInNoise }
  return runExperiment({ ...request, plan: planRun(request) }, hooks)
}
