import type { Command } from 'commander'
import { executeReport } from './execute-report.ts'
import type { ReportFlags } from './report-flags.ts'

const NOTES = `
Formats:
  terminal  the summary, printed; the others are files
  html      report.html, the report to look at
  markdown  report.md for a pull request; in a step of GitHub Actions it is added to the step’s summary, too
  csv       trials.csv, a row per trial with all its figures
  hlog      <arm>.hlog, histograms per trial tagged with the load, for the tools of HdrHistogram
  hgrm      <arm>-<load>.hgrm, percentile distributions in microseconds, for the plotter of HdrHistogram

Everything is made from report.json alone; nothing is measured. Reports of earlier versions are read where nothing must be
invented for that.

Exit codes: 0 made; 2 wrong usage, or no report that can be read.

Examples:
  crossover report reports/2026-01-31T12-00-00Z-kv-update
  crossover report old/report.json --format markdown,csv --out exports
  crossover report old/report.json --format all`

/** `crossover report`: what a run found, rendered anew. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('render the report of a run anew, or export it')
    .argument('<report>', 'the folder of a run, or its report.json')
    .option(
      '--format <names>',
      'terminal, html, markdown, csv, hlog, hgrm, separated by commas, or all',
      'terminal,html',
    )
    .option('--out <folder>', 'where the files go (default: the folder of the report.json)')
    .addHelpText('after', NOTES)
    .action((path: string, flags: ReportFlags) => executeReport(path, flags))
}
