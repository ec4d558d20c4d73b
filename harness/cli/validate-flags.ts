/** What commander makes of the flags of `crossover validate`. */
export interface ValidateFlags {
  readonly quick?: true
  /** Parts, separated by commas. */
  readonly only?: string
  /** Also whether verdicts depend on flags of the runtime. */
  readonly engine?: true
  readonly aaRuns?: number
  readonly plantedRuns?: number
  readonly cpus?: string
  readonly seed?: number
  /** Folder that gets the validation's folder and `machine.json`. */
  readonly out: string
  readonly json?: true
}
