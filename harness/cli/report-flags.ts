/** What the command line of `crossover report` says. */
export interface ReportFlags {
  /** As typed: names of formats, separated by commas, or `all`. @default terminal,html */
  readonly format?: string
  /** @default the folder of the report.json; with `index` the folder of the runs */
  readonly out?: string
  /** An index over all runs in a folder, in place of one report. */
  readonly index?: true
  /** With `index`: its rows as JSON, and no page. */
  readonly json?: true
}
