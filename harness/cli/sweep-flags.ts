/** What commander makes of the flags of `crossover sweep`; absent where the scenario or a default decides. */
export interface SweepFlags {
  /** `theta=0..1.2`. */
  readonly over?: string
  readonly steps?: number
  /** `50%` or `200000/s`. */
  readonly load?: string
  readonly pairs?: number
  /** Seconds. */
  readonly duration?: number
  readonly metric?: string
  /** A confidence: `0.95` or `95%`. */
  readonly level: string
  readonly throughput?: true
  readonly arms?: string
  /** Seconds. */
  readonly budget?: number
  readonly cpus?: string
  readonly virtualCores?: number
  readonly seed?: number
  /** `name=value` texts. */
  readonly param?: readonly string[]
  /** Folder that gets the sweep's folder. */
  readonly out: string
  readonly json?: true
}
