/** What commander makes of the flags of `crossover run`; absent where the profile or a default decides. */
export interface RunFlags {
  readonly arms?: string
  readonly loads?: string
  /** `<percentile>=<time>`. */
  readonly slo?: string
  readonly pairs?: number
  /** A share: `10%` or `0.1`. */
  readonly untilPrecise?: string
  readonly metric: string
  /** A confidence: `0.95` or `95%`. */
  readonly level: string
  /** Seconds. */
  readonly duration?: number
  /** Seconds. */
  readonly budget?: number
  readonly cpus?: string
  readonly virtualCores?: number
  readonly transport: string
  /** In all. */
  readonly connections?: number
  readonly pipelining?: number
  readonly tcpPort?: number
  readonly seed?: number
  readonly profile: string
  /** Folder that gets the report's folder. */
  readonly out: string
  readonly json?: true
  /** `name=value` texts. */
  readonly param?: readonly string[]
  readonly idle?: string
  readonly permits?: string
  readonly stagedLayout?: string
  readonly stagedInline?: string
  /** False behind `--no-reference`. */
  readonly reference: boolean
}
