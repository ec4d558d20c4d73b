import { relative, sep } from 'node:path'
import { KIND_NAMES, KINDS } from '../../results/kinds.ts'
import { counted } from '../../words/format.ts'
import { scenarioAnchor } from '../page/choice.ts'
import { overviewPage } from '../view/page.ts'
import type { RecordCell, RecordRow } from '../view/records.ts'
import type { Head, Section } from '../view/view.ts'
import { type IndexRow, instantText, type ReadRow, type UnreadableRow } from './rows.ts'
import { ratioSeries, ratioText, seriesSection } from './series.ts'

/** By this an earlier index is known, which may be replaced. */
export const INDEX_MARK = '<meta name="generator" content="crossover report --index" />'

/**
 * All measurements of a folder as one HTML page that needs no network and no server: about 2 kB for each.
 * @param rows newest first. @param from the folder in which the page lies: links lead from there.
 */
export function renderIndexPage(rows: readonly IndexRow[], from: string): string {
  const overTime = seriesSection(ratioSeries(rows))
  const sections = [...(overTime === null ? [] : [overTime]), recordSection(rows, from)]
  return overviewPage(indexHead(rows), sections, INDEX_MARK)
}

function indexHead(rows: readonly IndexRow[]): Head {
  const answer = indexSentence(rows)
  return {
    title: `crossover: ${answer}`,
    eyebrow: 'crossover · index of reports',
    answer,
    partial: unreadableSentence(rows),
    marked: null,
    further: [],
    question: null,
  }
}

/** The whole index in a sentence: `36 runs of 21 scenarios, 2 catalogues; the newest began 2026-… UTC: kv-update.` */
export function indexSentence(rows: readonly IndexRow[]): string {
  const read = rows.filter((row) => row.state === 'read')
  if (read.length === 0) return 'No run can be read.'
  const counts = KIND_NAMES.flatMap((kind) => {
    const ofKind = read.filter((row) => row.kind === kind)
    if (ofKind.length === 0) return []
    if (kind === 'run') return runsText(ofKind)
    return `${ofKind.length} ${ofKind.length === 1 ? kind : KINDS[kind].plural}`
  })
  return `${counts.join(', ')}${newestText(read)}.`
}

/** `2 files cannot be read: their rows say why.`; null when all could be. */
export function unreadableSentence(rows: readonly IndexRow[]): string | null {
  const count = rows.filter(({ state }) => state === 'unreadable').length
  if (count === 0) return null
  return `${counted(count, 'file')} cannot be read: ${count === 1 ? 'its row says' : 'their rows say'} why.`
}

function runsText(runs: readonly ReadRow[]): string {
  const scenarios = new Set(runs.flatMap((row) => row.scenarios))
  return `${counted(runs.length, 'run')} of ${counted(scenarios.size, 'scenario')}`
}

function newestText([newest]: readonly ReadRow[]): string {
  if (newest === undefined || newest.startedAt === null) return ''
  const [scenario] = newest.scenarios
  const what =
    newest.scenarios.length === 1 && scenario !== undefined ? scenario : `a ${newest.kind}`
  return `; the newest began ${instantText(newest.startedAt)}: ${what}`
}

/** All rows in their order, each with a link to its page, or to its JSON where it has none. */
function recordSection(rows: readonly IndexRow[], from: string): Section {
  return {
    id: 'runs',
    link: 'all runs',
    title: 'All runs, newest first',
    blocks: [
      {
        kind: 'records',
        caption: 'The ratio is second arm ÷ first arm.',
        columns: [
          'started',
          'scenario',
          'kind',
          'arms',
          'what was found',
          'ratio',
          'machine',
          'warnings',
        ],
        rows: rows.map((row) => recordRow(row, from)),
      },
    ],
  }
}

function recordRow(row: IndexRow, from: string): RecordRow {
  const { startedAt, scenarios, page, file } = row
  const start = startedAt === null ? 'unknown' : instantText(startedAt)
  return {
    scenarios,
    cells: [
      { text: page === null ? `${start} (JSON)` : start, address: linkTo(page ?? file, from) },
      scenarioCell(scenarios),
      ...(row.state === 'read' ? readCells(row) : unreadableCells(row)),
    ],
  }
}

function readCells(row: ReadRow): readonly RecordCell[] {
  const { kind, profile, arms, sentence, notices, ratios, machine, warnings } = row
  return [
    { text: profile === null ? kind : `${kind}, ${profile}` },
    // The whole chain of an ablation would fill a page.
    { text: arms.length === 0 ? null : arms.length > 2 ? `${arms.length} arms` : arms.join(', ') },
    { text: sentence, alarms: notices },
    { figures: ratios.map(({ subject, ratio }) => [subject, ratioText(ratio)]) },
    { text: machine && `${machine.cpu}, ${counted(machine.cores, 'core')}` },
    { text: warnings === null ? null : String(warnings) },
  ]
}

function unreadableCells({ kind, problem }: UnreadableRow): readonly RecordCell[] {
  return [
    { text: kind },
    { alarms: [`cannot be read: ${problem}`], span: { columns: 5, name: 'problem' } },
  ]
}

function scenarioCell(scenarios: readonly string[]): RecordCell {
  const [scenario, ...others] = scenarios
  if (scenario === undefined) return {}
  return others.length === 0
    ? { text: scenario, address: `#${scenarioAnchor(scenario)}` }
    : { text: `${scenarios.length} scenarios` }
}

/** Every part is encoded: no name can become an address with a scheme. */
function linkTo(path: string, from: string): string {
  return relative(from, path)
    .split(sep)
    .map((part) => encodeURIComponent(part))
    .join('/')
}
