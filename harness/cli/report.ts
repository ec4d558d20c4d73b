import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { usageError } from '../base/errors.ts'
import { loadReport } from '../results/load.ts'
import { SCHEMA_VERSION } from '../results/schema.ts'
import { executeIndex, type ReportFlags } from './history.ts'
import { addToStepSummary, parseFormats, reportFiles } from './report-formats.ts'
import { verboseOption } from './options.ts'
import { reportText, saveOutput } from './output.ts'
import { renderMarkdown } from '../render/report/render.ts'

const DEFAULT_FORMATS = 'terminal,html'

/**
 * Renders a saved report in the formats asked for. Throws a usage error when it cannot be read or nothing be written.
 * @param path as typed; undefined when nothing was.
 */
export function executeReport(path: string | undefined, flags: ReportFlags): void {
  if (path === undefined) {
    throw usageError(
      'command-line',
      'crossover report needs a report',
      'name the folder of a run, e.g. reports/2026-01-31T12-00-00Z-kv-update; --index shows all there are',
    )
  }
  if (flags.json === true) {
    throw usageError(
      'command-line',
      '--json is for --index',
      'leave it out: a report has its report.json',
    )
  }
  const formats = parseFormats(flags.format ?? DEFAULT_FORMATS)
  const { report, file, schemaVersion } = loadReport(path)
  if (schemaVersion !== SCHEMA_VERSION) {
    console.error(
      `report has schemaVersion ${schemaVersion}: what was not recorded then is shown as not available`,
    )
  }
  const folder = flags.out ?? dirname(file)
  const files = reportFiles(report, formats)
  saveOutput(folder, files)
  if (formats.includes('terminal')) {
    const text = reportText(report, dirname(file), flags.verbose === true)
    console.log(files.length > 0 ? text : text.trimEnd())
  }
  for (const { name } of files) console.log(`report: ${join(folder, name)}`)
  if (formats.includes('markdown')) addToStepSummary(renderMarkdown(report))
}

const NOTES = `
Formats:
  terminal  the result, printed in 25 lines, with --verbose at length; the others are files
  html      report.html, the report to look at
  markdown  report.md for a pull request; in a step of GitHub Actions it is added to the step’s summary, too
  csv       trials.csv, a row per trial with all its figures; stages.csv, a row per stage of each
  hlog      <arm>.hlog, histograms per trial tagged with the load, for the tools of HdrHistogram
  hgrm      <arm>-<load>.hgrm, percentile distributions in microseconds, for the plotter of HdrHistogram

Everything is made from report.json alone; nothing is measured. Reports of earlier versions are read where nothing must be
invented for that.

The index has every run, catalogue, sweep, search, ablation, test of claims, calibration and validation in a folder and
below it, newest first, with a filter by scenario and the ratio over time. It is made anew each time; --out says where the
page goes: a file that ends in .html, or a folder. A file that cannot be read is a row that says why.

Exit codes: 0 made; 2 wrong usage, or no report that can be read.

Examples:
  crossover report reports/2026-01-31T12-00-00Z-kv-update
  crossover report reports/2026-01-31T12-00-00Z-kv-update --verbose
  crossover report old/report.json --format markdown,csv --out exports
  crossover report old/report.json --format all
  crossover report --index
  crossover report --index reports --out overview.html`

/** Where `crossover run` writes unless it is told otherwise. */
const DEFAULT_FOLDER = 'reports'

/** `crossover report`: what a run found, rendered anew, or an index of all runs. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('render the report of a run anew, or export it; or make an index of all runs')
    .argument(
      '[report]',
      'the folder of a run, or its report.json; with --index a folder of runs (default: reports)',
    )
    .option(
      '--format <names>',
      'terminal, html, markdown, csv, hlog, hgrm, separated by commas, or all (default: terminal,html)',
    )
    .option('--index', 'make index.html over all runs in a folder')
    .addOption(verboseOption())
    .option('--json', 'with --index: print its rows as JSON and make no page')
    .option(
      '--out <folder>',
      'where the files go (default: the folder of the report.json); with --index also a file',
    )
    .addHelpText('after', NOTES)
    .action(async (path: string | undefined, flags: ReportFlags) => {
      if (flags.index === true && flags.verbose === true) {
        throw usageError(
          'command-line',
          '--verbose is for one report',
          'leave it out: an index has a line for each',
        )
      }
      if (flags.index === true) await executeIndex(path ?? DEFAULT_FOLDER, flags)
      else executeReport(path, flags)
    })
}
