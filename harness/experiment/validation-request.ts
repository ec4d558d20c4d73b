import type { Validation, ValidationPart, ValidationRow } from '../results/validation.ts'

/** What a validation measures. */
export interface ValidationRequest {
  readonly parts: readonly ValidationPart[]
  /** Fewer and shorter trials, under a minute in all, and no band. */
  readonly quick: boolean
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
}
