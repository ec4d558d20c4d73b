/** What commander makes of the flags of `crossover ablate`. */
export interface AblateFlags {
  /** Arms as behind `--arms`, separated by commas. */
  readonly chain?: string
  /** `50%` or `200000/s`. */
  readonly load: string
  readonly rounds?: number
  /** A confidence: `0.95` or `95%`. */
  readonly level: string
  /** Seconds. */
  readonly duration?: number
  /** Seconds. */
  readonly budget?: number
  readonly cpus?: string
  readonly seed?: number
  /** `name=value` texts. */
  readonly param?: readonly string[]
  /** Folder that gets the ablation's folder. */
  readonly out: string
  readonly json?: true
}
