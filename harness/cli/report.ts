import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Command } from 'commander'
import { usageError } from '../base/errors.ts'
import { renderCataloguePage } from '../render/catalogue.ts'
import { markdownView } from '../render/view/markdown.ts'
import { pageView } from '../render/view/page.ts'
import { terminalView } from '../render/view/terminal.ts'
import type { Told, View } from '../render/view/view.ts'
import { type IndexSource, loadMeasurement } from '../results/history.ts'
import { KIND_NAMES, KINDS } from '../results/kinds.ts'
import { loadReport } from '../results/load.ts'
import { SCHEMA_VERSION } from '../results/schema.ts'
import { executeIndex, type ReportFlags } from './history.ts'
import { addToStepSummary, parseFormats, reportFiles } from './report-formats.ts'
import { verboseOption } from './options.ts'
import { commandOf } from './measuring.ts'
import { reportText, saveOutput, stdoutOptions } from './output.ts'
import { renderMarkdown } from '../render/report/render.ts'

const DEFAULT_FORMATS = 'terminal,html'

/**
 * Renders what a measurement saved in the formats asked for. Throws a usage error when it cannot be read or nothing be written.
 * @param path as typed; undefined when nothing was.
 */
export async function executeReport(path: string | undefined, flags: ReportFlags): Promise<void> {
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
  const source = otherSource(path)
  if (source !== null) return showMeasurement(source, formats, flags)
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

/** What lies there that is no run; null for a run, and for what is nothing of crossover: reading that as a report says why. */
function otherSource(path: string): IndexSource | null {
  const found = KIND_NAMES.filter((kind) => kind !== 'run').flatMap((kind) => {
    const name = KINDS[kind].file
    const file = basename(path) === name ? path : join(path, name)
    return existsSync(file) ? [{ kind, file, page: KINDS[kind].page }] : []
  })
  return existsSync(join(path, KINDS.run.file)) ? null : (found[0] ?? null)
}

/** Of a measurement that is no run: its text, its page, its Markdown; it has no other formats. */
async function showMeasurement(
  source: IndexSource,
  formats: ReturnType<typeof parseFormats>,
  { out, format, verbose }: ReportFlags,
): Promise<void> {
  const { kind, file } = source
  const { what, page } = KINDS[kind]
  const ofRuns = formats.filter((name) => !MEASUREMENT_FORMATS.has(name))
  const refused = verbose === true ? '--verbose' : ofRuns.map((name) => `--format ${name}`)[0]
  if (refused !== undefined && format !== 'all')
    throw usageError(
      'command-line',
      `${refused} is for runs, and ${file} is ${what}`,
      `leave it out; ${[...MEASUREMENT_FORMATS].join(', ')} are made of it`,
    )
  const measurement = loadMeasurement(source)
  const { view } = await commandOf(kind)
  const told = view?.(measurement.content as never)
  const whole = told !== undefined && hasPage(told) ? told : null
  const contents = {
    html:
      measurement.kind === 'catalogue'
        ? renderCataloguePage(measurement.content)
        : whole && pageView(whole),
    markdown: whole && markdownView(whole, whole.sections),
  }
  const names = { html: page, markdown: basename(KINDS[kind].file, '.json') + '.md' }
  const files = (['html', 'markdown'] as const).flatMap((made) => {
    const [name, content] = [names[made], contents[made]]
    return name === null || content === null || !formats.includes(made) ? [] : [{ name, content }]
  })
  const folder = out ?? dirname(file)
  saveOutput(folder, files)
  if (told !== undefined && formats.includes('terminal'))
    console.log(`${terminalView(told, stdoutOptions())}\n`)
  for (const { name } of files) console.log(`${KINDS[kind].thing}: ${join(folder, name)}`)
}

function hasPage(told: Told): told is View {
  return 'conditions' in told
}

/** Formats of what is no run. */
const MEASUREMENT_FORMATS: ReadonlySet<string> = new Set(['terminal', 'html', 'markdown'])

const NOTES = `
Formats:
  terminal  the result, printed in 25 lines, with --verbose at length; the others are files
  html      report.html, the report to look at
  markdown  report.md for a pull request; in a step of GitHub Actions it is added to the step’s summary, too
  csv       trials.csv, a row per trial with all its figures; stages.csv, a row per stage of each
  hlog      <arm>.hlog, histograms per trial tagged with the load, for the tools of HdrHistogram
  hgrm      <arm>-<load>.hgrm, percentile distributions in microseconds, for the plotter of HdrHistogram

Everything is made from report.json alone; nothing is measured. Of a sweep, a search, an ablation, a test of claims and a
catalogue their page, text and Markdown are made anew likewise. Reports of earlier versions are read where nothing must be
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
    .description(
      'render the report of a run or another measurement anew, or export it; or make an index of all runs',
    )
    .argument(
      '[report]',
      'the folder of a run or another measurement, or its JSON; with --index a folder of runs (default: reports)',
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
      else await executeReport(path, flags)
    })
}
