/** What commander makes of the flags of `crossover find`; absent where the scenario or a default decides. */
export interface FindFlags {
  /** `theta` or `theta=0..1.2`. */
  readonly over?: string
  /** `50%` or `200000/s`. */
  readonly load?: string
  readonly metric?: string
  /** A share of the range: `10%` or `0.1`. */
  readonly until: string
  /** In all. */
  readonly pairs?: number
  /** Seconds. */
  readonly budget?: number
  /** Seconds. */
  readonly duration?: number
  /** A confidence: `0.95` or `95%`. */
  readonly level: string
  readonly arms?: string
  readonly cpus?: string
  readonly virtualCores?: number
  readonly seed?: number
  /** `name=value` texts. */
  readonly param?: readonly string[]
  /** Folder that gets the search's folder. */
  readonly out: string
  readonly json?: true
}
