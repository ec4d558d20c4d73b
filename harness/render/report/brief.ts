import { type PairReport, pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import {
  counted,
  formatPercent,
  formatQuantity,
  formatSpan,
  PER_SECOND,
} from '../../words/format.ts'
import {
  indented,
  type Paint,
  paintFor,
  plain,
  type TerminalOptions,
  textColumns,
  wrap,
} from '../terminal/text.ts'
import { slowestKinds } from './attribution-rows.ts'
import { alsoText, answerOf, furtherAnswer, type Names } from './brief-answer.ts'
import { briefDoubts } from './brief-doubts.ts'
import { type Further, nextLines } from './brief-next.ts'
import { briefTable, comparableLoad } from './brief-rows.ts'
import { roundCount } from './brief-standing.ts'
import { middleLoad } from './notices.ts'

/** Characters of a line, whatever the terminal has. */
const WIDEST = 80
/** With the line behind it that says where the page is: what a terminal of 25 lines shows at once. */
const MOST_LINES = 24
/** Of the loads that this holds for: each further one may have a line in the table, and one in each further comparison. */
const USUAL_LOADS = 3
/** Lines of doubts for which everything else makes room. */
const USUAL_DOUBTS = 3

/** What is left out where there is no room, in this order. */
const OPTIONAL = ['question', 'causes', 'cost', 'gaps', 'servers'] as const
type Optional = (typeof OPTIONAL)[number]

interface Parts {
  readonly report: Report
  readonly pair: PairReport
  readonly names: Names
  readonly columns: number
  readonly paint: Paint
}

/**
 * The end of a run for a terminal: the answer, the figures behind it, one line for each cause to doubt them, and the commands that go
 * on. At most 24 lines of 80 columns with up to three loads; ends without a line break. Everything else is in `renderTerminal`.
 */
export function renderBrief(report: Report, options: TerminalOptions, further: Further): string {
  const columns = Math.min(WIDEST, textColumns(options))
  const pair = pairReport(report)
  const paint = paintFor(options)
  const parts: Parts = { report, pair, names: shortNames(report), columns, paint }
  const ending = ['', ...nextLines(report, pair, further, columns)]
  const more = Math.max(0, report.loads.length - USUAL_LOADS) * report.comparisons.length
  const most = MOST_LINES + more - ending.length
  const { grave, light } = briefDoubts(report, parts.names)
  const marked = (colour: 'red' | 'yellow', texts: readonly string[]) =>
    texts.map((text) => paint(colour, `! ${wrap(whole(text), columns, 2)}`).split('\n'))
  const [alarms, doubts] = [marked('red', grave).flat(), marked('yellow', light)]
  const least = Math.min(USUAL_DOUBTS, doubts.flat().length)
  const told = Array.from({ length: OPTIONAL.length + 1 }, (_, left) =>
    linesOf(parts, new Set(OPTIONAL.slice(left)), alarms),
  )
  const lines = told.find((some) => some.length + least <= most) ?? told.at(-1)!
  const text = [...lines, ...fitted(doubts, most - lines.length), ...ending].join('\n')
  return text.replaceAll(UNBROKEN, ' ')
}

const UNBROKEN = '\u00a0'

/** Keeps `80 %` on one line. */
function whole(text: string): string {
  return text.replaceAll(' %', `${UNBROKEN}%`)
}

/** As many doubts as there is room for, and how many there are besides; one at least. */
function fitted(doubts: readonly (readonly string[])[], room: number): readonly string[] {
  if (doubts.flat().length <= room) return doubts.flat()
  let shown = 0
  while (shown < doubts.length && doubts.slice(0, shown + 1).flat().length < room) shown++
  shown = Math.max(1, shown)
  const left = doubts.length - shown
  const more = left === 0 ? [] : [`! ${counted(left, 'more cause')} of doubt: see figures`]
  return [...doubts.slice(0, shown).flat(), ...more]
}

/** Everything above the doubts. */
function linesOf(
  parts: Parts,
  optional: ReadonlySet<Optional>,
  alarms: readonly string[],
): readonly string[] {
  const { report, pair, names, columns, paint } = parts
  const shown = comparableLoad(pair)
  const gap = optional.has('gaps') ? [''] : []
  const sure = report.loads
    .find(({ label }) => label === shown?.label)
    ?.comparisons[0]?.sure.find(({ metric }) => metric === 'p50')?.ratio
  const also = alsoText(pair, shown, sure ?? null, names)
  const others = report.comparisons
    .slice(1)
    .map((_, index) =>
      indented(whole(furtherAnswer(pairReport(report, index + 1), names)), columns),
    )
  return [
    headText(parts),
    ...(optional.has('question') ? [indented(report.scenario.question, columns)] : []),
    '',
    ...alarms,
    paint('bold', indented(whole(answerOf(pair, names)), columns)),
    ...(also === null ? [] : [indented(whole(also), columns)]),
    ...gap,
    ...briefTable(pair, names, optional.has('cost'), columns, paint),
    ...others,
    ...(optional.has('servers') ? [...gap, ...serverLines(parts, optional.has('causes'))] : []),
    '',
  ].flatMap((text) => text.split('\n'))
}

function headText({ report: { run, scenario }, pair, paint }: Parts): string {
  const facts = [
    run.virtualCores === null
      ? counted(run.cpus.length, 'processor')
      : `${run.virtualCores} virtual cores`,
    ...(run.transport.kind === 'http'
      ? [`HTTP, ${counted(run.transport.connections, 'connection')}`]
      : []),
    counted(roundCount(pair), 'round'),
    formatSpan(run.elapsedSeconds),
  ]
  const name = plain(scenario.name)
  return `${paint('bold', name)} · ${facts.join(' · ')}`
}

type Arm = Report['arms'][number]

const ARCHITECTURE_TEXTS: Readonly<Record<Arm['architecture'], string>> = {
  staged: 'pools of threads, queues between stages, shared data under locks',
  sharded: 'one thread per core owns a part of the data, sends messages',
}
const FUSED_TEXT = 'one pool of threads, each runs all stages'

/** What the slowest requests waited for, by the kind of the longest part. */
const CAUSE_TEXTS: Readonly<Record<string, string>> = {
  'ingress wait': 'waited until a thread looked at them',
  'queue wait': 'waited in queues between stages',
  'mailbox wait': 'waited for another core to read its messages',
  'lock wait': 'waited for locks',
  'batch wait': 'waited for the rest of their batch',
  service: 'were being worked on',
  'declared wait': 'waited as the scenario has it',
  'off-load': 'waited for off-loaded work',
  legs: 'waited for their parts',
  'slice wait': 'waited for their next slice',
  egress: 'waited for their reply to be taken',
}

/** Who the servers are, and what their slowest requests waited for. */
function serverLines(
  { report, pair, names, columns }: Parts,
  withCauses: boolean,
): readonly string[] {
  const middle = comparableLoad(pair) ?? middleLoad(pair)
  const kinds = withCauses && middle !== undefined ? slowestKinds(pair, middle) : []
  const width = Math.max(...[...names.values()].map(({ length }) => length)) + 2
  return report.arms.flatMap((arm) => {
    const name = names.get(arm.label) ?? arm.label
    const isFused = arm.options['layout'] === 'fused' && arm.architecture === 'staged'
    const capacity = report.capacity?.sustained[arm.label]
    const isInTable = pair.arms.some(({ label }) => label === arm.label)
    const sustains =
      isInTable || capacity === undefined
        ? ''
        : `; capacity ${formatQuantity(capacity.value, PER_SECOND)}`
    // A name that stands for a longer label has it told here.
    const label = name === arm.label || isFused ? '' : `${arm.label}: `
    const text = label + (isFused ? FUSED_TEXT : ARCHITECTURE_TEXTS[arm.architecture]) + sustains
    const cause = kinds[pair.arms.findIndex((one) => one.label === arm.label)]
    const causeLine = cause
      ? [
          `  ${' '.repeat(width)}${formatPercent(cause[1], 0)} of its slowest 1 % ${CAUSE_TEXTS[cause[0]] ?? cause[0]}`,
        ]
      : []
    return [`  ${name.padEnd(width)}${wrap(text, columns, width + 2)}`, ...causeLine]
  })
}

const LONGEST_NAME = 12

/**
 * A name of each server that fits into a column: its label, or its architecture where it is the only one, or what sets it apart; else
 * its architecture and its place.
 */
function shortNames({ arms }: Report): Names {
  const taken = new Set<string>()
  const named = arms.map((arm, place) => {
    const { label, architecture } = arm
    const [, ...options] = plain(label).split(':')
    const isOnly = arms.filter((other) => other.architecture === architecture).length === 1
    const value = options.length === 1 ? (/=([a-z][a-z-]+)$/.exec(options[0]!)?.[1] ?? '') : ''
    const name = [
      plain(label),
      isOnly ? architecture : '',
      ['on', 'off', 'both', 'true', 'false'].includes(value) ? '' : value,
      `${architecture} ${place + 1}`,
    ].find((one) => one !== '' && one.length <= LONGEST_NAME && !taken.has(one))
    taken.add(name ?? label)
    return [label, name ?? label] as const
  })
  return new Map(named)
}
