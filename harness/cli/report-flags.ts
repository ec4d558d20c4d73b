/** What the command line of `crossover report` says. */
export interface ReportFlags {
  /** As typed: names of formats, separated by commas, or `all`. */
  readonly format: string
  /** @default the folder of the report.json */
  readonly out?: string
}
