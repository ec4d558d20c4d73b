import { gzipSync } from 'node:zlib'
import type { Load, Report } from '../../results/schema.ts'
import {
  BYTES,
  formatHash,
  formatQuantity,
  formatSeconds,
  formatShare,
  formatVersion,
  formatWhole,
  PER_SECOND,
} from '../../words/format.ts'
import { GLOSSARY, type GlossaryWord } from '../../words/glossary.ts'
import { ofClass } from '../../words/metrics.ts'
import { entryIf, valuesText } from '../view/measured.ts'
import { type Block, type DownloadBlock, type Entry, textBlock } from '../view/view.ts'
import { precisionText, transportText } from './notices.ts'
import type { SectionsOf } from './pair-figures.ts'

/** Which log's requests were played; null when they were drawn. */
export function traceText({ run, loads }: Pick<Report, 'run' | 'loads'>): string | null {
  const { trace } = run
  if (trace === undefined) return null
  const { file, sha256, requests, keys, perSecond } = trace
  return `${file} (SHA-256 ${sha256}…): ${formatWhole(requests)} requests of ${formatWhole(keys)} keys, ${formatQuantity(perSecond, PER_SECOND)} by themselves${loads.map((load) => partsText(load, run.durationSeconds)).join('')}`
}

const MOST_PARTS_NAMED = 8

/** Where in a log each round began at a load, and how fast its requests were there; empty where none was played. */
function partsText({ label, sets }: Load, durationSeconds: number): string {
  const parts = sets.flatMap(({ part }) => part ?? [])
  if (parts.length === 0) return ''
  const rates = parts.map(({ requests }) => requests / durationSeconds)
  const rate = [Math.min(...rates), Math.max(...rates)].map((one) =>
    formatQuantity(one, PER_SECOND),
  )
  const begins = parts.slice(0, MOST_PARTS_NAMED).map(({ fromSeconds }) => fromSeconds.toFixed(1))
  const others = parts.length > begins.length ? ' …' : ''
  return `; at ${label} rounds began at ${begins.join(', ')}${others} s of it and had ${[...new Set(rate)].join(' to ')}`
}

/** What was asked of the servers, where a trace says so. */
export const requestSections: SectionsOf = ({ report }) => {
  const text = traceText(report)
  return text === null ? [] : [{ title: 'Requests', blocks: [textBlock(text)] }]
}

/** How to get these numbers again; in Markdown with the machine, which a page has in a section of its own. */
export const repeatSections: SectionsOf = ({ report, medium }) => {
  const conditions: Block =
    medium === 'page'
      ? { kind: 'terms', entries: conditionEntries(report) }
      : textBlock(machineText(report))
  return [
    {
      id: 'repeat',
      title: 'Run it again',
      blocks: [{ kind: 'code', text: report.run.command }, conditions],
    },
  ]
}

function machineText(report: Report): string {
  const { environment, run } = report
  return [
    `${environment.cpu}, ${environment.cores} cores`,
    `${environment.platform}, kernel ${environment.kernel}`,
    `node ${environment.node}`,
    `crossover ${formatVersion(environment)}`,
    transportText(report),
    `seed ${run.seed}`,
  ].join('; ')
}

function conditionEntries(report: Report): readonly Entry[] {
  const { run, scenario, arms } = report
  return [
    ['seed', String(run.seed)],
    [
      'verdict on',
      `${ofClass(run.metric, run.requestClass).label}, ${formatShare(run.level)} confidence`,
    ],
    ['rounds planned', String(run.plannedRounds)],
    ...entryIf('precision', precisionText(report)),
    ['steady state of a trial', `${run.durationSeconds} s`],
    ['processors', run.cpus.join(', ')],
    ['transport', transportText(report)],
    ...entryIf('requests', traceText(report)),
    ['profile', run.profile],
    ['took', formatSeconds(run.elapsedSeconds, 1)],
    ...arms.map(({ label, options }): Entry => [label, valuesText(options, 'defaults')]),
    ['parameters', valuesText(scenario.params, 'defaults')],
    ...entryIf('files of the scenario', sourcesText(scenario)),
    ...entryIf('claim', scenario.claim),
  ]
}

/** `kv-update.ts (SHA-256 1f2e3d4c5b…)`; null in older reports. */
function sourcesText({ sources }: Report['scenario']): string | null {
  if (sources === undefined) return null
  const files = Object.entries(sources)
  return files.map(([file, sha256]) => `${file} (SHA-256 ${formatHash(sha256)})`).join(', ')
}

/** Keeps the page below 1 MB: the library takes 0.32, charts, tables and texts of a large run up to 0.25. */
const MOST_CHARACTERS = 420_000

/** Everything that was measured, to take away: `report.json` as a run writes it, compressed. About 0.1 s per MB. */
export function packedReport(report: Report): DownloadBlock['files'][number] {
  const json = Buffer.from(`${JSON.stringify(report, undefined, 1)}\n`)
  const base64 = gzipSync(json, { level: 9 }).toString('base64')
  const size = formatQuantity(json.length, BYTES)
  return base64.length > MOST_CHARACTERS
    ? { file: 'report.json', text: `report.json (${size}, beside this page)`, base64: null }
    : { file: 'report.json', text: `report.json (${size})`, base64 }
}

/** The words and signs of a page. */
export const glossarySections: SectionsOf = () => {
  const entries = PAGE_WORDS.map((word): Entry => [word, GLOSSARY[word]])
  return [{ id: 'glossary', title: 'How to read this', blocks: [{ kind: 'terms', entries }] }]
}

const PAGE_WORDS: readonly GlossaryWord[] = [
  'arm',
  'round',
  'pair',
  'gate',
  'sustained',
  'saturated throughput',
  'latency',
  'p99',
  '> 1.20 s',
  '0.31× (0.26–0.38)',
  'A/A band',
  'gap',
  'hiccup',
  'range',
  '–',
]
