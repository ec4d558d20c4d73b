import type { Calibration } from '../../results/calibration.ts'
import type { CalibrationPlan } from './calibration-plan.ts'

/** What a calibration measures, and how long. */
export interface CalibrationRequest {
  /** The first one runs what needs one thread, the first two what needs two. */
  readonly cpus: readonly number[]
  readonly plan: CalibrationPlan
  /** The command line to repeat it. */
  readonly command: string
}

export interface CalibrationHooks {
  /** Tells what is being measured. @param doneFraction share of the planned time, 0 … 1. */
  onProgress(what: string, doneFraction: number): void
  /** Called after every round over two threads, and at the end, however it came. */
  save(calibration: Calibration): void
  readonly signal: AbortSignal
}
