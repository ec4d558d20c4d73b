import { NS_PER_SECOND } from '../base/units.ts'
import { type Clock, monotonicOriginNs, ThreadClock, wallClock } from '../base/clock.ts'
import { loadSetAffinity } from '../measure/affinity.ts'
import { readEnvironment } from '../measure/environment.ts'
import {
  type Validation,
  type ValidationPart,
  VALIDATION_VERSION,
  type ValidationRow,
} from '../results/validation.ts'
import type { ValidationHooks, ValidationRequest } from './validation-request.ts'

/** What the parts of a validation share: the request and the growing result. */
export class ValidationState {
  readonly request: ValidationRequest
  readonly validation: Validation
  readonly signal: AbortSignal
  /** Since the validation's start. */
  readonly clock: Clock
  readonly #hooks: ValidationHooks
  readonly #plannedSeconds: number

  constructor(request: ValidationRequest, hooks: ValidationHooks, plannedSeconds: number) {
    this.request = request
    this.signal = hooks.signal
    this.#hooks = hooks
    this.#plannedSeconds = plannedSeconds
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

  save(): void {
    this.validation.elapsedSeconds = this.clock.nowNs() / NS_PER_SECOND
    this.#hooks.save(this.validation)
  }

  #doneFraction(): number {
    return Math.min(1, this.clock.nowNs() / NS_PER_SECOND / this.#plannedSeconds)
  }
}
