/** What the command line of `crossover compare` says. */
export interface CompareFlags {
  /** A confidence: `0.95` or `95%`. */
  readonly level: string
  /** `other`, `none`, or an arm. */
  readonly control: string
  /** Limits as typed. */
  readonly failIf?: readonly string[]
  /** `terminal` or `markdown`. */
  readonly format: string
  readonly json?: true
}
