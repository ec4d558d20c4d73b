/** What commander makes of the flags of `crossover serve`. */
export interface ServeFlags {
  /** TCP port; 0 for any. */
  readonly port: number
  readonly host: string
  readonly scenario: string
  /** `name=value` texts. */
  readonly param?: readonly string[]
  readonly cpus?: string
}
