import type { SetAffinity } from '../../measure/affinity.ts'
import type { Figures } from './figures.ts'

/** What both parts of a calibration share. */
export interface CalibrationContext {
  readonly originNs: bigint
  readonly cpus: readonly number[]
  /** Null when threads cannot be pinned. */
  readonly setAffinity: SetAffinity | null
  /** Grows. */
  readonly figures: Figures
  readonly signal: AbortSignal
  /** Since the calibration's start. */
  readonly elapsedSeconds: () => number
  readonly tell: (what: string) => void
  /** Called after a round. */
  readonly save: () => void
}
