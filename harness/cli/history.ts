import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { usageError } from '../base/errors.ts'
import {
  closedRow,
  type IndexRow,
  readRow,
  sortedRows,
  unreadableRow,
} from '../render/history/rows.ts'
import {
  INDEX_MARK,
  indexSentence,
  renderIndexPage,
  unreadableSentence,
} from '../render/history/view.ts'
import { plain } from '../render/terminal/text.ts'
import { findMeasurements, type IndexSource, loadMeasurement } from '../results/history.ts'
import { commandOf } from './measuring.ts'
import { printJson, saveOutput } from './output.ts'

/**
 * A row for each measurement in a folder and below it, newest first. Files are read one at a time and only rows are kept; a
 * file that cannot be read or shown becomes a row that says so. Throws a usage error when the folder cannot be read or holds
 * nothing.
 */
export async function gatherIndex(folder: string): Promise<readonly IndexRow[]> {
  const { sources, closed } = findMeasurements(folder)
  return sortedRows([
    ...(await Promise.all(sources.map(rowOf))),
    ...closed.map(({ folder: path, failure }) => closedRow(path, failure)),
  ])
}

async function rowOf(source: IndexSource): Promise<IndexRow> {
  const { view } = await commandOf(source.kind)
  try {
    const measurement = loadMeasurement(source)
    // The table of kinds pairs each with what shows it.
    return readRow(source, measurement, view && view(measurement.content as never))
  } catch (failure) {
    return unreadableRow(source, failure)
  }
}

/** What the command line of `crossover report` says. */
export interface ReportFlags {
  /** The terminal’s text at length. */
  readonly verbose?: true
  /** As typed: names of formats, separated by commas, or `all`. @default terminal,html */
  readonly format?: string
  /** @default the folder of the report.json; with `index` the folder of the runs */
  readonly out?: string
  /** An index over all runs in a folder, in place of one report. */
  readonly index?: true
  /** With `index`: its rows as JSON, and no page. */
  readonly json?: true
}

const PAGE_FILE = 'index.html'

/**
 * Makes the page over all measurements in a folder, or prints them as JSON. Throws a usage error when there are none, none
 * can be read, or the page cannot be written.
 */
export async function executeIndex(folder: string, flags: ReportFlags): Promise<void> {
  refuseOtherFlags(flags)
  if (flags.json === true) {
    printJson(indexJson(await gatherIndex(folder)))
    return
  }
  const page = pagePath(flags.out ?? folder)
  const rows = await gatherIndex(folder)
  refuseOtherPage(page)
  const [into, name] = [dirname(page), basename(page)]
  saveOutput(into, [{ name, content: renderIndexPage(rows, into) }])
  if (!rows.some(({ state }) => state === 'read')) {
    throw usageError(
      'nothing-read',
      `none of ${rows.length} results in ${folder} can be read; ${page} says why of each`,
      'make them anew, or name another folder',
    )
  }
  const unreadable = unreadableSentence(rows)
  if (unreadable !== null) console.error(`warning: ${unreadable}`)
  console.log(`${plain(indexSentence(rows))}\n\nindex: ${page}`)
}

/** What `--json` prints: an array, newest first. A file that cannot be read has `problem` in place of what it holds. */
function indexJson(rows: readonly IndexRow[]): string {
  return JSON.stringify(rows, undefined, 2)
}

function refuseOtherFlags({ format, json, out }: ReportFlags): void {
  if (format !== undefined) {
    throw usageError(
      'conflict',
      `--index and --format ${format} exclude each other`,
      'leave out one: the index is a page, or with --json its rows',
    )
  }
  if (json === true && out !== undefined) {
    throw usageError(
      'conflict',
      `--json and --out ${out} exclude each other`,
      'leave out one: --json prints the rows and makes no page',
    )
  }
}

/** A name that ends in `.html` is the page itself, unless it is a folder; everything else is the folder for it. */
function pagePath(out: string): string {
  const isFolder = statSync(out, { throwIfNoEntry: false })?.isDirectory() ?? false
  return extname(out) === '.html' && !isFolder ? out : join(out, PAGE_FILE)
}

/** An earlier index is replaced; a page that is none, such as that of a catalogue, never. */
function refuseOtherPage(page: string): void {
  if (!existsSync(page) || statSync(page).isDirectory()) return
  if (readFileSync(page, 'utf8').includes(INDEX_MARK)) return
  throw usageError(
    'index-other-page',
    `there is a page already that is no index of runs: path=${page}`,
    'choose another place: --out <file.html or folder>',
  )
}
